// The drawings: what the script draws is what lies there, well-formed, titled, legible in both themes, and
// safe to stand in the exported page.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { isSafeSvg } from '../../kernel/notebook/markup.ts';

const FOLDER = join('notebooks', 'drawings');
const files = readdirSync(FOLDER).filter(file => file.endsWith('.svg'));

interface Script {
  drawings(): Readonly<Record<string, string>>;
}

/** Names and nesting of all elements, or the first place where the markup is not well-formed XML. */
function elementsOf(svg: string): string[] {
  const open: string[] = [];
  const names: string[] = [];
  const rest = svg.replace(
    /<(\/?)([\w]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g,
    (_, close, name, __, empty) => {
      if (close) assert.equal(open.pop(), name, `</${name}>`);
      else names.push(name);
      if (!close && !empty) open.push(name);
      return '';
    },
  );
  assert.deepEqual(open, []);
  assert.doesNotMatch(rest, /[<>]|&(?!(amp|lt|gt|#\d+);)/, 'only text is left');
  return names;
}

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5]
    .map(at => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map(value => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)) as [
    number,
    number,
    number,
  ];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

test('the files are what the script draws', async () => {
  const script: Script = await import(pathToFileURL(join(FOLDER, 'draw.mjs')).href);
  const drawn = script.drawings();
  assert.deepEqual(Object.keys(drawn).sort(), [...files].sort());
  for (const file of files) assert.equal(readFileSync(join(FOLDER, file), 'utf8'), drawn[file], file);
});

for (const file of files) {
  const svg = readFileSync(join(FOLDER, file), 'utf8');

  test(`${file}: well-formed, one svg with title and description in its language`, () => {
    const names = elementsOf(svg);
    assert.equal(names[0], 'svg');
    assert.deepEqual(names.slice(1, 4), ['title', 'desc', 'style']);
    const korean = file.endsWith('.ko.svg');
    for (const element of ['title', 'desc']) {
      const text = new RegExp(`<${element}>([^<]+)</${element}>`).exec(svg)?.[1] ?? '';
      assert.ok(text.length > 10);
      assert.equal(/[가-힣]/.test(text), korean);
    }
    assert.match(svg, /viewBox="0 0 640 \d+"/);
  });

  test(`${file}: may stand in the exported page, and asks for nothing outside`, () => {
    assert.ok(isSafeSvg(svg));
    assert.doesNotMatch(svg.replace('http://www.w3.org/2000/svg', ''), /https?:|url\(/);
  });

  test(`${file}: text and lines stand out on the card, light and dark`, () => {
    const style = /<style>([\s\S]*)<\/style>/.exec(svg)?.[1] ?? '';
    const [light = '', dark = ''] = style.split('@media (prefers-color-scheme:dark)');
    for (const theme of [light, dark]) {
      const colour = (pattern: RegExp) => {
        const hex = pattern.exec(theme)?.[1];
        assert.ok(hex, `${pattern}`);
        return hex.length === 4 ? `#${[...hex.slice(1)].map(digit => digit + digit).join('')}` : hex;
      };
      const card = colour(/\.card\{fill:(#\w+)/);
      const soft = colour(/\.soft\{fill:(#\w+)/);
      const lit = colour(/\.part\.lit\{color:(#\w+)/);
      for (const ink of [colour(/\.gb\{color:(#\w+)/), colour(/\.part\.dim\{color:(#\w+)/), lit])
        assert.ok(contrast(ink, card) >= 4.5, `${ink} on ${card}: ${contrast(ink, card)}`);
      assert.ok(contrast(lit, soft) >= 4.5, `${lit} on ${soft}: ${contrast(lit, soft)}`);
    }
  });
}
