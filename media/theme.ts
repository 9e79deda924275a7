// The colours around a figure: from VS Code's variables where there are any, else from the page it is on.
// One theme in, CSS variables and a palette out; watchers say when it changed.
import { blend, type Palette, paletteOn, type Rgb, toHex } from '../kernel/figures/palette.ts';

export interface Theme {
  readonly palette: Palette;
  readonly ink: Rgb;
  readonly highContrast: boolean;
}

const FALLBACK = {
  dark: { background: '#1f1f1f', ink: '#cccccc', focus: '#0078d4', select: '#04395e', onSelect: '#ffffff' },
  light: { background: '#ffffff', ink: '#3b3b3b', focus: '#005fb8', select: '#e8e8e8', onSelect: '#000000' },
} as const;

const MUTED = 0.74;
const KEPT = 0.56;
const HAIRLINE = 0.16;

/** Reads the theme in force at `root`, which must be in the document, and sets its CSS variables. */
export function applyTheme(root: HTMLElement): Theme {
  const probe = root.appendChild(document.createElement('span'));
  try {
    const theme = readTheme(root, probe);
    setVariables(root, theme, probe);
    return theme;
  } finally {
    probe.remove();
  }
}

function readTheme(root: HTMLElement, probe: HTMLElement): Theme {
  const fallback = FALLBACK[prefersDark() ? 'dark' : 'light'];
  const own = readColour(probe, 'var(--vscode-editor-background)');
  const background = own ?? backgroundBehind(root) ?? readColour(probe, fallback.background)!;
  const palette = paletteOn(background);
  const given = readColour(probe, 'var(--vscode-foreground)');
  const ink = given ?? readColour(probe, FALLBACK[palette.dark ? 'dark' : 'light'].ink)!;
  return { palette, ink, highContrast: isHighContrast() };
}

function setVariables(root: HTMLElement, { palette, ink, highContrast }: Theme, probe: HTMLElement): void {
  const fallback = FALLBACK[palette.dark ? 'dark' : 'light'];
  const mixed = (share: number) => toHex(blend(ink, palette.background, share));
  const border = readColour(probe, 'var(--vscode-contrastBorder)');
  const active = readColour(probe, 'var(--vscode-contrastActiveBorder)');
  const variables: Record<string, string> = {
    ink: toHex(ink),
    background: toHex(palette.background),
    muted: highContrast ? toHex(ink) : mixed(MUTED),
    kept: mixed(KEPT),
    chip: mixed(HAIRLINE),
    hairline: highContrast ? (border ? toHex(border) : toHex(ink)) : mixed(HAIRLINE),
    focus: `var(--vscode-focusBorder, ${fallback.focus})`,
    select: `var(--vscode-list-activeSelectionBackground, ${highContrast ? 'transparent' : fallback.select})`,
    'on-select': `var(--vscode-list-activeSelectionForeground, ${highContrast ? toHex(ink) : fallback.onSelect})`,
    'select-border': highContrast ? toHex(active ?? border ?? ink) : 'transparent',
  };
  for (const [name, value] of Object.entries(variables)) root.style.setProperty(`--gb-${name}`, value);
  root.style.colorScheme = palette.dark ? 'dark' : 'light';
}

/** Any CSS colour as opaque sRGB, or null where it is unset or mostly transparent. */
function readColour(probe: HTMLElement, colour: string): Rgb | null {
  // An unset variable falls back to transparent, which no theme uses as ink or background.
  const value = colour.startsWith('var(') ? `${colour.slice(0, -1)}, transparent)` : colour;
  probe.style.color = value;
  return parseComputed(getComputedStyle(probe).color);
}

function parseComputed(colour: string): Rgb | null {
  const numbers = colour.match(/[\d.]+(e-?\d+)?/g)?.map(Number) ?? [];
  const [red, green, blue, alpha = 1] = colour.startsWith('color(srgb')
    ? [numbers[0]! * 255, numbers[1]! * 255, numbers[2]! * 255, numbers[3]]
    : numbers;
  if (red === undefined || green === undefined || blue === undefined || alpha < 0.5) return null;
  return [Math.round(red), Math.round(green), Math.round(blue)];
}

function backgroundBehind(element: HTMLElement): Rgb | null {
  for (let at = element.parentElement; at; at = at.parentElement) {
    const colour = parseComputed(getComputedStyle(at).backgroundColor);
    if (colour) return colour;
  }
  return null;
}

function isHighContrast(): boolean {
  const { classList } = document.body;
  if (classList.contains('vscode-high-contrast') || classList.contains('vscode-high-contrast-light'))
    return true;
  return (
    !classList.contains('vscode-dark') &&
    !classList.contains('vscode-light') &&
    matches('(prefers-contrast: more)')
  );
}

function prefersDark(): boolean {
  const { classList } = document.body;
  if (classList.contains('vscode-light') || classList.contains('vscode-high-contrast-light')) return false;
  return classList.contains('vscode-dark') || classList.contains('vscode-high-contrast') || matches(DARK);
}

const DARK = '(prefers-color-scheme: dark)';

function matches(query: string): boolean {
  return matchMedia(query).matches;
}

/** Calls back once a frame at most while the theme may have changed, until the signal aborts. */
export function watchTheme(signal: AbortSignal, changed: () => void): void {
  let frame = 0;
  const later = () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(changed);
  };
  // VS Code sets its variables on the root element and the theme's class on the body.
  const observer = new MutationObserver(later);
  const filter = {
    attributes: true,
    attributeFilter: ['class', 'style', 'data-vscode-theme-id', 'data-theme'],
  };
  observer.observe(document.documentElement, filter);
  observer.observe(document.body, filter);
  for (const query of [DARK, '(prefers-contrast: more)']) {
    matchMedia(query).addEventListener('change', later, { signal });
  }
  signal.addEventListener('abort', () => {
    observer.disconnect();
    cancelAnimationFrame(frame);
  });
}
