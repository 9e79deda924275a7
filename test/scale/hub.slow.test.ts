// docs/scale.md, "JupyterHub": a real hub with its proxy; a user logs in, starts a server, and runs cells on
// our kernel through the hub's own address.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Clients } from '../jupyter/clients.ts';
import { HubUser } from './hub-user.ts';
import { codeCells, notebookOf } from './notebooks.ts';
import { freePorts, Server } from './servers.ts';

const CACHE = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
const SCALE = join(process.cwd(), 'docs', 'scale');
const PROXY = join(process.cwd(), 'node_modules', '.bin', 'configurable-http-proxy');

describe('JupyterHub', () => {
  const password = randomUUID();
  const clients = new Clients('hub');
  let hub: Server | undefined;
  let url = '';
  let ada: HubUser;
  before(async () => {
    await clients.installKernel();
    mkdirSync(clients.path('homes'));
    const [port, hubPort, proxyPort] = await freePorts(3);
    url = `http://127.0.0.1:${port}`;
    hub = new Server(
      clients.start('jupyterhub', ['--config', join(SCALE, 'jupyterhub_config.py')], {
        env: {
          PATH: `${join(clients.venv, 'bin')}${delimiter}${process.env.PATH}`,
          XDG_CACHE_HOME: CACHE,
          ...{ HUB_URL: url, HUB_PORT: String(hubPort), HUB_PROXY: PROXY },
          HUB_PROXY_API: `http://127.0.0.1:${proxyPort}`,
          ...{ HUB_PASSWORD: password, HUB_HOMES: clients.path('homes') },
        },
      }),
    );
    await hub.answers(`${url}/hub/api`);
  });
  after(async () => {
    await hub?.end();
    clients.close();
  });

  it('lets in who knows the password, and starts a server that offers the kernel', async () => {
    await assert.rejects(HubUser.logIn(url, 'eve', 'a guess at it'), /403|401|log in/);
    ada = await HubUser.logIn(url, 'ada', password);
    await ada.startServer();
    const { kernelspecs } = await ada.get<{ kernelspecs: object }>('/user/ada/api/kernelspecs');
    assert.ok(Object.keys(kernelspecs).includes('gatebook'), Object.keys(kernelspecs).join());
  });

  it("runs cells through the hub's websocket, in the user's home, on the shared native TensorFlow", async () => {
    const notebook = clients.path('cells.ipynb');
    const cells = [
      "import { backendStatus, lstm, tf } from 'gatebook';\nconst layer = lstm({ units: 2, seed: 1 });",
      'layer.apply(tf.ones([1, 3, 2])).shape',
      'process.cwd()',
      'JSON.stringify(backendStatus())',
      'process.env.XDG_CACHE_HOME',
    ];
    writeFileSync(notebook, JSON.stringify(notebookOf(...cells)));
    const { code, stderr } = await clients.run('python', [
      ...[join(SCALE, 'remote.py'), notebook, '--url', `${url}/user/ada`, '--token', ada.token],
      ...['--output', clients.path('out.ipynb')],
    ]);
    assert.equal(code, 0, stderr);
    const results = codeCells(readFileSync(clients.path('out.ipynb'), 'utf8')).map(cell =>
      String(cell.outputs[0]?.data?.['text/plain']),
    );
    assert.match(results[1] ?? '', /1, 2/);
    assert.match(results[2] ?? '', new RegExp(clients.path('homes', 'ada')));
    assert.match(results[3] ?? '', /tensorflow/);
    assert.equal(results[4], `'${CACHE}'`);
    // What the kernel keeps of a user, as history and progress, lies in that user's home.
    assert.ok(existsSync(clients.path('homes', 'ada', '.local', 'share', 'gatebook')));
  });

  it("ends a user's kernels with the user's server", async () => {
    await ada.post('/user/ada/api/kernels', { name: 'gatebook' });
    const kernels = () => clients.alive().filter(line => line.includes('--connection-file'));
    for (let waited = 0; waited < 5000 && kernels().length === 0; waited += 100) await sleep(100);
    assert.ok(kernels().length > 0);
    await ada.stopServer();
    for (let waited = 0; waited < 10_000 && kernels().length > 0; waited += 100) await sleep(100);
    assert.deepEqual(kernels(), []);
  });

  it('leaves no process behind', async () => {
    await hub?.end();
    await clients.assertNoneLeft();
  });
});
