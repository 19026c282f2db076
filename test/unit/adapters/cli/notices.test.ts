import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NoticeOutcome } from '../../../../src/application/ports/notice-sender.ts';
import { CliHarness } from '../../../support/cli-harness.ts';
import { targetAt } from '../../../support/notices.ts';

const TAKEN: NoticeOutcome = { kind: 'taken' };
const FAILED: NoticeOutcome = { kind: 'failed', reason: 'it answers 404', refused: false };

function harness(...outcomes: readonly NoticeOutcome[]) {
  const asked: (string | undefined)[] = [];
  const cli = new CliHarness();
  cli.testNotices = {
    async run(to, user) {
      if (user === 'nobody') return 'unknown-user';
      asked.push(user === undefined ? to : `${user}: ${to ?? 'all'}`);
      return outcomes.map((outcome, index) => ({
        target: targetAt(`https://hooks${index}.example.org/path-that-is-secret`),
        outcome,
      }));
    },
  };
  return { cli, asked };
}

describe('notices test', () => {
  it('prints a line for each target, without what is secret in its address', async () => {
    const { cli, asked } = harness(TAKEN, FAILED);
    assert.deepEqual(await cli.run('notices test'), {
      code: 1,
      stdout: 'https://hooks0.example.org: sent\nhttps://hooks1.example.org: not sent: it answers 404\n',
      stderr: '',
    });
    assert.deepEqual(asked, [undefined]);
  });

  it('ends with 0 when all targets took the notice', async () => {
    const { cli, asked } = harness(TAKEN);
    assert.equal((await cli.run('notices test --to https://hooks0.example.org')).code, 0);
    assert.deepEqual(asked, ['https://hooks0.example.org']);
  });

  it('asks for the targets of a user, and says when there is no such user', async () => {
    const { cli, asked } = harness(TAKEN);
    assert.equal((await cli.run('notices test --user alice')).code, 0);
    assert.deepEqual(asked, ['alice: all']);
    const { code, stderr } = await cli.run('notices test --user nobody');
    assert.deepEqual([code, stderr], [1, 'dynonym: there is no user "nobody"\n']);
    const none = await harness().cli.run('notices test --user alice');
    assert.equal(none.stderr, 'dynonym: there are no notices of "alice"\n');
  });

  it('says when there is nothing to test', async () => {
    const { cli } = harness();
    assert.deepEqual(await cli.run('notices test -c x.toml'), {
      code: 1,
      stdout: '',
      stderr: 'dynonym: there are no [[notices]] in "x.toml"\n',
    });
    const { stderr } = await cli.run('notices test --to mailto:a@example.org');
    assert.match(stderr, /no \[\[notices\]\] in "dynonym\.toml" go there; without --to, all/);
  });
});
