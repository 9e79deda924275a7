// The table below a figure: made anew when it shows other values, else only its mark moves.

export interface ShownTable {
  /** Differs where the table shows other values. */
  readonly key: string;
  readonly label: string;
  readonly make: () => Node;
  /** The row the cursor stands on. */
  readonly step: number;
}

export function showTable(into: HTMLElement, { key, label, make, step }: ShownTable): void {
  if (into.dataset.key !== key || !into.firstChild) {
    into.dataset.key = key;
    into.setAttribute('aria-label', label);
    into.replaceChildren(make());
  }
  into.querySelector('[aria-current]')?.removeAttribute('aria-current');
  into.querySelector(`[data-step="${step}"]`)?.setAttribute('aria-current', 'true');
}
