// docs/scale.md, "Enterprise Gateway": a lesson on kernels that a real gateway starts, for a client that has
// none; and through a Jupyter Server in front of it, as a person's JupyterLab goes.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Clients, type Ended } from '../jupyter/clients.ts';
import { codeCells, notebookOf } from './notebooks.ts';
import { freePorts, Server } from './servers.ts';

const CACHE = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
const LESSONS = join(process.cwd(), 'notebooks', 'en');
const REMOTE = join(process.cwd(), 'docs', 'scale', 'remote.py');

describe('Enterprise Gateway', () => {
  const token = randomUUID();
  const authorization = { authorization: `token ${token}` };
  const onGateway = new Clients('gateway');
  const onClient = new Clients('clients');
  let gateway: Server | undefined;
  let url = '';
  before(async () => {
    await onGateway.installKernel();
    const [port] = await freePorts(1);
    url = `http://127.0.0.1:${port}`;
    gateway = new Server(
      onGateway.start(
        'jupyter',
        [
          ...['enterprisegateway', '--ip=127.0.0.1', `--port=${port}`],
          ...['--EnterpriseGatewayApp.port_retries=0', '--EnterpriseGatewayApp.list_kernels=True'],
        ],
        {
          env: {
            ...{ EG_AUTH_TOKEN: token, EG_INHERITED_ENVS: 'PATH,HOME,XDG_CACHE_HOME' },
            // The kernels' progress and history go into this home.
            ...{ HOME: onGateway.path('home'), XDG_CACHE_HOME: CACHE },
          },
        },
      ),
    );
    await gateway.answers(`${url}/api/kernelspecs`, authorization);
  });
  after(async () => {
    await gateway?.end();
    onClient.close();
    onGateway.close();
  });

  /** remote.py in the environment of a client: it asks the address alone for kernels. */
  const remote = (notebook: string, output: string, more: readonly string[] = [], at = url): Promise<Ended> =>
    onClient.run('python', [REMOTE, notebook, '--url', at, '--output', onClient.path(output), ...more], {
      env: { KERNEL_USERNAME: 'ada', JUPYTER_GATEWAY_AUTH_TOKEN: token },
    });
  const written = (name: string, ...cells: string[]): string => {
    const file = onClient.path(name);
    writeFileSync(file, JSON.stringify(notebookOf(...cells)));
    return file;
  };
  const kernels = async (): Promise<unknown> =>
    (await fetch(`${url}/api/kernels`, { headers: authorization })).json();

  it('offers the kernel to whoever has the token', async () => {
    assert.equal((await fetch(`${url}/api/kernelspecs`)).status, 401);
    const specs = await (await fetch(`${url}/api/kernelspecs`, { headers: authorization })).json();
    const { spec } = (specs as { kernelspecs: Record<string, { spec: Record<string, string> }> }).kernelspecs
      .gatebook!;
    assert.equal(spec.language, 'typescript');
    assert.equal(spec.display_name, 'Gatebook (TypeScript)');
  });

  const lessons = process.env.GATEBOOK_LONG
    ? readdirSync(LESSONS).filter(name => name.endsWith('.ipynb'))
    : ['5-output-gate.ipynb'];
  for (const lesson of lessons)
    it(`runs a whole lesson, its figures included: ${lesson}`, async () => {
      const { code, stderr } = await remote(join(LESSONS, lesson), lesson);
      assert.equal(code, 0, stderr);
      const cells = codeCells(readFileSync(onClient.path(lesson), 'utf8'));
      assert.deepEqual(
        cells.map(cell => cell.execution_count),
        cells.map((_, at) => at + 1),
      );
      const types = cells.flatMap(cell => cell.outputs.flatMap(output => Object.keys(output.data ?? {})));
      assert.ok(types.includes('application/vnd.gatebook.figure+json'), types.join());
      assert.ok(types.includes('image/svg+xml'), types.join());
    });

  it('hands back the error of a failed cell, with the notebook as far as it ran', async () => {
    const names =
      "['PATH', 'HOME', 'XDG_CACHE_HOME', 'EG_AUTH_TOKEN'].map(name => process.env[name] ?? null)";
    const notebook = written(
      'fails.ipynb',
      `JSON.stringify(${names})`,
      'throw new RangeError("no " + (41 + 1))',
      '1',
    );
    const { code, stderr } = await remote(notebook, 'failed.ipynb');
    assert.equal(code, 1);
    assert.match(stderr, /RangeError: no 42/);
    const [environment, failed, unreached] = codeCells(readFileSync(onClient.path('failed.ipynb'), 'utf8'));
    assert.equal(failed?.outputs[0]?.ename, 'RangeError');
    assert.deepEqual(unreached?.outputs, []);
    // What EG_INHERITED_ENVS names reaches the kernel, the token does not.
    const text = String(environment?.outputs[0]?.data?.['text/plain']).slice(1, -1);
    assert.deepEqual(JSON.parse(text), [process.env.PATH, onGateway.path('home'), CACHE, null]);
  });

  it('interrupts a cell that takes too long, and ends its kernel', async () => {
    const notebook = written('endless.ipynb', 'while (true) {}', '1');
    const { code, stderr } = await remote(notebook, 'interrupted.ipynb', ['--timeout=2']);
    assert.equal(code, 1, stderr);
    const [endless] = codeCells(readFileSync(onClient.path('interrupted.ipynb'), 'utf8'));
    assert.match(endless?.outputs[0]?.ename ?? '', /Interrupt/i);
    assert.doesNotMatch(stderr, /\.py", line/);
    assert.deepEqual(await kernels(), []);
  });

  it('says that a kernel is not there, or that the token is wrong', async () => {
    const notebook = written('one.ipynb', '1');
    const [missing, stranger] = await Promise.all([
      remote(notebook, 'missing.ipynb', ['--kernel', 'fortran']),
      remote(notebook, 'stranger.ipynb', ['--token', 'a guess at it']),
    ]);
    assert.deepEqual([missing.code, stranger.code], [1, 1]);
    assert.match(missing.stderr, / has no kernel "fortran"\. Kernels: gatebook$/m);
    assert.match(stranger.stderr, /HTTP Error 401/);
    for (const { stderr } of [missing, stranger]) assert.doesNotMatch(stderr, /Traceback/);
  });

  it('serves a JupyterLab that has no kernels of its own', async () => {
    const [port] = await freePorts(1);
    const front = new Server(
      onClient.start(
        'jupyter',
        [
          ...['lab', `--gateway-url=${url}`, '--no-browser', '--allow-root', '--ServerApp.ip=127.0.0.1'],
          ...[`--ServerApp.port=${port}`, `--IdentityProvider.token=${token}`],
        ],
        { env: { KERNEL_USERNAME: 'ada', JUPYTER_GATEWAY_AUTH_TOKEN: token } },
      ),
    );
    try {
      const at = `http://127.0.0.1:${port}`;
      await front.answers(`${at}/api/kernelspecs`, authorization);
      const notebook = written('two.ipynb', 'const x: number = 20;', 'x * 2 + 2');
      const { code, stderr } = await remote(notebook, 'two-out.ipynb', [], at);
      assert.equal(code, 0, stderr);
      const [, last] = codeCells(readFileSync(onClient.path('two-out.ipynb'), 'utf8'));
      assert.deepEqual(last?.outputs[0]?.data?.['text/plain'], ['42']);
    } finally {
      await front.end();
    }
  });

  it('leaves no process and no connection file behind', async () => {
    assert.deepEqual(await kernels(), []);
    await gateway?.end();
    await onClient.assertNoneLeft();
    await onGateway.assertNoneLeft();
  });
});
