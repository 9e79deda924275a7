// The whole course in a real VS Code: every lesson runs whole on native TensorFlow (odd lessons in English, even
// ones in Korean; their code is the same), and every figure is on screen in a light and in a dark theme.
import assert from 'node:assert/strict';
import { cp } from 'node:fs/promises';
import { test } from 'node:test';
import type { ElementHandle } from 'playwright-core';
import { FIGURE_MIME } from '../../kernel/protocol.ts';
import { NotebookHandle } from './notebooks.ts';
import { openWindow } from './window.ts';

const window = openWindow();

const LESSONS = [
  'ko/0-basic-structure',
  'en/1-cell-state',
  'ko/2-forget-gate',
  'en/3-input-gate',
  'ko/4-cell-state-update',
  'en/5-output-gate',
] as const;
const THEMES = { light: 'Light 2026', dark: 'Dark 2026' } as const;
type Kind = keyof typeof THEMES;

/** Where a figure is: a cell makes one or none. */
interface Place {
  readonly cell: number;
  readonly kind: string;
}

/** What of a figure is on screen: pixels that stand out, those of them that are no grey, the ground's brightness. */
interface Seen {
  readonly ink: number;
  readonly coloured: number;
  readonly ground: number;
}

const complaints: string[] = [];
let prepared = false;

/** Puts the lessons into the window's folder; from now on errors are heard. */
async function prepare(): Promise<void> {
  prepared = true;
  const { code } = window;
  for (const part of ['ko', 'en', 'drawings']) {
    await cp(`notebooks/${part}`, window.file(part), { recursive: true });
  }
  code.page.on('pageerror', error => complain(error.stack ?? error.message));
  code.page.on('console', message => {
    if (message.type() === 'error') complain(`${message.text()} (${message.location().url})`);
  });
  await code.page.setViewportSize({ width: 1100, height: 1300 });
  await code.call(api => api.commands.executeCommand('workbench.action.closeSidebar'), null);
}

/** Figures of a notebook that stays open behind would be found too. */
function closeAll(): Promise<void> {
  return window.code.call(async api => {
    await api.workspace.saveAll();
    await api.commands.executeCommand('workbench.action.closeAllEditors');
  }, null);
}

/** VS Code and its server have errors of their own, such as a file that is not there yet; ours name our files. */
function complain(words: string): void {
  if (/dist\/renderer|gatebook|gb-/i.test(words)) complaints.push(words);
}

function figuresOf(file: string): Promise<readonly Place[]> {
  return window.code.call(
    (api, { file, mime }) => {
      const document = api.workspace.notebookDocuments.find(one => one.uri.path === file)!;
      return document.getCells().flatMap(cell =>
        cell.outputs
          .flatMap(output => output.items)
          .filter(item => item.mime === mime)
          .map(item => ({
            cell: cell.index,
            kind: (JSON.parse(new TextDecoder().decode(item.data)) as { kind: string }).kind,
          })),
      );
    },
    { file, mime: FIGURE_MIME },
  );
}

async function useTheme(kind: Kind): Promise<void> {
  await window.code.call(async (api, name) => {
    const configuration = api.workspace.getConfiguration();
    // Of two settings that are alike VS Code hears of none.
    await configuration.update('workbench.colorTheme', 'Light Modern', true);
    await configuration.update('workbench.colorTheme', name, true);
  }, THEMES[kind]);
  await window.code.page.waitForTimeout(900); // colours fade in
}

/** From every frame: outputs are in one of their own. */
async function elements(selector: string): Promise<ElementHandle<Element>[]> {
  const { page } = window.code;
  const found = page.frames().map(frame => frame.$$(selector).catch(() => [])); // a frame may go
  return (await Promise.all(found)).flat();
}

/** Scrolls to a cell; gives the figure below its code: the first that is not above the window. */
async function reveal({ cell, kind }: Place): Promise<ElementHandle<Element>> {
  const { code } = window;
  await code.call((api, cell) => {
    const editor = api.window.activeNotebookEditor!;
    editor.selection = new api.NotebookRange(cell, cell + 1);
    editor.revealRange(editor.selection, api.NotebookEditorRevealType.AtTop);
  }, cell);
  await code.page.waitForTimeout(250);
  const stage = kind === 'panel' ? '.gb-stage' : '.gb-chart';
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; await code.page.waitForTimeout(100)) {
    const found = [];
    for (const element of await elements(`.gatebook ${stage}`)) {
      const box = await element.boundingBox();
      if (box && box.y > 60 && box.y + box.height < 1300 && (await element.isVisible())) {
        found.push({ element, y: box.y });
      }
    }
    found.sort((one, other) => one.y - other.y);
    if (found[0]) return found[0].element;
  }
  await code.picture('failed');
  throw new Error(`Cell ${cell} shows no figure of kind ${kind}`);
}

/** Looks at the very pixels of the window where a figure is. */
async function look(figure: ElementHandle<Element>): Promise<Seen> {
  const { page } = window.code;
  const clip = (await figure.boundingBox())!;
  const picture = (await page.screenshot({ clip })).toString('base64');
  return page.evaluate(async base64 => {
    const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    const ground = Math.max(...data.subarray(0, 3)); // its corner is empty
    let [ink, coloured] = [0, 0];
    for (let at = 0; at < data.length; at += 4) {
      const [r = 0, g = 0, b = 0] = data.subarray(at, at + 3);
      const [low, high] = [Math.min(r, g, b), Math.max(r, g, b)];
      if (high - low > 40) coloured++;
      if (Math.max(Math.abs(low - ground), Math.abs(high - ground)) > 90) ink++;
    }
    return { ink, coloured, ground: ground / 255 };
  }, picture);
}

/** How much is drawn in a chart's SVG: the length of its longest path, or 10 a rectangle; axes alone are short. */
function drawnIn(figure: ElementHandle<Element>): Promise<number> {
  return figure.evaluate(stage => {
    const paths = [...stage.querySelectorAll('path')].map(path => path.getAttribute('d')?.length ?? 0);
    return Math.max(10 * stage.querySelectorAll('rect').length, ...paths);
  });
}

/** Shows each figure of the notebook that is open in one theme, and looks at it. */
async function showAll(places: readonly Place[], lesson: string, theme: Kind): Promise<void> {
  await useTheme(theme);
  for (const [count, place] of places.entries()) {
    const name = `${lesson.slice(3)}, figure ${count + 1} (${place.kind}, ${theme})`;
    await window.code.page.mouse.move(600, 8);
    await reveal(place);
    await window.code.page.waitForTimeout(350);
    const figure = await reveal(place); // outputs above it may have taken their height meanwhile
    const { ink, coloured, ground } = await look(figure);
    await window.code.picture(`course-${lesson.slice(3, 4)}-${count + 1}-${place.kind}-${theme}`);
    assert.ok(ink > 800, `${name} has ${ink} pixels that stand out`);
    const drawn = place.kind !== 'panel' && (await drawnIn(figure)) > 200;
    assert.ok(drawn || coloured > 300, `${name} has nothing but its axes: ${coloured} coloured pixels`);
    assert.ok(theme === 'light' ? ground > 0.8 : ground < 0.3, `${name} is on a ground of ${ground}`);
    assert.doesNotMatch(await figure.innerHTML(), /NaN|undefined|Infinity/, name);
  }
}

for (const [number, lesson] of LESSONS.entries()) {
  test(`lesson ${lesson} runs whole, and its figures are drawn in light and dark`, async () => {
    const { code } = window;
    if (!prepared) await prepare();
    await closeAll();
    const file = window.file(`${lesson}.ipynb`);
    const notebook = await NotebookHandle.open(code, file);
    await notebook.kernelLabel('Gatebook');
    const started = Date.now();
    const { count, failures } = await notebook.runAll();
    const ran = Date.now();
    assert.deepEqual(failures, []);
    assert.ok(count > 10);
    await code.page.locator('.statusbar-item >> text=TensorFlow 2.15.1').first().waitFor({ timeout: 5000 });
    const places = await figuresOf(file);
    assert.ok(places.length >= 2, `figures are in cells ${places.map(({ cell }) => cell)}`);
    // The window is in one of the themes already.
    const order: readonly Kind[] = number % 2 === 0 ? ['dark', 'light'] : ['light', 'dark'];
    for (const theme of order) await showAll(places, lesson, theme);
    assert.deepEqual(complaints, []);
    console.log(
      `${lesson}: ${count} cells in ${ran - started} ms, ${places.length} figures seen in ${Date.now() - ran} ms`,
    );
  });
}
