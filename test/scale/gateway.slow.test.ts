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
          env: { EG_AUTH_TOKEN: token, EG_INHERITED_ENVS: 'PATH,HOME,XDG_CACHE_HOME', XDG_CACHE_HOME: CACHE },
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
    onClient.run(
      'python',
      [REMOTE, notebook, '--url', at, '--token', token, '--output', onClient.path(output), ...more],
      { env: { KERNEL_USERNAME: 'learner' } },
    );
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

  it('gives kernels the variables that it is told to, and no other', async () => {
    const names =
      "['PATH', 'HOME', 'XDG_CACHE_HOME', 'EG_AUTH_TOKEN'].map(name => process.env[name] ?? null)";
    const { code, stderr } = await remote(written('env.ipynb', `JSON.stringify(${names})`), 'env-out.ipynb');
    assert.equal(code, 0, stderr);
    const [cell] = codeCells(readFileSync(onClient.path('env-out.ipynb'), 'utf8'));
    const text = String(cell?.outputs[0]?.data?.['text/plain']).slice(1, -1);
    assert.deepEqual(JSON.parse(text), [process.env.PATH, process.env.HOME, CACHE, null]);
  });

  it('hands back the error of a failed cell, with the notebook as far as it ran', async () => {
    const { code, stderr } = await remote(
      written('fails.ipynb', 'const held = 41;', 'throw new RangeError("no " + (held + 1))', '1'),
      'failed.ipynb',
    );
    assert.equal(code, 1);
    assert.match(stderr, /RangeError: no 42/);
    const cells = codeCells(readFileSync(onClient.path('failed.ipynb'), 'utf8'));
    assert.equal(cells[1]?.outputs[0]?.ename, 'RangeError');
    assert.deepEqual(cells[2]?.outputs, []);
  });

  it('ends a kernel whose cell never ends, when the time is up', async () => {
    const { code, stderr } = await remote(written('endless.ipynb', 'while (true) {}'), 'ended.ipynb', [
      '--timeout=2',
    ]);
    assert.equal(code, 1);
    assert.match(stderr, /timed out/i);
    assert.deepEqual(await kernels(), []);
  });

  it('says that a kernel is not there, or that the token is wrong', async () => {
    const notebook = written('one.ipynb', '1');
    const missing = await remote(notebook, 'missing.ipynb', ['--kernel', 'fortran']);
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, / has no kernel "fortran"\. Kernels: gatebook$/m);
    const stranger = await remote(notebook, 'stranger.ipynb', ['--token', 'a guess at it']);
    assert.equal(stranger.code, 1);
    assert.match(stranger.stderr, /HTTP Error 401/);
    for (const { stderr } of [missing, stranger]) assert.doesNotMatch(stderr, /Traceback/);
  });

  it('serves a Jupyter Server that has no kernels of its own', async () => {
    const [port] = await freePorts(1);
    const front = new Server(
      onClient.start(
        'jupyter',
        [
          ...[
            'server',
            '--no-browser',
            '--allow-root',
            '--ServerApp.ip=127.0.0.1',
            `--ServerApp.port=${port}`,
          ],
          ...[
            `--IdentityProvider.token=${token}`,
            `--gateway-url=${url}`,
            `--GatewayClient.auth_token=${token}`,
          ],
        ],
        { env: { KERNEL_USERNAME: 'learner' } },
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
