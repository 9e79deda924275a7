// Where a name is declared, with the source: what `??` shows in Jupyter.
import type { DefinitionInfo } from 'typescript';
import { packageNameOf } from './declarations.ts';
import type { Draft } from './draft.ts';
import type { Declared } from './inspect.ts';

const MOST = 3;
const LONGEST = 4000;

export function declarationsOf(draft: Draft, offset: number, folder: string): Declared[] {
  const definitions = draft.service.getDefinitionAtPosition(draft.file, draft.place(offset)) ?? [];
  return definitions.slice(0, MOST).flatMap(definition => {
    const source = sourceOf(draft, definition);
    return source === null ? [] : [{ where: place(draft, definition.fileName, folder), source }];
  });
}

function sourceOf(draft: Draft, { fileName, textSpan, contextSpan }: DefinitionInfo): string | null {
  const file = draft.service.getProgram()?.getSourceFile(fileName);
  const { start, length } = contextSpan ?? textSpan;
  const text = draft.words(file?.text.slice(start, start + length) ?? '').trim();
  if (text === '') return null;
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function place(draft: Draft, file: string, folder: string): string {
  const name = file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : file;
  return draft.cellName(name) ?? packageNameOf(file) ?? name.replace(/^.*\/node_modules\//, '');
}
