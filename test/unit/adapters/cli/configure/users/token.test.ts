import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { UserName } from '../../../../../../src/domain/user.ts';
import { CliHarness } from '../../../../../support/cli-harness.ts';

const ALICE = 'alice' as UserName;

async function withAlice(): Promise<CliHarness> {
  const cli = new CliHarness();
  await cli.run('configure users add alice', { input: 'open sesame\n' });
  await cli.run('configure users auth alice home.example.org cam.example.org');
  return cli;
}

describe('configure users token add', () => {
  it('prints the secret, and nothing else, on standard output', async () => {
    const cli = await withAlice();
    assert.deepEqual(await cli.run('configure users token add alice'), {
      code: 0,
      stdout: 'secret-1\n',
      stderr: 'Token "token-1" of "alice". Its secret is shown only this once:\n',
    });
    const [token] = (await cli.users.find(ALICE))?.tokens ?? [];
    assert.equal(token?.name, 'token-1');
    assert.equal(token.domains, undefined);
  });

  it('with domains and a name: kept so', async () => {
    const cli = await withAlice();
    const line =
      'configure users token add alice --domain CAM.example.org. --domain=home.example.org --name camera';
    assert.equal((await cli.run(line)).code, 0);
    const [token] = (await cli.users.find(ALICE))?.tokens ?? [];
    assert.equal(token?.name, 'camera');
    assert.deepEqual(token.domains, ['cam.example.org', 'home.example.org']);
  });

  for (const [line, reason] of [
    ['alice --domain nas.example.org', /^dynonym: --domain: "alice" was not granted nas\.example\.org/],
    ['alice --domain example..org', /^dynonym: --domain "example\.\.org": /],
    ["alice --name 'a b'", /^dynonym: --name "a b": a token name has/],
    ['alice --name ..', /^dynonym: --name "\.\.": the names \. and \.\. cannot be in a path/],
    ["alice --name ''", /^dynonym: --name "": a token name has/],
    ['bob', /^dynonym: there is no user "bob"/],
  ] as const) {
    it(`${line}: refused, nothing is kept`, async () => {
      const cli = await withAlice();
      const { code, stdout, stderr } = await cli.run(`configure users token add ${line}`);
      assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
      assert.match(stderr, reason);
      assert.match(stderr, /^[^\n]+\n$/);
      assert.deepEqual((await cli.users.find(ALICE))?.tokens, []);
    });
  }

  it('a name that is taken: refused without showing a secret', async () => {
    const cli = await withAlice();
    await cli.run('configure users token add alice --name camera');
    assert.deepEqual(await cli.run('configure users token add alice --name camera'), {
      code: 1,
      stdout: '',
      stderr: 'dynonym: "alice" has a token "camera" already; choose another --name\n',
    });
  });
});

describe('configure users token list', () => {
  it('one line for each token, no secret', async () => {
    const cli = await withAlice();
    await cli.run('configure users token add alice --name router');
    await cli.run('configure users token add alice --name camera --domain cam.example.org');
    assert.deepEqual(await cli.run('configure users token list alice'), {
      code: 0,
      stdout: 'router: (all names)\ncamera: cam.example.org\n',
      stderr: '',
    });
  });

  it('no tokens: nothing on standard output', async () => {
    const cli = await withAlice();
    assert.deepEqual(await cli.run('configure users token list alice'), {
      code: 0,
      stdout: '',
      stderr: '"alice" has no tokens.\n',
    });
  });

  it('an unknown user: refused', async () => {
    const { code, stderr } = await new CliHarness().run('configure users token list bob');
    assert.equal(code, 1);
    assert.match(stderr, /^dynonym: there is no user "bob"/);
  });
});

describe('configure users token rm', () => {
  it('a token: gone, the others stay', async () => {
    const cli = await withAlice();
    await cli.run('configure users token add alice --name router');
    await cli.run('configure users token add alice --name camera');
    assert.deepEqual(await cli.run('configure users token rm alice router'), {
      code: 0,
      stdout: 'Removed the token "router" of "alice".\n',
      stderr: '',
    });
    const tokens = (await cli.users.find(ALICE))?.tokens ?? [];
    assert.deepEqual(
      tokens.map(({ name }) => name),
      ['camera'],
    );
  });

  for (const [line, reason] of [
    ['alice router', /^dynonym: "alice" has no token "router"; .*token list/],
    ["alice 'a b'", /^dynonym: TOKEN "a b": a token name has/],
    ['bob router', /^dynonym: there is no user "bob"/],
    ['alice', /^dynonym: TOKEN is missing\. /],
  ] as const) {
    it(`${line}: refused`, async () => {
      const cli = await withAlice();
      const { code, stdout, stderr } = await cli.run(`configure users token rm ${line}`);
      assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
      assert.match(stderr, reason);
    });
  }
});
