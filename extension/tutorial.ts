// The tutorial in VS Code: where its lessons lie, which there are, opening one, and how far the learner is.
import { join } from 'node:path';
import * as vscode from 'vscode';
import {
  copyLessons,
  type Lesson,
  type LessonStatus,
  listLessons,
  progressFile,
  readProgress,
  resetProgress,
  statusOf,
} from '../kernel/course.ts';
import { displayLanguage, NOTEBOOK_TYPE } from './notebook.ts';

export class Tutorial {
  readonly #context: vscode.ExtensionContext;
  readonly #changed = new vscode.EventEmitter<void>();
  /** Announces that lessons were copied or progress was forgotten by us. */
  readonly onDidChange = this.#changed.event;

  constructor(context: vscode.ExtensionContext) {
    this.#context = context;
    context.subscriptions.push(this.#changed);
  }

  /** The lessons in VS Code's language with their progress; none before they have been copied. */
  async lessons(): Promise<readonly LessonStatus[]> {
    if ((await listLessons(this.#folder.fsPath, 'en')).length === 0) return [];
    const language = displayLanguage();
    const lessons = await listLessons(this.#shipped, language);
    const { progress } = readProgress(progressFile());
    return statusOf(
      lessons.filter(lesson => lesson.language === language),
      progress,
    );
  }

  /** What is wrong with the file of progress, where it cannot be used; else empty. */
  trouble(): string {
    const file = progressFile();
    const { trouble } = readProgress(file);
    if (!trouble) return '';
    return vscode.l10n.t('{0} cannot be used: {1}', file, trouble[displayLanguage()]);
  }

  /** Lets one lesson be picked and opens it. */
  async pick(): Promise<void> {
    const lessons = await listLessons(this.#shipped, displayLanguage());
    const items = lessons.map(lesson => ({
      label: lesson.title,
      description: lesson.language === 'ko' ? '한국어' : 'English',
      lesson,
    }));
    const placeHolder = vscode.l10n.t('Which lesson?');
    const picked = items.length > 1 ? await vscode.window.showQuickPick(items, { placeHolder }) : items[0];
    if (picked) await this.open(picked.lesson);
  }

  /** Opens a lesson; the lessons are put where one can write, never over a changed one. */
  async open(lesson: Lesson): Promise<void> {
    try {
      await copyLessons({ source: this.#shipped, target: this.#folder.fsPath });
    } catch (error) {
      const why = (error as Error).message;
      void vscode.window.showErrorMessage(
        vscode.l10n.t('Cannot put the lessons into {0}: {1}', this.#folder.fsPath, why),
      );
      return;
    }
    this.#changed.fire();
    const uri = vscode.Uri.joinPath(this.#folder, ...lesson.file.split(/[\\/]/));
    await vscode.commands.executeCommand('vscode.openWith', uri, NOTEBOOK_TYPE);
  }

  /** Forgets the progress of one lesson or of all, once that was confirmed. */
  async reset(lesson?: Lesson): Promise<void> {
    const question = lesson
      ? vscode.l10n.t('Forget your progress in "{0}"?', lesson.title)
      : vscode.l10n.t('Forget your progress in all lessons?');
    const detail = vscode.l10n.t(
      'Solved exercises, hints and predictions are forgotten. The notebooks are left as they are.',
    );
    const forget = vscode.l10n.t('Forget');
    const answer = await vscode.window.showWarningMessage(`${question} ${detail}`, forget);
    if (answer !== forget) return;
    try {
      const setAside = resetProgress(progressFile(), lesson);
      if (setAside) void vscode.window.showWarningMessage(setAside[displayLanguage()]);
    } catch (error) {
      void vscode.window.showErrorMessage(
        vscode.l10n.t('Your progress cannot be forgotten: {0}', (error as Error).message),
      );
    }
    this.#changed.fire();
  }

  get #shipped(): string {
    return join(this.#context.extensionPath, 'notebooks');
  }

  /** Below the open folder, where it is on disk and trusted; else in the extension's own storage. */
  get #folder(): vscode.Uri {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const isOnDisk = folder?.scheme === 'file' || folder?.scheme === 'vscode-remote';
    const base = folder && isOnDisk && vscode.workspace.isTrusted ? folder : this.#context.globalStorageUri;
    return vscode.Uri.joinPath(base, 'gatebook-tutorial');
  }
}
