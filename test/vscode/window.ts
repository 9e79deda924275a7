// One VS Code window for all tests of a file, with a folder of its own whose name has a space and Hangul.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../browser.ts';
import { Vscode, type VscodeOptions } from './vscode.ts';

export interface Window {
  readonly code: Vscode;
  readonly workspace: string;
  /** Path of a file in the folder. */
  file(name: string): string;
}

type WindowOptions = Omit<VscodeOptions, 'browser' | 'workspace'>;

/**
 * Opens the window before the tests of this file and closes it after them. Its parts are there in tests only.
 * Options that take work to make are given as a function.
 */
export function openWindow(options: WindowOptions | (() => Promise<WindowOptions>) = {}): Window {
  let opened: { readonly code: Vscode; readonly browser: Browser; readonly workspace: string } | undefined;

  before(async () => {
    const workspace = await mkdtemp(join(tmpdir(), 'gatebook workspace 작업-'));
    const made = typeof options === 'function' ? await options() : options;
    const browser = await launchBrowser();
    opened = { workspace, browser, code: await Vscode.start({ ...made, browser, workspace }) };
  });

  after(async () => {
    await opened?.code.close();
    await opened?.browser.close();
    if (opened) await rm(opened.workspace, { recursive: true, force: true });
  });

  const open = () => {
    if (!opened) throw new Error('The VS Code window did not open');
    return opened;
  };
  return {
    get code() {
      return open().code;
    },
    get workspace() {
      return open().workspace;
    },
    file: name => join(open().workspace, name),
  };
}
