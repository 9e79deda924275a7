// The view "Gatebook": the lessons in their order, each with how many of its exercises are solved. It follows
// the progress file, whoever writes it: a cell's kernel, the command, another window.
import { unwatchFile, watchFile } from 'node:fs';
import * as vscode from 'vscode';
import { type LessonStatus, progressFile } from '../kernel/course.ts';
import type { Tutorial } from './tutorial.ts';

/** The file may not be there yet, nor its folder: asking for it is the one way that works everywhere. */
const WATCH_MS = 1000;

export function createLessonTree(tutorial: Tutorial): vscode.Disposable {
  const changed = new vscode.EventEmitter<undefined>();
  const refresh = () => changed.fire(undefined);
  const view: vscode.TreeView<LessonStatus> = vscode.window.createTreeView('gatebook.lessons', {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: async (parent?: LessonStatus) => {
        if (parent) return [];
        view.message = tutorial.trouble();
        return [...(await tutorial.lessons())];
      },
      getTreeItem: itemOf,
    },
  });
  const file = progressFile();
  watchFile(file, { interval: WATCH_MS, persistent: false }, refresh);
  return vscode.Disposable.from(
    view,
    changed,
    tutorial.onDidChange(refresh),
    view.onDidChangeVisibility(refresh), // lessons may have been copied or removed meanwhile
    new vscode.Disposable(() => unwatchFile(file, refresh)),
  );
}

function itemOf(status: LessonStatus): vscode.TreeItem {
  const { lesson, passed, exercises } = status;
  const words = vscode.l10n.t('{0} of {1} exercises solved', passed, exercises);
  const item = new vscode.TreeItem(lesson.title.split(': ')[0]!); // what follows would push the count out of sight
  item.id = lesson.name;
  item.description = `${passed}/${exercises}`;
  item.tooltip = `${lesson.title}\n${words}`;
  item.accessibilityInformation = { label: `${lesson.title}, ${words}` };
  item.iconPath = iconOf(status);
  item.contextValue = 'lesson';
  const title = vscode.l10n.t('Open the lesson');
  item.command = { command: 'gatebook.openLesson', title, arguments: [status] };
  return item;
}

function iconOf({ passed, open, exercises }: LessonStatus): vscode.ThemeIcon {
  if (exercises > 0 && passed === exercises)
    return new vscode.ThemeIcon('pass-filled', new vscode.ThemeColor('testing.iconPassed'));
  return new vscode.ThemeIcon(passed + open > 0 ? 'record' : 'circle-large-outline');
}
