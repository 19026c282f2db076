import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { UserName } from '../../../../../../src/domain/user.ts';
import { CliHarness } from '../../../../../support/cli-harness.ts';

const ALICE = 'alice' as UserName;

async function withAlice(): Promise<CliHarness> {
  const cli = new CliHarness();
  await cli.run('configure users add alice', { input: 'open sesame\n' });
  return cli;
}

describe('configure users passkey', () => {
  it('lists the passkeys of a user, and removes one', async () => {
    const cli = await withAlice();
    for (const [id, name] of ['my telephone', 'Schlüssel'].entries()) {
      const since = Date.UTC(2026, 10, 29);
      await cli.users.addPasskey(ALICE, { name, id: `id-${id}`, publicKey: 'key', counter: 0, since });
    }
    const list = 'configure users passkey list alice';
    assert.equal((await cli.run(list)).stdout, '2026-11-29  my telephone\n2026-11-29  Schlüssel\n');
    assert.equal((await cli.run("configure users passkey rm alice 'my telephone'")).code, 0);
    assert.equal((await cli.run(list)).stdout, '2026-11-29  Schlüssel\n');
  });

  it('of a user without any: says where they come from', async () => {
    const { code, stdout, stderr } = await (await withAlice()).run('configure users passkey list alice');
    assert.deepEqual({ code, stdout }, { code: 0, stdout: '' });
    assert.match(stderr, /users add them on the page of their account/);
  });

  for (const [args, reason] of [
    ['list bob', /there is no user "bob"/],
    ['rm bob Phone', /there is no user "bob"/],
    ['rm alice Phone', /"alice" has no passkey "Phone"; .*passkey list shows all/],
    ["rm alice ''", /PASSKEY "": a passkey name has/],
  ] as const) {
    it(`${args}: refused in one line`, async () => {
      const { code, stderr } = await (await withAlice()).run(`configure users passkey ${args}`);
      assert.equal(code, 1);
      assert.match(stderr, reason);
      assert.match(stderr, /^[^\n]+\n$/);
    });
  }
});

describe('configure users oidc', () => {
  it('sets who a user is at the provider, and takes it away', async () => {
    const cli = await withAlice();
    assert.equal((await cli.run('configure users oidc alice 24400320')).code, 0);
    assert.equal((await cli.users.find(ALICE))?.identity, '24400320');
    assert.equal((await cli.run('configure users oidc alice')).code, 0);
    assert.equal((await cli.users.find(ALICE))?.identity, undefined);
  });

  it('gives no two users the same value', async () => {
    const cli = await withAlice();
    await cli.run('configure users add bob', { input: 'hunter2\n' });
    await cli.run('configure users oidc alice alice@example.org');
    const { code, stderr } = await cli.run('configure users oidc bob alice@example.org');
    assert.equal(code, 1);
    assert.match(stderr, /VALUE "alice@example\.org": another user has it/);
  });

  for (const [args, reason] of [
    ['bob 1', /there is no user "bob"/],
    ["alice ''", /VALUE "": what the provider calls a user has/],
  ] as const) {
    it(`${args}: refused`, async () => {
      const { code, stderr } = await (await withAlice()).run(`configure users oidc ${args}`);
      assert.equal(code, 1);
      assert.match(stderr, reason);
    });
  }
});
