// Where a name is declared, with the source: what `??` shows in Jupyter.
import type { DefinitionInfo } from 'typescript';
import { moduleAt } from './declarations.ts';
import type { Draft } from './draft.ts';
import type { Declared } from './inspect.ts';

const MOST = 3;
const LONGEST = 4000;

export function declarationsOf(draft: Draft, offset: number, folder: string): Declared[] {
  const definitions = draft.service.getDefinitionAtPosition(draft.file, draft.place(offset)) ?? [];
  return definitions.slice(0, MOST).flatMap(definition => {
    const source = sourceOf(draft, definition);
    return source === null ? [] : [{ where: placeOf(draft, definition, folder), source }];
  });
}

function sourceOf(draft: Draft, { fileName, textSpan, contextSpan }: DefinitionInfo): string | null {
  const file = draft.service.getProgram()?.getSourceFile(fileName);
  const { start, length } = contextSpan ?? textSpan;
  const text = draft.words(file?.text.slice(start, start + length) ?? '').trim();
  if (text === '') return null;
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function placeOf(draft: Draft, { fileName, textSpan }: DefinitionInfo, folder: string): string {
  const name = fileName.startsWith(`${folder}/`) ? fileName.slice(folder.length + 1) : fileName;
  const module = fileName.includes('/declarations/') ? moduleIn(draft, fileName, textSpan.start) : null;
  return draft.cellName(name) ?? module ?? name.replace(/^.*\/(?:node_modules|declarations)\//, '');
}

function moduleIn(draft: Draft, fileName: string, offset: number): string | null {
  const file = draft.service.getProgram()?.getSourceFile(fileName);
  return file ? moduleAt(file.text, offset) : null;
}
