import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { UserName } from '../../../../../../src/domain/user.ts';
import { CliHarness } from '../../../../../support/cli-harness.ts';

describe('configure users operator', () => {
  it('makes a user an operator, which the list tells, and takes the right away with --off', async () => {
    const cli = new CliHarness();
    await cli.run('configure users add alice', { input: 'open sesame\n' });
    const made = await cli.run('configure users operator alice');
    assert.deepEqual(made, { code: 0, stdout: '"alice" is an operator.\n', stderr: '' });
    assert.equal((await cli.users.find('alice' as UserName))?.admin, true);
    assert.equal((await cli.run('configure users list')).stdout, 'alice: (no names; operator)\n');
    const { stdout } = await cli.run('configure users operator alice --off');
    assert.equal(stdout, '"alice" is no operator any more.\n');
    assert.equal((await cli.users.find('alice' as UserName))?.admin, undefined);
  });

  it('says that there is no such user', async () => {
    const { code, stderr } = await new CliHarness().run('configure users operator bob');
    assert.equal(code, 1);
    assert.match(stderr, /there is no user "bob"/);
  });
});
