// Finding Node on machines that are only described: order, versions, and what is said of useless ones.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { candidates, findNode, type Machine, parseVersion, thisMachine } from '../../extension/find-node.ts';

/** A machine whose files are `versions`: path of a Node to what it prints, or an Error. */
function machineWith(versions: Record<string, string | Error>, more: Partial<Machine> = {}): Machine {
  const paths = Object.keys(versions).map(path => path.replaceAll('\\', '/'));
  return {
    platform: 'linux',
    home: '/home/LEARNER',
    env: { PATH: '/usr/bin:/bin' },
    list: folder => {
      const inside = `${folder.replaceAll('\\', '/')}/`;
      const names = paths.filter(path => path.startsWith(inside)).map(path => path.slice(inside.length));
      return [...new Set(names.map(name => name.split('/')[0]!))];
    },
    version: async file => {
      const absent = Object.assign(new Error(`spawn ${file} ENOENT`), { code: 'ENOENT' });
      const printed = versions[file] ?? absent;
      if (printed instanceof Error) throw printed;
      return printed;
    },
    ...more,
  };
}

test('findNode() takes the first Node on PATH that is new enough', async () => {
  const machine = machineWith(
    { '/opt/old/node': 'v18.2.0\n', '/opt/new/node': 'v22.3.1\n', '/usr/bin/node': 'v20.0.0\n' },
    { env: { PATH: '/opt/old:/opt/new:/usr/bin' } },
  );
  assert.deepEqual(await findNode('', machine), { kind: 'found', path: '/opt/new/node', version: '22.3.1' });
});

test('findNode() looks where version managers keep theirs, newest by number', async () => {
  const machine = machineWith({
    '/home/LEARNER/.nvm/versions/node/v9.11.2/bin/node': 'v9.11.2',
    '/home/LEARNER/.nvm/versions/node/v20.9.0/bin/node': 'v20.9.0',
    '/home/LEARNER/.nvm/versions/node/v20.11.0/bin/node': 'v20.11.0',
  });
  assert.deepEqual(await findNode('', machine), {
    kind: 'found',
    path: '/home/LEARNER/.nvm/versions/node/v20.11.0/bin/node',
    version: '20.11.0',
  });
});

test('candidates() know volta, fnm, asdf, mise and the usual folders', () => {
  const machine = machineWith({
    '/home/LEARNER/.volta/tools/image/node/20.1.0/bin/node': '',
    '/home/LEARNER/.local/share/fnm/node-versions/v20.2.0/installation/bin/node': '',
    '/home/LEARNER/.asdf/installs/nodejs/20.3.0/bin/node': '',
    '/home/LEARNER/.local/share/mise/installs/node/20.4.0/bin/node': '',
    '/usr/local/bin/node': '',
  });
  assert.deepEqual(candidates(machine), [
    '/home/LEARNER/.volta/tools/image/node/20.1.0/bin/node',
    '/home/LEARNER/.local/share/fnm/node-versions/v20.2.0/installation/bin/node',
    '/home/LEARNER/.asdf/installs/nodejs/20.3.0/bin/node',
    '/home/LEARNER/.local/share/mise/installs/node/20.4.0/bin/node',
    '/usr/local/bin/node',
  ]);
});

test('candidates() on Windows: PATH with backslashes, nvm, Program Files', () => {
  const machine = machineWith(
    { 'D:/tools/node.exe': '', 'C:/Program Files/nodejs/node.exe': '', 'C:/nvm/v20.1.0/node.exe': '' },
    {
      platform: 'win32',
      env: { Path: 'C:\\Windows;D:\\tools', ProgramFiles: 'C:\\Program Files', NVM_HOME: 'C:\\nvm' },
    },
  );
  assert.deepEqual(candidates(machine), [
    'D:\\tools\\node.exe',
    'C:\\nvm\\v20.1.0\\node.exe',
    'C:\\Program Files\\nodejs\\node.exe',
  ]);
});

test('findNode() with a setting tries nothing else and tells what was wrong with it', async () => {
  const machine = machineWith({ '/usr/bin/node': 'v24.0.0', '/opt/node': 'v18.2.0', '/opt/cat': 'meow' });
  assert.deepEqual(await findNode('/no/node', machine), {
    kind: 'none',
    tried: [{ path: '/no/node', problem: 'missing' }],
  });
  assert.deepEqual(await findNode('/opt/node', machine), {
    kind: 'none',
    tried: [{ path: '/opt/node', problem: 'old', version: '18.2.0' }],
  });
  assert.deepEqual(await findNode('/opt/cat', machine), {
    kind: 'none',
    tried: [{ path: '/opt/cat', problem: 'broken', message: 'it printed "meow", not a version of Node' }],
  });
});

test('findNode() without any Node names the old ones, not the unusable files', async () => {
  const machine = machineWith(
    { '/usr/bin/node': 'v12.22.9', '/bin/node': new Error('EACCES') },
    { env: { PATH: '/bin:/usr/bin' } },
  );
  assert.deepEqual(await findNode('', machine), {
    kind: 'none',
    tried: [{ path: '/usr/bin/node', problem: 'old', version: '12.22.9' }],
  });
  assert.deepEqual(await findNode('', machineWith({})), { kind: 'none', tried: [] });
});

test('parseVersion() reads releases and pre-releases and refuses the rest', () => {
  assert.deepEqual(parseVersion('v20.11.1\n'), { text: '20.11.1', major: 20 });
  assert.deepEqual(parseVersion('v25.0.0-nightly2025'), { text: '25.0.0-nightly2025', major: 25 });
  assert.throws(() => parseVersion('20.11.1'), /not a version of Node/);
  assert.throws(() => parseVersion(''), /it printed ""/);
});

test('thisMachine really runs a file, and lists nothing where there is no folder', async () => {
  assert.equal((await thisMachine.version(process.execPath)).trim(), process.version);
  await assert.rejects(thisMachine.version('/no/such/node'), /ENOENT/);
  assert.deepEqual(thisMachine.list('/no/such/folder'), []);
});
