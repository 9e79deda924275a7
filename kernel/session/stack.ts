// Errors' stacks, in the user's own lines: `error.stack` of anything thrown names the cell and the line in it
// as they were written, not the code that ran.
import { fileURLToPath } from 'node:url';
import { findCell } from './cells.ts';
import { findFileMap } from './file-maps.ts';
import { isInstallationFile } from './installation.ts';
import { mendMessage } from './messages.ts';

let isInstalled = false;

/** Once a process. V8 asks only when a stack is first read. */
export function installStackMapping(): void {
  if (isInstalled) return;
  isInstalled = true;
  Error.stackTraceLimit = 50; // tfjs alone puts a dozen frames between an op and the cell that called it
  Error.prepareStackTrace = (error, sites) =>
    [errorHead(error), ...userSites(sites).map(site => `    at ${describe(site)}`)].join('\n');
}

/** Where a cell is involved, what lies below it and the kernel's own steps would only be in the way. */
function userSites(sites: readonly NodeJS.CallSite[]): readonly NodeJS.CallSite[] {
  const outermost = sites.findLastIndex(site => findCell(site.getFileName() ?? ''));
  if (outermost === -1) return sites;
  return sites.slice(0, outermost + 1).filter(site => !isOurs(site) && !isAddedCode(site));
}

function isOurs(site: NodeJS.CallSite): boolean {
  return isInstallationFile(site.getFileName() ?? '');
}

/** What TypeScript and the rewriting put into a cell. */
function isAddedCode(site: NodeJS.CallSite): boolean {
  const cell = findCell(site.getFileName() ?? '');
  return cell !== undefined && cell.position(site.getLineNumber() ?? 0, site.getColumnNumber() ?? 0) === null;
}

function errorHead(error: Error): string {
  mendMessage(error);
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return 'Error';
  }
}

function describe(site: NodeJS.CallSite): string {
  const text = String(site);
  const file = site.getFileName();
  const [line, column] = [site.getLineNumber(), site.getColumnNumber()];
  if (!file || line === null || column === null) return text;
  const place = originalPlace(file, line, column);
  return place ? text.replace(`${file}:${line}:${column}`, place) : text;
}

function originalPlace(file: string, line: number, column: number): string | null {
  const cell = findCell(file);
  if (cell) {
    const position = cell.position(line, column);
    return position && `Cell In[${cell.executionCount}]:${position.line}:${position.column}`;
  }
  return /\.[mc]?ts\b/.test(file) ? originalPlaceInFile(file, line, column) : null;
}

function originalPlaceInFile(file: string, line: number, column: number): string | null {
  const entry = findFileMap(file)?.findEntry(line - 1, column - 1);
  if (!entry || !('originalLine' in entry)) return null;
  const path = file.startsWith('file:') ? fileURLToPath(file.replace(/[?#].*/, '')) : file;
  return `${path}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
}
