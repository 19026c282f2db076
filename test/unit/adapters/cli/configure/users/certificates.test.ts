import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { UserName } from '../../../../../../src/domain/user.ts';
import { CliHarness } from '../../../../../support/cli-harness.ts';

async function withAlice(): Promise<CliHarness> {
  const cli = new CliHarness();
  await cli.run('configure users add alice', { input: 'open sesame\n' });
  await cli.run('configure users auth alice home.example.org');
  return cli;
}

const alice = (cli: CliHarness) => cli.users.find('alice' as UserName);

describe('configure users certificates', () => {
  for (const [setting, kept, listed] of [
    ['on', true, 'alice: home.example.org (certificates on)\n'],
    ['off', false, 'alice: home.example.org (certificates off)\n'],
    ['default', undefined, 'alice: home.example.org\n'],
  ] as const) {
    it(`${setting}: kept, and told by the list`, async () => {
      const cli = await withAlice();
      await cli.run('configure users certificates alice on');
      assert.equal((await cli.run(`configure users certificates alice ${setting}`)).code, 0);
      assert.equal((await alice(cli))?.certificates, kept);
      assert.equal((await cli.run('configure users list')).stdout, listed);
    });
  }

  for (const [args, reason] of [
    ['alice maybe', /"maybe": say on, off or default/],
    ['bob on', /there is no user "bob"/],
  ] as const) {
    it(`${args}: refused`, async () => {
      const { code, stderr } = await (await withAlice()).run(`configure users certificates ${args}`);
      assert.equal(code, 1);
      assert.match(stderr, reason);
    });
  }
});

describe('configure users token add, for more than addresses', () => {
  for (const [option, use] of [
    ['--certificates', 'updates and certificates'],
    ['--certificates-only', 'certificates'],
    ['--api read', 'api:read'],
    ['--api write', 'api:write'],
  ] as const) {
    it(`${option}: kept, and told by the list`, async () => {
      const cli = await withAlice();
      assert.equal((await cli.run(`configure users token add alice ${option}`)).code, 0);
      assert.equal((await alice(cli))?.tokens[0]?.use, use);
      const { stdout } = await cli.run('configure users token list alice');
      assert.equal(stdout, `token-1: (all names) (for ${use})\n`);
    });
  }

  for (const [options, reason] of [
    ['--certificates --certificates-only', /exclude each other/],
    ['--certificates --api read', /exclude each other/],
    ['--api all', /--api: say read, write or operate/],
  ] as const) {
    it(`${options}: refused, nothing is kept`, async () => {
      const cli = await withAlice();
      const { code, stderr } = await cli.run(`configure users token add alice ${options}`);
      assert.equal(code, 1);
      assert.match(stderr, reason);
      assert.deepEqual((await alice(cli))?.tokens, []);
    });
  }
});
