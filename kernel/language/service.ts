// The language service over all cells of a session.
import type { RanCell, ToLanguage } from './messages.ts';

export class LanguageService {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  ran(_serial: number, _cell: RanCell): readonly number[] {
    return [];
  }

  answer(message: Extract<ToLanguage, { id: number }>): unknown {
    throw new Error(`Cannot answer ${message.kind} yet`);
  }
}
