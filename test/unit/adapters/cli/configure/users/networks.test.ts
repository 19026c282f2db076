import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { networkText } from '../../../../../../src/domain/network.ts';
import type { UserName } from '../../../../../../src/domain/user.ts';
import { CliHarness } from '../../../../../support/cli-harness.ts';

async function withAlice(): Promise<CliHarness> {
  const cli = new CliHarness();
  assert.equal((await cli.run('configure users add alice', { input: 'open sesame\n' })).code, 0);
  return cli;
}

const networksOf = async (cli: CliHarness) =>
  (await cli.users.find('alice' as UserName))?.networks.map(networkText);

describe('configure users networks', () => {
  it('networks: in the place of those before, and told by the list', async () => {
    const cli = await withAlice();
    await cli.run('configure users networks alice 198.51.100.0/24');
    assert.deepEqual(await cli.run('configure users networks alice 192.0.2.0/24 2001:db8::7'), {
      code: 0,
      stdout: '"alice" may log in from 192.0.2.0/24 2001:db8::7/128.\n',
      stderr: '',
    });
    assert.deepEqual(await networksOf(cli), ['192.0.2.0/24', '2001:db8::7/128']);
    const { stdout } = await cli.run('configure users list');
    assert.equal(stdout, 'alice: (no names; from 192.0.2.0/24 2001:db8::7/128)\n');
  });

  it('--any: from everywhere again', async () => {
    const cli = await withAlice();
    await cli.run('configure users networks alice 192.0.2.0/24');
    const { code, stdout } = await cli.run('configure users networks alice --any');
    assert.deepEqual([code, stdout], [0, '"alice" may log in from everywhere.\n']);
    assert.deepEqual(await networksOf(cli), []);
  });

  for (const [args, reason] of [
    ['alice', /name NETWORKs, or give --any/],
    ['alice 192.0.2.0/24 --any', /name NETWORKs, or give --any/],
    ['alice 192.0.2.0/24 192.0.2.0/33', /NETWORK "192\.0\.2\.0\/33": the length/],
    ['bob 192.0.2.0/24', /there is no user "bob"/],
  ] as const) {
    it(`${args}: refused, and nothing is changed`, async () => {
      const cli = await withAlice();
      const { code, stderr } = await cli.run(`configure users networks ${args}`);
      assert.equal(code, 1);
      assert.match(stderr, reason);
      assert.deepEqual(await networksOf(cli), []);
    });
  }
});
