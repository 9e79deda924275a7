// Shapes as live SVG elements: made once, and on each new drawing only what differs is written, which is a
// third of the work of making them anew.
import type { Shape } from '../kernel/figures/shape.ts';
import { svg } from './dom.ts';

export class Drawing {
  readonly root: SVGElement;
  #drawn: readonly Shape[] = [];

  constructor(root: SVGElement) {
    this.root = root;
  }

  draw(shapes: readonly Shape[]): void {
    patch(this.root, this.#drawn, shapes);
    this.#drawn = shapes;
  }
}

function patch(parent: Element, before: Shape['children'], after: Shape['children']): void {
  const nodes = [...parent.childNodes];
  after.forEach((child, k) => {
    const node = nodes[k];
    if (!node) parent.append(made(child));
    else patchNode(node as Element, before[k]!, child);
  });
  for (const node of nodes.slice(after.length)) node.remove();
}

function patchNode(node: Element, before: Shape | string, after: Shape | string): void {
  if (before === after) return;
  if (typeof before === 'string' || typeof after === 'string' || before.tag !== after.tag) {
    if (typeof before === 'string' && typeof after === 'string') node.textContent = after;
    else node.replaceWith(made(after));
    return;
  }
  for (const name of Object.keys(before.attributes)) {
    if (!(name in after.attributes)) node.removeAttribute(name);
  }
  for (const [name, value] of Object.entries(after.attributes)) {
    if (before.attributes[name] !== value) node.setAttribute(name, String(value));
  }
  patch(node, before.children, after.children);
}

function made(shape: Shape | string): Node {
  if (typeof shape === 'string') return document.createTextNode(shape);
  return svg(shape.tag as keyof SVGElementTagNameMap, shape.attributes, shape.children.map(made));
}
