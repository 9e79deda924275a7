// The two equations with the numbers of the cell under the cursor, each on a chip in its cell's colour.
// Nodes are made once; a move writes text and two colours a chip.
import {
  type Equation,
  equationAt,
  type Relation,
  type Term,
  type TermName,
} from '../kernel/figures/equation.ts';
import type { Labels } from '../kernel/figures/labels.ts';
import { fixed } from '../kernel/figures/numbers.ts';
import { addedColour, inkOn, toHex } from '../kernel/figures/palette.ts';
import { tokenAlone } from '../kernel/figures/tokens.ts';
import type { Gate } from '../kernel/figures/trace-model.ts';
import { valueColour } from './colours.ts';
import { html, setText } from './dom.ts';
import type { Picture } from './paint.ts';
import { odot, symbolHtml } from './symbols.ts';

/** Where an operator stands: its signs in the row of symbols and in the row of numbers, and its width. */
type Operator = readonly [over: string, under: string, width: 'tight' | 'loose'];

const EQUALS: Operator = ['=', '=', 'tight'];
const PLUS: Operator = ['+', '+', 'tight'];
const TIMES: Operator = ['⊙', '·', 'loose'];

export class EquationView {
  readonly root = html('div', 'gb-reading');
  readonly #labels: Labels;
  readonly #token = html('b');
  readonly #step = html('span');
  readonly #unit = html('span');
  readonly #locked = html('span', 'gb-lock');
  readonly #chips = new Map<TermName, HTMLElement>();
  readonly #equations = html('div', 'gb-equations', { role: 'img' });
  readonly #cellRelation: HTMLElement;
  readonly #hiddenRelation: HTMLElement;
  readonly #kept = html('b');
  readonly #added = html('b');
  readonly #keptSquare = html('span', 'gb-square');
  readonly #addedSquare = html('span', 'gb-square');

  constructor(labels: Labels) {
    this.#labels = labels;
    const cell = this.#grid(['c', EQUALS, 'f', TIMES, 'cBefore', PLUS, 'i', TIMES, 'g']);
    cell.root.append(
      this.#bracket(3, labels.kept, this.#keptSquare, this.#kept),
      this.#bracket(7, labels.added, this.#addedSquare, this.#added),
    );
    const hidden = this.#grid(['h', EQUALS, 'o', TIMES, 'tanhC']);
    this.#cellRelation = cell.relation;
    this.#hiddenRelation = hidden.relation;
    this.#equations.append(cell.root, hidden.root);
    this.root.append(
      html('div', 'gb-place', {}, [this.#token, this.#step, this.#unit, this.#locked]),
      this.#equations,
    );
  }

  move(picture: Picture): void {
    const { scene, view } = picture;
    const { step, unit } = view.cursor;
    const { trace } = scene;
    const equation = equationAt(trace, step, unit);
    setText(this.#token, trace.tokens ? tokenAlone(trace.tokens[step] ?? '') : String(step + 1));
    setText(this.#step, this.#labels.stepOf(step + 1, trace.steps));
    setText(this.#unit, this.#labels.unitNumber(unit));
    setText(this.#locked, view.locked ? this.#labels.lockedHow : '');
    for (const term of [...equation.cell, ...equation.hidden]) this.#paintChip(term, picture);
    setText(this.#cellRelation, equation.cellRelation);
    setText(this.#hiddenRelation, equation.hiddenRelation);
    setText(this.#kept, fixed(equation.kept));
    setText(this.#added, fixed(equation.added));
    this.#keptSquare.style.background = 'var(--gb-kept)';
    this.#addedSquare.style.background = toHex(addedColour(picture.theme.palette, equation.added));
    this.#equations.setAttribute('aria-label', aloud(equation, this.#labels));
  }

  #paintChip({ name, value, shown }: Term, picture: Picture): void {
    const chip = this.#chips.get(name)!;
    const gate: Gate = name === 'cBefore' ? 'c' : name === 'tanhC' ? 'h' : name;
    const fill = valueColour(picture, gate, gate === 'c' && picture.view.tanhCell ? Math.tanh(value) : value);
    setText(chip, shown);
    chip.style.background = toHex(fill);
    chip.style.color = inkOn(fill);
  }

  #grid(parts: readonly (TermName | Operator)[]): { root: HTMLElement; relation: HTMLElement } {
    const root = html('div', 'gb-equation');
    let relation: HTMLElement | null = null;
    parts.forEach((part, k) => {
      const nodes = typeof part === 'string' ? this.#term(part) : operator(part);
      nodes.forEach((node, row) => {
        node.style.gridArea = `${row + 1} / ${k + 1}`;
      });
      root.append(...nodes);
      if (part === EQUALS) relation = nodes[1]!;
    });
    return { root, relation: relation! };
  }

  #term(name: TermName): HTMLElement[] {
    const broad = name === 'cBefore' || name === 'tanhC';
    const chip = html('span', broad ? 'gb-chip gb-broad' : 'gb-chip', { 'data-term': name });
    this.#chips.set(name, chip);
    return [symbolHtml(name), chip, html('span', 'gb-name', {}, [this.#labels.terms[name]])];
  }

  #bracket(column: number, word: string, square: HTMLElement, value: HTMLElement): HTMLElement {
    const bracket = html('div', 'gb-bracket', {}, [square, `${word} `, value]);
    bracket.style.gridArea = `4 / ${column} / 5 / ${column + 3}`;
    return bracket;
  }
}

function operator([over, under, width]: Operator): HTMLElement[] {
  return [
    html('span', `gb-operator gb-over gb-${width}`, {}, [over === '⊙' ? odot() : over]),
    html('span', `gb-operator gb-under gb-${width}`, {}, [under]),
  ];
}

/** The equations as one sentence: signs a reader might skip are words with names. */
function aloud({ cell, cellRelation, hidden, hiddenRelation }: Equation, labels: Labels): string {
  const said = ({ name, shown }: Term) => `${labels.terms[name]} ${shown}`;
  const line = (relation: Relation, result: Term, ...rest: string[]) =>
    `${said(result)} ${relation} ${rest.join(' + ')}`;
  const [c, f, before, i, g] = cell;
  const [h, o, squashed] = hidden;
  const first = line(cellRelation, c, `${said(f)} × ${said(before)}`, `${said(i)} × ${said(g)}`);
  return `${first}; ${line(hiddenRelation, h, `${said(o)} × ${said(squashed)}`)}`;
}
