// How the exported page looks: one reading column, figures wider than it, nothing that asks for attention.
// The colours are those of the figures (kernel/figures/palette.ts): teal for what is open, warm and cool for
// sign. The `--vscode-*` names are what the figures read in VS Code; here they give the page's own theme.

export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #0f1417; --text: #3d454b; --muted: #5b646a; --line: #dde1e3; --wash: #f5f8f8;
  --accent: #026776; --keyword: #026776; --string: #9a4a17; --number: #245a9f; --comment: #66717a;
  --error: #a3331f; --error-wash: #fbf3f0;
  --ansi-black: #1d2327; --ansi-red: #a3331f; --ansi-green: #2f6f3a; --ansi-yellow: #8a5a00;
  --ansi-blue: #245a9f; --ansi-magenta: #8a3b82; --ansi-cyan: #026776; --ansi-white: #5b646a;
  --sans: system-ui, -apple-system, "Segoe UI", Pretendard, "Apple SD Gothic Neo", "Noto Sans KR", "Noto Sans CJK KR", "Malgun Gothic", sans-serif;
  --mono: ui-monospace, "Cascadia Code", "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", D2Coding, "Noto Sans Mono CJK KR", monospace;
  --column: 43rem; --wide: 960px; /* 72ch of text, in a unit that is the same in code */
  --vscode-font-family: var(--sans);
  --vscode-editor-background: #ffffff;
  --vscode-foreground: #1d2327;
  --vscode-focusBorder: #127e8d;
  --vscode-list-activeSelectionBackground: #e4e9ea;
  --vscode-list-activeSelectionForeground: #1d2327;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #1f1f1f; --ink: #f2f5f6; --text: #c6cdd0; --muted: #9aa4a9; --line: #383c3e; --wash: #272929;
    --accent: #6cbcb9; --keyword: #6cbcb9; --string: #e3a67c; --number: #8fbdf0; --comment: #8b969c;
    --error: #f0937f; --error-wash: #2c2220;
    --ansi-black: #9aa4a9; --ansi-red: #f0937f; --ansi-green: #8cc295; --ansi-yellow: #dcb264;
    --ansi-blue: #8fbdf0; --ansi-magenta: #d79ad0; --ansi-cyan: #6cbcb9; --ansi-white: #d9dee0;
    --vscode-editor-background: #1f1f1f;
    --vscode-foreground: #d9dee0;
    --vscode-focusBorder: #52a7a7;
    --vscode-list-activeSelectionBackground: #34393b;
    --vscode-list-activeSelectionForeground: #ffffff;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--text);
  font: 17px/1.62 var(--sans); font-synthesis-weight: none; text-rendering: optimizeLegibility;
}
main { padding: 72px 24px 40px; }
main > .prose, .source, .folded, .outputs > *, footer { max-width: var(--column); margin-inline: auto; }
.outputs > * { width: 100%; }
.outputs > .gatebook-figure { max-width: var(--wide); }

/* Prose */
.prose { overflow-wrap: break-word; hanging-punctuation: allow-end; }
:lang(ko) .prose { word-break: keep-all; line-height: 1.78; }
:lang(ko) em { font-style: normal; font-weight: 600; } /* Hangul has no italics: slanted it is only skewed */
.prose > :first-child { margin-top: 0; }
.prose > :last-child { margin-bottom: 0; }
.prose + .prose { margin-top: 1.1em; }
.prose p, .prose ul, .prose ol, .prose blockquote, .prose .table { margin: 1.05em 0; }
h1, h2, h3, h4 { color: var(--ink); line-height: 1.28; font-weight: 650; letter-spacing: -.012em; text-wrap: balance; }
h1 { font-size: 2.15em; margin: 0 0 .7em; letter-spacing: -.022em; }
h2 { font-size: 1.42em; margin: 2.4em 0 .7em; }
h3 { font-size: 1.12em; margin: 2em 0 .5em; }
h4 { font-size: 1em; margin: 1.6em 0 .4em; }
section + .prose > h1:first-child { margin-top: 1.9em; }
section + .prose > h2:first-child { margin-top: 2em; }
section + .prose > h3:first-child { margin-top: 1.7em; }
.prose p { text-wrap: pretty; }
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: .18em; }
a:hover { text-decoration-thickness: 2px; }
/* Also by colour: where no bold Hangul font is installed, weight alone shows nothing. */
strong, :lang(ko) em { color: var(--ink); }
strong { font-weight: 650; }
ul, ol { padding-left: 1.5em; }
li { margin: .3em 0; }
li::marker { color: var(--muted); }
blockquote { margin: 1.2em 0; padding: 0 0 0 1.1em; border-left: 2px solid var(--accent); color: var(--muted); }
hr { border: 0; border-top: 1px solid var(--line); margin: 2.6em 0; }
.prose code { font-size: .86em; background: var(--wash); border-radius: 4px; padding: .14em .36em; }
.prose pre { font: 13px/1.62 var(--mono); background: var(--wash); border-radius: 8px; padding: 14px 18px; overflow-x: auto; }
.prose pre code { font-size: 1em; background: none; padding: 0; }
code, kbd, pre { font-family: var(--mono); font-variant-ligatures: none; }
kbd { font-size: .82em; border: 1px solid var(--line); border-bottom-width: 2px; border-radius: 4px; padding: .1em .4em; }
.table { overflow-x: auto; }
table { border-collapse: collapse; font-size: .92em; line-height: 1.5; font-variant-numeric: tabular-nums; }
th, td { padding: .45em 1.1em .45em 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th { font-weight: 650; color: var(--muted); white-space: nowrap; }
details { margin: 1.05em 0; }
summary { cursor: pointer; color: var(--accent); }
details > :not(summary) { margin-left: 1.1em; }
img, .drawing { display: block; max-width: 100%; height: auto; margin: 1.8em auto; }
.drawing { color: var(--ink); }
.missing { color: var(--muted); font-style: italic; }

/* Equations */
.katex { font-size: 1.1em; }
.katex-block { margin: 1.3em 0 !important; overflow-x: auto; overflow-y: hidden; padding: 2px 0; }
.katex-display { margin: 0; }
.katex-error { color: var(--error); }

/* Code and what it gave. Code whose lines are long reaches to where the figures end. */
main > .cell { margin: 1.7em 0; }
.cell + .cell { margin-top: -.3em; }
.source { position: relative; }
.source.long {
  max-width: none;
  margin-left: max(0px, (100% - var(--column)) / 2); margin-right: max(0px, (100% - var(--wide)) / 2);
}
.count {
  position: absolute; right: calc(100% + 14px); top: 15px; font: 12px/21px var(--mono); color: var(--muted);
  font-variant-numeric: tabular-nums; user-select: none;
}
.code, .printed { font: 13px/1.62 var(--mono); margin-block: 0; tab-size: 2; }
.code { margin: 0; }
.code { background: var(--wash); border-radius: 8px; padding: 14px 18px; overflow-x: auto; }
.folded { margin-block: 0; }
.folded > .source { margin: .6em 0 0; }
.folded > summary { font-size: .86em; color: var(--muted); }
.keyword { color: var(--keyword); }
.string { color: var(--string); }
.number { color: var(--number); }
.comment { color: var(--comment); }
.outputs { margin-top: 12px; display: grid; gap: 10px; grid-template-columns: minmax(0, 1fr); }
.printed { padding: 0 18px; white-space: pre-wrap; word-break: keep-all; overflow-wrap: anywhere; max-height: 30em; overflow-y: auto; }
.stderr { border-left: 2px solid var(--line); padding-left: 16px; color: var(--muted); }
.error { background: var(--error-wash); border-left: 2px solid var(--error); border-radius: 0 8px 8px 0; padding: 12px 16px; }
.outputs .html { font-size: .92em; padding: 0 18px; }
.outputs .html summary { color: var(--ink); }
.note { margin-block: 0; padding: 0 18px; font-size: .86em; color: var(--muted); font-style: italic; }
:lang(ko) .note { font-style: normal; }
.json { font: 13px/1.62 var(--mono); padding: 0 18px; overflow-wrap: anywhere; }
.json details { margin: 0; }
.json summary { color: var(--text); padding: 2px 0; }
.json details > :not(summary), .json > details > div { margin-left: 1.4em; }
.json .key { color: var(--accent); }
.picture > * { margin: 6px auto; }
.ansi-bold { font-weight: 650; }

/* Figures: wider than the column, in its middle */
.gatebook-figure { width: 100%; margin-block: 14px 6px; }
/* The living figure on the screen, its static picture on paper (media/page.ts keeps both). */
.gatebook-still { display: none; }
.gatebook-figure > svg, .gatebook-still > svg { display: block; width: 100%; height: auto; border-radius: 8px; }
.gatebook-figure > .printed { max-width: var(--column); margin: 0 auto; }

footer {
  padding: 22px 0 64px; border-top: 1px solid var(--line);
  color: var(--muted); font-size: 13px;
}
${ansiColours()}
:focus-visible { outline: 2px solid var(--vscode-focusBorder); outline-offset: 2px; border-radius: 3px; }

@media (max-width: 900px) {
  .count { display: none; }
}
@media (max-width: 640px) {
  body { font-size: 16px; }
  main { padding: 36px 16px 24px; }
  h1 { font-size: 1.75em; }
  .code, .prose pre { border-radius: 0; margin-inline: -16px; padding: 12px 16px; font-size: 12.5px; }
  .printed, .note, .json, .outputs .html { padding-inline: 0; }
  .error, .stderr { padding-inline: 12px; }
  .gatebook-figure { width: calc(100% + 16px); margin-inline: -8px; }
  footer { margin-inline: 16px; padding-bottom: 40px; }
}
@media print {
  body { font-size: 11pt; }
  main { padding: 0; }
  .code, .printed { white-space: pre-wrap; max-height: none; }
  .gatebook-figure, .picture { break-inside: avoid; }
  .gatebook-still { display: block; }
  .gatebook-alive:has(+ .gatebook-still) { display: none; }
}
`;

/** Classes that ansi_up writes: `ansi-red-fg`, `ansi-bright-red-fg`, and `-bg`. */
function ansiColours(): string {
  const names = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
  return names
    .flatMap(name => [
      `.ansi-${name}-fg, .ansi-bright-${name}-fg { color: var(--ansi-${name}); }`,
      background(name),
    ])
    .join('\n');
}

function background(name: string): string {
  return `.ansi-${name}-bg, .ansi-bright-${name}-bg { background: color-mix(in srgb, var(--ansi-${name}) 22%, var(--paper)); }`;
}
