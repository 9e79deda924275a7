// A measurement's figures as NAME.json in `folder` (out/bench), with the machine that they were taken on.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';

export function writeRows(folder, name, rows) {
  const machine = {
    cpu: cpus()[0]?.model.trim(),
    cores: cpus().length,
    memoryGB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    load: loadavg()[0],
    date: new Date().toISOString(),
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify({ machine, rows }, null, 2)}\n`);
  process.stdout.write(`Written to ${join('out', 'bench', `${name}.json`)}\n`);
}
