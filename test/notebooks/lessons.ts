// The lessons as the tests read them: the files themselves, parsed.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Language } from '../../kernel/protocol.ts';

export const LANGUAGES: readonly Language[] = ['ko', 'en'];

export interface Cell {
  readonly cell_type: 'code' | 'markdown' | 'raw';
  readonly id: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly source: string | readonly string[];
  readonly outputs?: readonly Readonly<Record<string, unknown>>[];
  readonly execution_count?: number | null;
}

export interface Notebook {
  readonly cells: readonly Cell[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly nbformat: number;
  readonly nbformat_minor: number;
}

export function lessonNames(language: Language): string[] {
  return readdirSync(join('notebooks', language))
    .filter(file => file.endsWith('.ipynb'))
    .map(file => file.replace(/\.ipynb$/, ''))
    .sort();
}

export function lessonFile(language: Language, name: string): string {
  return join('notebooks', language, `${name}.ipynb`);
}

export function readLesson(file: string): Notebook {
  return JSON.parse(readFileSync(file, 'utf8'));
}

export function sourceOf(cell: Cell): string {
  return typeof cell.source === 'string' ? cell.source : cell.source.join('');
}

export function sourcesOf(notebook: Notebook, kind: Cell['cell_type']): string[] {
  return notebook.cells.filter(cell => cell.cell_type === kind).map(sourceOf);
}
