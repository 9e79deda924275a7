// Mathematical symbols as SVG or HTML: italic letters with a subscript, operators and function names upright.
import type { TermName } from '../kernel/figures/equation.ts';
import { html, svg } from './dom.ts';

interface Parts {
  /** Upright word before the letter: 'tanh'. */
  readonly word: string;
  readonly letter: string;
  readonly below: string;
}

function partsOf(name: TermName): Parts {
  if (name === 'tanhC') return { word: 'tanh', letter: 'c', below: 't' };
  if (name === 'cBefore') return { word: '', letter: 'c', below: 't−1' };
  return { word: '', letter: name, below: 't' };
}

/** f_t for HTML, as <span>s in the mathematical face. */
export function symbolHtml(name: TermName): HTMLElement {
  const { word, letter, below } = partsOf(name);
  const parts = [html('i', '', {}, [letter]), html('sub', '', {}, [html('i', '', {}, [below])])];
  return html('span', 'gb-symbol', {}, word ? [`${word} `, ...parts] : parts);
}

/** f_t for SVG, ending at x (anchor end) or starting there. */
export function symbolSvg(name: TermName, x: number, y: number, anchor: 'start' | 'end'): SVGTextElement {
  const { letter, below } = partsOf(name);
  return svg('text', { x, y, class: 'gb-symbol', 'text-anchor': anchor }, [
    letter,
    svg('tspan', { dy: 4, class: 'gb-below' }, [below]),
  ]);
}

/** ⊙ as a drawing: few text faces have the sign. */
export function odot(): SVGSVGElement {
  return svg('svg', { viewBox: '0 0 12 12', width: 12, height: 12, class: 'gb-odot' }, [
    svg('circle', { cx: 6, cy: 6, r: 5, fill: 'none', stroke: 'currentcolor' }),
    svg('circle', { cx: 6, cy: 6, r: 1.2, fill: 'currentcolor' }),
  ]);
}
