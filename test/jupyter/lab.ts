// A JupyterLab of its own for a test: the real server, with a folder of notebooks, and pages of it in Chromium.
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page, WebSocket } from 'playwright-core';
import type { Clients } from './clients.ts';

const TOKEN = 'gatebook-test';
const START_MS = 60_000;

export class Lab {
  readonly #server: ChildProcess;
  readonly #address: string;
  readonly #log: () => string;

  private constructor(server: ChildProcess, address: string, log: () => string) {
    this.#server = server;
    this.#address = address;
    this.#log = log;
  }

  /** Starts the server on a free port, with the files of `folder`. */
  static async start(clients: Clients, folder: string): Promise<Lab> {
    settings(clients);
    const server = clients.start('jupyter', [
      ...['lab', '--no-browser', '--allow-root', '--ServerApp.port=0', '--ServerApp.ip=127.0.0.1'],
      ...[`--IdentityProvider.token=${TOKEN}`, `--ServerApp.root_dir=${folder}`],
      ...['--LabApp.news_url=', '--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate'],
    ]);
    let log = '';
    for (const stream of [server.stdout, server.stderr]) stream?.on('data', data => (log += data));
    const address = await serverAddress(clients, server, () => log);
    return new Lab(server, address, () => log);
  }

  /** A page of JupyterLab with the notebook open and its kernel connected. */
  async open(browser: Browser, notebook: string, theme: 'light' | 'dark'): Promise<Page> {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      deviceScaleFactor: 1,
      colorScheme: theme,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const connected = kernelAnswers(page);
    await page.goto(`${this.#address}lab/tree/${notebook}?token=${TOKEN}&reset`);
    await page.locator('.jp-Notebook .jp-Cell').first().waitFor();
    await connected;
    return page;
  }

  get log(): string {
    return this.#log();
  }

  /** Ends the server, which ends its kernels. */
  async close(): Promise<void> {
    if (this.#server.exitCode !== null) return;
    const ended = new Promise(resolve => this.#server.once('exit', resolve));
    this.#server.kill('SIGTERM');
    await ended;
  }
}

/**
 * Resolves when a kernel says what it is, which JupyterLab asks whenever it connects to one. Before that it
 * shows the kernel as idle and forgets cells that are to run.
 */
export function kernelAnswers(page: Page): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('JupyterLab does not connect to the kernel')), START_MS);
    const listen = (socket: WebSocket) =>
      socket.on('framereceived', ({ payload }) => {
        if (!payload.includes('"msg_type":"kernel_info_reply"')) return;
        clearTimeout(late);
        page.off('websocket', listen);
        resolve();
      });
    page.on('websocket', listen);
  });
}

/**
 * Nothing that asks a newcomer questions or looks for news on the network; the theme follows the browser's;
 * every cell is drawn, also those out of view.
 */
function settings(clients: Clients): void {
  writeJson(clients.path('config', 'labconfig'), 'page_config.json', {
    disabledExtensions: { '@jupyterlab/apputils-extension:announcements': true },
  });
  const user = clients.path('config', 'lab', 'user-settings', '@jupyterlab');
  writeJson(join(user, 'apputils-extension'), 'themes.jupyterlab-settings', { 'adaptive-theme': true });
  writeJson(join(user, 'notebook-extension'), 'tracker.jupyterlab-settings', { windowingMode: 'none' });
}

function writeJson(folder: string, name: string, value: object): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), JSON.stringify(value));
}

/** The server writes where it listens into its runtime folder once it does. */
async function serverAddress(clients: Clients, server: ChildProcess, log: () => string): Promise<string> {
  for (let waited = 0; waited < START_MS && server.exitCode === null; waited += 100) {
    const file = readdirSync(clients.path('runtime')).find(name => /^jpserver-\d+\.json$/.test(name));
    const text = file === undefined ? '' : readFileSync(clients.path('runtime', file), 'utf8');
    if (text.endsWith('}')) return JSON.parse(text).url as string;
    await sleep(100);
  }
  throw new Error(`JupyterLab does not start:\n${log()}`);
}
