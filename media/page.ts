// The script of an exported page: every figure's data element is drawn into the placeholder after it.
// The page is `<script type="application/vnd.gatebook.figure+json">…</script>` beside
// `<div class="gatebook-figure">`, which holds the static picture until then, and keeps it for paper: a figure
// far from the screen holds no pixels, and one that is printed is sharper as SVG.
import { FIGURE_MIME } from '../kernel/protocol.ts';
import { html } from './dom.ts';
import { mountFigure } from './figure.ts';

function drawAll(): void {
  for (const data of document.querySelectorAll<HTMLScriptElement>(`script[type="${FIGURE_MIME}"]`))
    drawOne(data);
}

function drawOne(data: HTMLScriptElement): void {
  const place = placeholderOf(data);
  if (!place) return;
  const alive = html('div', 'gatebook-alive');
  const still = html('div', 'gatebook-still');
  const isPicture = place.querySelector('svg, img') !== null;
  still.append(...place.childNodes);
  // Which of the two is seen is the page's style sheet's to say (kernel/notebook/export-style.ts).
  place.replaceChildren(alive, ...(isPicture ? [still] : []));
  mountFigure(alive, parse(data.textContent ?? ''));
}

/** The placeholder next to the data, before or after it. */
function placeholderOf(data: HTMLScriptElement): HTMLElement | null {
  const beside = [data.nextElementSibling, data.previousElementSibling];
  return (
    beside.find((one): one is HTMLElement => one instanceof HTMLElement && one.matches('.gatebook-figure')) ??
    null
  );
}

/** A text that is no JSON goes on as text: the guard then says what was wrong. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', drawAll);
else drawAll();
