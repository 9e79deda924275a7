// What the site adds to the page's style: the bar on top, the way to the neighbours, the contents.

export const SITE_STYLE = `
.skip { position: absolute; left: -200vw; }
.skip:focus { left: 12px; top: 12px; z-index: 9; background: var(--paper); padding: .4em .8em; }
.bar {
  display: flex; align-items: center; gap: 8px 28px; max-width: calc(var(--wide) + 48px);
  margin: 0 auto; padding: 20px 24px 0; font-size: 15px;
}
.bar a { color: var(--muted); text-decoration: none; }
.bar a:hover { color: var(--accent); }
.home { display: inline-flex; align-items: center; gap: 10px; font-weight: 650; letter-spacing: -.01em; }
.home img { margin: 0; width: 28px; height: 28px; }
.bar .home { color: var(--ink); }
.language { margin-left: auto; padding: 6px 0; white-space: nowrap; }
.numbers ol { display: flex; gap: 2px; margin: 0; padding: 0; list-style: none; }
.numbers li { margin: 0; }
.numbers a {
  display: grid; place-items: center; width: 32px; height: 32px; border-radius: 50%;
  font-variant-numeric: tabular-nums;
}
.numbers a:hover { background: var(--wash); }
.numbers a[aria-current] { background: var(--accent); color: var(--paper); font-weight: 650; }
.lesson main { padding-top: 56px; }

.neighbours {
  display: flex; justify-content: space-between; gap: 16px; flex-wrap: wrap;
  max-width: var(--column); margin: 72px auto 0;
}
.neighbours a {
  flex: 0 1 auto; min-width: 0; padding: 12px 18px; border: 1px solid var(--line); border-radius: 10px;
  text-decoration: none; font-weight: 600; line-height: 1.35;
}
.neighbours a:hover { border-color: var(--accent); }
.neighbours small { display: block; color: var(--muted); font-weight: 400; font-size: 13px; }
.neighbours .next { margin-left: auto; text-align: right; }
.lesson footer { margin-top: 40px; }

.contents main { max-width: calc(var(--wide) + 48px); margin: 0 auto; padding-top: 88px; }
.contents section { margin-bottom: 88px; }
.contents h2 { margin: 0 0 .5em; font-size: 1.42em; }
.hero h1 { font-size: clamp(2rem, 1.2rem + 3.6vw, 3.4rem); line-height: 1.1; max-width: 16em; margin: 0 0 .5em; }
.hero p { font-size: 1.18em; max-width: 38em; margin: 0; color: var(--muted); text-wrap: pretty; }
.course > p, .showcase > p, .yourself > p { max-width: 40em; margin: 0 0 1.2em; color: var(--muted); text-wrap: pretty; }
:lang(ko) .hero h1, :lang(ko).contents p, :lang(ko) .words { word-break: keep-all; }
.course ol { list-style: none; margin: 28px 0 0; padding: 0; border-top: 1px solid var(--line); }
.course li { margin: 0; border-bottom: 1px solid var(--line); }
.course a {
  display: grid; grid-template-columns: 168px minmax(0, 1fr); gap: 32px; align-items: center;
  padding: 14px 0; color: inherit; text-decoration: none;
}
.course a:hover b, .course a:focus-visible b { color: var(--accent); }
.thumbnail { display: block; }
.words b { display: block; font-size: 1.15em; font-weight: 650; letter-spacing: -.01em; line-height: 1.35; }
.words i { font-style: normal; color: var(--muted); font-weight: 400; margin-right: .55em; font-variant-numeric: tabular-nums; }
.words span { display: block; color: var(--muted); text-wrap: pretty; }
.yourself .code { max-width: var(--column); margin: 0; }
.contents .outputs > * { max-width: none; }

@media (max-width: 640px) {
  .bar { padding: 14px 16px 0; gap: 4px 12px; }
  .lesson .home span { display: none; }
  .numbers ol { gap: 0; }
  .lesson main { padding-top: 32px; }
  .contents main { padding-top: 48px; }
  .contents section { margin-bottom: 56px; }
  .course a { grid-template-columns: minmax(0, 1fr); gap: 4px; padding: 16px 0; }
  .thumbnail { display: none; }
  .neighbours a { flex: 1 1 100%; }
  .lesson footer { margin-inline: 0; }
}
@media print { .bar, .neighbours, .skip { display: none; } }
`;
