// Opens figures in a real Chromium, as VS Code's notebook page does: the built renderer, activated, given an
// output item and an element. No server: the browser's requests are answered from dist/ by the test.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';

export type ThemeName = 'dark' | 'light' | 'contrast' | 'none';

export interface OpenOptions {
  readonly width?: number;
  readonly theme?: ThemeName;
  /** Where VS Code's variables are missing, the browser's scheme counts. */
  readonly scheme?: 'dark' | 'light';
  readonly ratio?: number;
  /** Answer requests for Plotly's chunk with 404. */
  readonly withoutPlotly?: boolean;
  /** Of the page's body, in place of the theme's. */
  readonly background?: string;
}

const ORIGIN = 'https://gatebook.test';

/** What VS Code sets on its notebook page, by theme. */
const THEMES: Readonly<
  Record<ThemeName, { readonly body: string; readonly variables: Record<string, string> }>
> = {
  dark: {
    body: 'vscode-dark',
    variables: {
      'editor-background': '#1f1f1f',
      foreground: '#cccccc',
      focusBorder: '#0078d4',
      'list-activeSelectionBackground': '#04395e',
      'list-activeSelectionForeground': '#ffffff',
    },
  },
  light: {
    body: 'vscode-light',
    variables: {
      'editor-background': '#ffffff',
      foreground: '#3b3b3b',
      focusBorder: '#005fb8',
      'list-activeSelectionBackground': '#e8e8e8',
      'list-activeSelectionForeground': '#000000',
    },
  },
  contrast: {
    body: 'vscode-high-contrast',
    variables: {
      'editor-background': '#000000',
      foreground: '#ffffff',
      focusBorder: '#f38518',
      contrastBorder: '#6fc3df',
      contrastActiveBorder: '#6fc3df',
    },
  },
  none: { body: '', variables: {} },
};

/** A page with one element per payload, each rendered; page errors fail at {@link FigurePage.close}. */
export async function openFigures(
  browser: Browser,
  payloads: readonly unknown[],
  {
    width = 900,
    theme = 'dark',
    scheme = 'light',
    ratio = 1,
    background,
    withoutPlotly = false,
  }: OpenOptions = {},
): Promise<FigurePage> {
  const page = await browser.newPage({
    viewport: { width, height: 1000 },
    deviceScaleFactor: ratio,
    colorScheme: scheme,
  });
  const errors: string[] = [];
  page.on('pageerror', error => errors.push(String(error)));
  page.on('console', message => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.route(`${ORIGIN}/**`, async route => {
    const path = new URL(route.request().url()).pathname;
    if (path === '/') return route.fulfill({ contentType: 'text/html', body: html(theme, background) });
    if (withoutPlotly && path.startsWith('/plotly-')) return route.abort();
    const body = await readFile(join(process.cwd(), 'dist', 'renderer', path)).catch(() => null);
    if (body === null) return route.fulfill({ status: 404, body: '' });
    return route.fulfill({ contentType: 'text/javascript', body });
  });
  await page.goto(`${ORIGIN}/`);
  await page.evaluate(async figures => {
    const load = new Function('return import("/renderer.js")') as () => Promise<Renderer>;
    const renderer = (await load()).activate();
    Object.assign(window, { renderer });
    figures.forEach((figure, k) => {
      const element = document.createElement('div');
      element.className = 'output';
      element.id = `output-${k}`;
      document.body.append(element);
      renderer.renderOutputItem({ id: String(k), json: () => figure }, element);
    });
  }, payloads);
  await page.evaluate(() => document.fonts.ready);
  return { page, errors };
}

export interface FigurePage {
  readonly page: Page;
  /** Page errors and console errors so far. */
  readonly errors: string[];
}

interface Renderer {
  activate(): {
    renderOutputItem(item: { id: string; json(): unknown }, element: HTMLElement): void;
    disposeOutputItem(id?: string): void;
  };
}

declare global {
  interface Window {
    renderer: ReturnType<Renderer['activate']>;
  }
}

/** Puts another theme on the page, as VS Code does when the user changes it. */
export async function setTheme(page: Page, theme: ThemeName): Promise<void> {
  const { body, variables } = THEMES[theme];
  await page.evaluate(
    ([className, style]) => {
      document.body.className = className;
      document.documentElement.setAttribute('style', style);
    },
    [body, styleOf(variables)] as const,
  );
  await settle(page);
}

/** Two frames: one for the figure's own request, one for its result. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise(done =>
        requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))),
      ),
  );
}

function html(theme: ThemeName, background = 'var(--vscode-editor-background)'): string {
  const { body, variables } = THEMES[theme];
  return `<!doctype html><html lang="en" style="${styleOf(variables)}"><head><title>Figures</title>
<style>body { margin: 0; background: ${background}; }</style></head>
<body class="${body}"></body></html>`;
}

function styleOf(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `--vscode-${name}: ${value}`)
    .join('; ');
}
