// docs/scale.md says what the other tests here run: the same versions, files that are there, options that exist.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const page = readFileSync(join('docs', 'scale.md'), 'utf8');
const pinsOf = (name: string): string =>
  readFileSync(join('test', 'jupyter', 'environments', name, 'requirements.txt'), 'utf8');

test('the versions that the page installs are the ones tested', () => {
  const pins = ['gateway', 'hub', 'dask'].map(pinsOf).join('\n').split('\n');
  const named = [...page.matchAll(/[\w-]+==[\d.]+/g)].map(([pin]) => pin);
  assert.equal(named.length, 5);
  for (const pin of named) assert.ok(pins.includes(pin), `${pin} is not what is tested`);
  const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  const proxy = /configurable-http-proxy@([\d.]+)/.exec(page)?.[1];
  assert.equal(proxy, devDependencies['configurable-http-proxy']);
});

test('what the page links to is there', () => {
  const links = [...page.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, link = '']) => link);
  assert.ok(links.length >= 5);
  for (const link of links) assert.ok(existsSync(join('docs', link)), link);
});

test('the options in its commands for our programs are options of them', () => {
  for (const script of ['remote.py', 'sweep.py']) {
    const source = readFileSync(join('docs', 'scale', script), 'utf8');
    const commands = page.split('\n').filter(line => line.includes(`python ${script}`));
    assert.ok(commands.length > 0);
    for (const command of commands)
      for (const [option] of command.slice(command.indexOf(script)).matchAll(/(?<= )--?[a-z]+/g))
        assert.ok(source.includes(`"${option}"`), `${script} has no ${option}`);
  }
});
