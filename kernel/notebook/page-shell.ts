// What every HTML page of ours begins and ends with: its language, its policy and its title.
import type { Language } from '../protocol.ts';
import { escapeHtml } from './markup.ts';

export interface PageShell {
  readonly language: Language;
  readonly title: string;
  /** Content security policy, without quotation marks. */
  readonly policy: string;
  /** HTML for the head, behind the title. */
  readonly head: string;
  /** Class of the body, none for ''. */
  readonly kind?: string;
  /** HTML. */
  readonly body: string;
}

export function pageShell({ language, title, policy, head, kind = '', body }: PageShell): string {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
${head}
</head>
<body${kind === '' ? '' : ` class="${kind}"`}>
${body}
</body>
</html>
`;
}
