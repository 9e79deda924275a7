// docs/scale.md, "A sweep": papermill under a real Dask scheduler with two workers, results as one table.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Clients, type Ended } from '../jupyter/clients.ts';
import { freePorts, processesBelow, Server } from './servers.ts';

const SCALE = join(process.cwd(), 'docs', 'scale');
const SEEDS = process.env.GATEBOOK_LONG ? '1,2,3,4,5,6,7,8,9,10' : '1,2';

describe('A sweep under Dask', () => {
  const clients = new Clients('dask');
  let address = '';
  let scheduler: Server | undefined;
  let workers: Server[] = [];
  before(async () => {
    await clients.installKernel();
    mkdirSync(clients.path('temporary')); // for the workers: one is killed, and can tidy nothing away
    const [port] = await freePorts(1);
    address = `tcp://127.0.0.1:${port}`;
    scheduler = dask('scheduler', '--host', '127.0.0.1', '--port', String(port));
    workers = ['one', 'two'].map(name =>
      dask('worker', address, '--host', '127.0.0.1', '--nthreads', '1', '--name', name),
    );
    await scheduler.until(() => scheduler?.log.match(/Register worker/g)?.length === 2);
  });
  after(async () => {
    await Promise.all(workers.map(worker => worker.end()));
    await scheduler?.end();
    clients.close();
  });

  const dask = (...args: string[]): Server =>
    new Server(
      clients.start('dask', [...args, '--dashboard-address', '127.0.0.1:0'], {
        env: { GATEBOOK_TYPE_ERRORS: 'off', TMPDIR: clients.path('temporary') },
      }),
    );
  const sweep = (output: string, ...parameters: string[]): Promise<Ended> =>
    clients.run(
      'python',
      [
        ...[join(SCALE, 'sweep.py'), join(SCALE, 'sweep.ipynb'), '--scheduler', address],
        ...parameters.flatMap(one => (one.startsWith('--') ? [one] : ['-p', one])),
        ...['--output', clients.path(output)],
      ],
      { timeout: 600_000 },
    );
  const table = (output: string): Record<string, string>[] => {
    const [head = '', ...lines] = readFileSync(clients.path(output, 'results.csv'), 'utf8')
      .trimEnd()
      .split('\r\n');
    const columns = head.split(',');
    return lines.map(line => Object.fromEntries(line.split(',').map((text, at) => [columns[at], text])));
  };

  let first: Record<string, string>[];
  it('brings variants times seeds back as one table, run by both workers', async () => {
    const { code, stdout, stderr } = await sweep('first', 'variant=rnn,lstm', `seed=${SEEDS}`);
    assert.equal(code, 0, stderr);
    first = table('first');
    const seeds = SEEDS.split(',');
    assert.deepEqual(
      first.map(({ variant, seed }) => `${variant} ${seed}`),
      ['rnn', 'lstm'].flatMap(variant => seeds.map(seed => `${variant} ${seed}`)),
    );
    const accuracy = (variant: string) =>
      first.filter(row => row.variant === variant).map(row => Number(row.accuracy));
    assert.ok(
      accuracy('lstm').every(value => value > 0.99),
      stdout,
    );
    assert.ok(
      accuracy('rnn').every(value => value < 0.95),
      stdout,
    );
    assert.match(stdout, /^variant {2}seed {2}accuracy {2}loss +seconds {2}weights$/m);
    assert.equal(stdout.trimEnd().split('\n').length, 1 + first.length);
    assert.equal(new Set(stderr.match(/tcp:\/\/[\d.:]+/g)).size, 2, stderr);
  });

  it('keeps every notebook that ran, with the parameters as TypeScript', () => {
    const name = 'variant=lstm,seed=2.ipynb';
    assert.ok(readdirSync(clients.path('first')).includes(name));
    const text = readFileSync(clients.path('first', name), 'utf8');
    assert.match(text, /let variant = \\"lstm\\";/);
    assert.match(text, /let seed = 2;/);
  });

  it('gives the same numbers again, and says what failed in the row where it failed', async () => {
    const { code, stdout, stderr } = await sweep('second', 'variant=lstm,gru', 'seed=2');
    assert.equal(code, 1, stderr);
    const [again] = table('second');
    const before = first.find(({ variant, seed }) => variant === 'lstm' && seed === '2');
    assert.equal(again?.loss, before?.loss);
    assert.equal(again?.accuracy, before?.accuracy);
    assert.match(stdout, /^gru +2 +RangeError: Cannot make the variant "gru"\. Variants: rnn, lstm$/m);
    assert.ok(statSync(clients.path('second', 'variant=gru,seed=2.ipynb')).size > 0);
  });

  it('is sound in its types, parameters included', async () => {
    const { code, stderr } = await clients.run(
      'papermill',
      [join(SCALE, 'sweep.ipynb'), clients.path('types.ipynb'), '-p', 'variant', 'rnn', '-p', 'steps', '1'],
      { env: { GATEBOOK_TYPE_ERRORS: 'stop' } },
    );
    assert.equal(code, 0, stderr);
  });

  it('gives up a run whose cell takes too long, with its kernel', async () => {
    const { code, stdout } = await sweep('late', 'variant=lstm', 'steps=10000000', '--timeout=3');
    assert.equal(code, 1);
    assert.match(stdout, /^lstm +10000000 +CellTimeoutError: /m);
    const kernels = () => clients.alive().filter(line => line.includes('--connection-file'));
    for (let waited = 0; waited < 10_000 && kernels().length > 0; waited += 100) await sleep(100);
    assert.deepEqual(kernels(), []);
  });

  it('goes on with the workers that are left, and a dead one leaves no kernel', async () => {
    const [one, two] = workers as [Server, Server];
    const kernelsOf = ({ pid }: Server) => processesBelow(pid, '--connection-file');
    const swept = sweep('third', 'variant=lstm', 'seed=1,2', 'steps=1500');
    await two.until(() => kernelsOf(two).length > 0 && kernelsOf(one).length > 0);
    const kernels = kernelsOf(two);
    for (const pid of processesBelow(two.pid, 'python')) process.kill(pid, 'SIGKILL');
    const { code, stderr } = await swept;
    assert.equal(code, 0, stderr);
    assert.deepEqual(
      table('third').map(row => Number(row.accuracy) > 0.99),
      [true, true],
    );
    assert.equal(new Set(stderr.match(/tcp:\/\/[\d.:]+/g)).size, 1, stderr);
    const left = () => kernels.filter(pid => existsSync(`/proc/${pid}`));
    for (let waited = 0; waited < 10_000 && left().length > 0; waited += 100) await sleep(100);
    assert.deepEqual(left(), []);
  });

  it('leaves no process and no connection file behind', async () => {
    await Promise.all(workers.map(worker => worker.end()));
    await scheduler?.end();
    await clients.assertNoneLeft();
    // nbclient puts connection files among the temporary ones.
    const left = readdirSync(clients.path('temporary')).filter(name => name.endsWith('.json'));
    assert.deepEqual(left, []);
  });
});
