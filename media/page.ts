// The script of an exported page: every figure's data element is drawn into the placeholder after it.
// The page is `<script type="application/vnd.gatebook.figure+json">…</script>` beside
// `<div class="gatebook-figure">`, which holds the static picture until then, and keeps it if we fail.
import { FIGURE_MIME } from '../kernel/protocol.ts';
import { mountFigure } from './figure.ts';

function drawAll(): void {
  for (const data of document.querySelectorAll<HTMLScriptElement>(`script[type="${FIGURE_MIME}"]`))
    drawOne(data);
}

function drawOne(data: HTMLScriptElement): void {
  const place = placeholderOf(data);
  if (!place) return;
  mountFigure(place, parse(data.textContent ?? ''));
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
