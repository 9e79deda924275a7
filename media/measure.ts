// Widths of texts in the figure's own font, each measured once.

/** A measure for texts of `size` px in the element's font. */
export function textMeasure(element: HTMLElement, size: number): (text: string) => number {
  const context = document.createElement('canvas').getContext('2d');
  if (!context) return text => text.length * size * 0.6;
  context.font = `${size}px ${getComputedStyle(element).fontFamily}`;
  const widths = new Map<string, number>();
  return text => {
    const known = widths.get(text);
    if (known !== undefined) return known;
    const { width } = context.measureText(text);
    widths.set(text, width);
    return width;
  };
}
