// Markdown cells as HTML: markdown-it as Jupyter and VS Code use it, KaTeX through VS Code's own plug-in,
// pictures carried along, and of raw HTML only plain structure.
import katexPlugin, { type MarkdownKatexOptions } from '@vscode/markdown-it-katex';
import katex from 'katex';
import MarkdownIt, { type Token } from 'markdown-it';
import { highlight } from './export-code.ts';
import { type PictureSource, picture } from './export-pictures.ts';
import { escapeHtml, isSafeHtml } from './markup.ts';

const RULES = {
  image: (tokens: Token[], index: number, _options: unknown, env: PictureSource) => {
    const token = tokens[index]!;
    return picture(String(token.attrGet('src') ?? ''), token.content, env);
  },
  html_block: (tokens: Token[], index: number) => html(tokens[index]!.content),
  // One tag at a time: `<b>` and `</b>` are tokens of their own.
  html_inline: (tokens: Token[], index: number) => html(tokens[index]!.content),
  table_open: () => '<div class="table"><table>\n',
  table_close: () => '</table></div>\n',
};

const markdown = createMarkdown();

/** HTML of a Markdown text. */
export function renderMarkdown(source: string, pictures: PictureSource): string {
  return markdown.render(source, { ...pictures });
}

/** HTML of LaTeX as Jupyter has it: one formula in its marks, or text with formulas in it. */
export function renderLatex(source: string, pictures: PictureSource): string {
  const text = source.trim();
  const [, whole, inline] = /^(?:\$\$([^$]+)\$\$|\$([^$]+)\$)$/.exec(text) ?? [];
  const [, block, round] = /^(?:\\\[([\s\S]+)\\\]|\\\(([\s\S]+)\\\))$/.exec(text) ?? [];
  const bare = /^\\begin\{[\s\S]+\\end\{\w+\*?\}$/.test(text) ? text : undefined;
  const formula = whole ?? block ?? bare ?? inline ?? round;
  if (formula === undefined) return renderMarkdown(source, pictures);
  const displayMode = inline === undefined && round === undefined;
  const html = katex.renderToString(formula, { displayMode, throwOnError: false, trust: false });
  return displayMode ? `<p class="katex-block">${html}</p>` : `<p>${html}</p>`;
}

function createMarkdown() {
  const md = new MarkdownIt({ html: true, linkify: false, highlight });
  // The plug-in brings types of an older KaTeX; the call it makes is the same.
  const options = {
    katex: katex as unknown as NonNullable<MarkdownKatexOptions['katex']>,
    throwOnError: false,
    enableBareBlocks: true,
  };
  pluginOf(katexPlugin)(md as unknown as Parameters<typeof katexPlugin>[0], options);
  Object.assign(md.renderer.rules, RULES);
  return md;
}

function html(content: string): string {
  return isSafeHtml(content) ? content : escapeHtml(content);
}

/** The plug-in is CommonJS: in Node's ESM its function is `default` of the default import. */
function pluginOf(plugin: typeof katexPlugin): typeof katexPlugin {
  return (plugin as unknown as { default?: typeof katexPlugin }).default ?? plugin;
}
