import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { domainName } from '../../../../../../src/domain/domain-name.ts';
import { CliHarness } from '../../../../../support/cli-harness.ts';

const NAS = domainName('nas.example.org');
const EVERYTHING =
  'configure hosts set nas.example.org --follows home.example.org --interface-id ::a:b:c:d ' +
  '--prefix-length 56 --ttl 30 --offline';

describe('configure hosts set', () => {
  it('all settings: kept, and shown by their names in the configuration', async () => {
    const cli = new CliHarness();
    assert.deepEqual(await cli.run(EVERYTHING), {
      code: 0,
      stdout:
        'nas.example.org: follows=home.example.org interface_id=::a:b:c:d prefix_length=56 ttl=30 offline=true\n',
      stderr: '',
    });
    assert.deepEqual((await cli.hosts.find([NAS])).get(NAS), {
      name: NAS,
      follows: 'home.example.org',
      interfaceId: { family: 'ipv6', text: '::a:b:c:d' },
      prefixLength: 56,
      ttl: 30,
      offline: true,
    });
  });

  it('a single setting: merged with what is known', async () => {
    const cli = new CliHarness();
    await cli.run(EVERYTHING);
    const { stdout } = await cli.run('configure hosts set NAS.example.org. --ttl 60 --no-offline');
    assert.equal(
      stdout,
      'nas.example.org: follows=home.example.org interface_id=::a:b:c:d prefix_length=56 ttl=60\n',
    );
  });

  it('what is so already: says so, and that is a success', async () => {
    const cli = new CliHarness();
    await cli.run('configure hosts set nas.example.org --ttl 60');
    assert.deepEqual(await cli.run('configure hosts set nas.example.org --ttl 60'), {
      code: 0,
      stdout: 'nas.example.org: ttl=60 (as before)\n',
      stderr: '',
    });
  });

  for (const [line, reason] of [
    ['nas.example.org', /^dynonym: nothing to change; dynonym configure hosts set --help/],
    ['nas..example.org --ttl 5', /^dynonym: HOST "nas\.\.example\.org": /],
    [
      'nas.example.org --follows nas.example.org',
      /^dynonym: --follows: nas\.example\.org cannot follow itself/,
    ],
    ['nas.example.org --follows home..org', /^dynonym: --follows "home\.\.org": /],
    ['nas.example.org --interface-id 192.0.2.1', /^dynonym: --interface-id "192\.0\.2\.1": /],
    ['nas.example.org --interface-id ::1/64', /^dynonym: --interface-id "::1\/64": /],
    ['nas.example.org --prefix-length 65', /^dynonym: --prefix-length "65": /],
    ['nas.example.org --ttl 1h', /^dynonym: --ttl "1h": /],
  ] as const) {
    it(`${line}: refused, nothing is kept`, async () => {
      const cli = new CliHarness();
      const { code, stdout, stderr } = await cli.run(`configure hosts set ${line}`);
      assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
      assert.match(stderr, reason);
      assert.match(stderr, /^[^\n]+\n$/);
      assert.equal((await cli.hosts.find([NAS])).get(NAS), undefined);
    });
  }
});

describe('configure hosts clear', () => {
  it('without options: everything is forgotten', async () => {
    const cli = new CliHarness();
    await cli.run(EVERYTHING);
    assert.deepEqual(await cli.run('configure hosts clear NAS.example.org'), {
      code: 0,
      stdout: 'Removed the settings of nas.example.org.\n',
      stderr: '',
    });
    assert.equal((await cli.hosts.find([NAS])).get(NAS), undefined);
  });

  for (const [options, left] of [
    ['--follows', 'interface_id=::a:b:c:d prefix_length=56 ttl=30 offline=true'],
    ['--interface-id', 'follows=home.example.org prefix_length=56 ttl=30 offline=true'],
    ['--prefix-length --ttl', 'follows=home.example.org interface_id=::a:b:c:d offline=true'],
    ['--offline', 'follows=home.example.org interface_id=::a:b:c:d prefix_length=56 ttl=30'],
    ['--follows --interface-id --prefix-length --ttl --offline', '(nothing)'],
  ] as const) {
    it(`${options}: the rest stays`, async () => {
      const cli = new CliHarness();
      await cli.run(EVERYTHING);
      const { code, stdout } = await cli.run(`configure hosts clear nas.example.org ${options}`);
      assert.deepEqual({ code, stdout }, { code: 0, stdout: `nas.example.org: ${left}\n` });
    });
  }

  it('a host of which nothing is known: says so, and that is a success', async () => {
    const cli = new CliHarness();
    assert.deepEqual(await cli.run('configure hosts clear nas.example.org'), {
      code: 0,
      stdout: 'nas.example.org has no settings.\n',
      stderr: '',
    });
    assert.deepEqual(await cli.run('configure hosts clear nas.example.org --ttl'), {
      code: 0,
      stdout: 'nas.example.org: (nothing) (as before)\n',
      stderr: '',
    });
  });

  it('a name that is none: refused', async () => {
    const { code, stderr } = await new CliHarness().run("configure hosts clear 'a b'");
    assert.equal(code, 1);
    assert.match(stderr, /^dynonym: HOST "a b": /);
  });
});

describe('configure hosts list', () => {
  it('one line for each host, in the order of the store', async () => {
    const cli = new CliHarness();
    await cli.run('configure hosts set nas.example.org --follows home.example.org');
    await cli.run('configure hosts set cam.example.org --ttl 10');
    assert.deepEqual(await cli.run('configure hosts list'), {
      code: 0,
      stdout: 'nas.example.org: follows=home.example.org\ncam.example.org: ttl=10\n',
      stderr: '',
    });
  });

  it('no hosts: nothing on standard output', async () => {
    assert.deepEqual(await new CliHarness().run('configure hosts list'), {
      code: 0,
      stdout: '',
      stderr: 'There are no settings of hosts in "dynonym.toml".\n',
    });
  });
});
