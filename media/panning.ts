// While a pan is under way the painted picture is moved as it is, which takes a fraction of painting anew;
// the exact picture follows at the gesture's end.
import type { Picture } from './paint.ts';

export class PanningImage {
  readonly #canvas: HTMLCanvasElement;
  #still: HTMLCanvasElement | null = null;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
  }

  /** Shows steps from..to (fractional) by moving the picture that was painted for its own window. */
  show(picture: Picture | null, from: number, to: number): void {
    if (!picture || this.#canvas.width === 0) return;
    this.#still ??= copyOf(this.#canvas);
    const context = this.#canvas.getContext('2d');
    if (!context) return;
    const { layout, view, ratio } = picture;
    const width = Math.round(layout.stack.width * ratio);
    const { height } = this.#canvas;
    const perStep = width / (view.steps.end - view.steps.first);
    const source = (from - view.steps.first) * perStep;
    context.clearRect(0, 0, width, height);
    context.save();
    context.beginPath();
    context.rect(0, 0, width, height);
    context.clip();
    context.drawImage(this.#still, source, 0, (to - from) * perStep, height, 0, 0, width, height);
    context.restore();
  }

  end(): void {
    this.#still = null;
  }
}

function copyOf(canvas: HTMLCanvasElement): HTMLCanvasElement {
  const copy = document.createElement('canvas');
  copy.width = canvas.width;
  copy.height = canvas.height;
  copy.getContext('2d')?.drawImage(canvas, 0, 0);
  return copy;
}
