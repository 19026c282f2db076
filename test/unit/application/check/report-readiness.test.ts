import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ReportReadiness } from '../../../../src/application/check/report-readiness.ts';
import type { Primary } from '../../../../src/application/manage/settings.ts';
import { parseSocketAddress, socketText } from '../../../../src/domain/socket-address.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { valueIn } from '../../../support/parsed.ts';
import { primaryAt } from '../../../support/primary-at.ts';

const at = (socket: string) => primaryAt(valueIn(parseSocketAddress(socket)));

/** Primaries that answer at once with `troubles`, or not at all where that is `silent`. */
function readiness(...sockets: readonly string[]) {
  const clock = new ManualClock();
  const troubles = new Map<string, string | undefined>();
  const asked: string[] = [];
  const reach = {
    reach({ socket }: Primary): Promise<string | undefined> {
      asked.push(socketText(socket));
      const trouble = troubles.get(socketText(socket));
      return trouble === 'silent' ? new Promise(() => {}) : Promise.resolve(trouble);
    },
  };
  const primaries = sockets.map(at);
  const report = new ReportReadiness(() => primaries, reach, clock);
  const told = async () => (await report.execute()).map(({ trouble }) => trouble);
  return { clock, troubles, asked, report, told };
}

const [ONE, OTHER] = ['192.0.2.53:53', '[2001:db8::53]:53'] as const;

describe('readiness', () => {
  it('is told of each primary in its order', async () => {
    const { troubles, report } = readiness(ONE, OTHER);
    troubles.set(OTHER, 'connection refused');
    const told = (await report.execute()).map(({ primary, trouble }) => [socketText(primary), trouble]);
    assert.deepEqual(told, [
      [ONE, undefined],
      [OTHER, 'connection refused'],
    ]);
  });

  it('does not ask again for ten seconds where there was an answer', async () => {
    const { clock, troubles, asked, told } = readiness(ONE);
    await told();
    troubles.set(ONE, 'gone');
    await clock.advance(9_999);
    assert.deepEqual(await told(), [undefined]);
    assert.equal(asked.length, 1);
    await clock.advance(1);
    assert.deepEqual(await told(), ['gone']);
  });

  it('asks every time where there was none, so that a recovery is seen at once', async () => {
    const { troubles, told } = readiness(ONE);
    troubles.set(ONE, 'gone');
    assert.deepEqual(await told(), ['gone']);
    troubles.delete(ONE);
    assert.deepEqual(await told(), [undefined]);
  });

  it('waits three seconds for a silent primary, and asks it once for all who want to know', async () => {
    const { clock, troubles, asked, told } = readiness(ONE, OTHER);
    troubles.set(ONE, 'silent');
    const answers = [told(), told()];
    await clock.advance(3_000);
    for (const answer of answers) assert.deepEqual(await answer, ['no answer yet', undefined]);
    assert.deepEqual(
      asked.filter((socket) => socket === ONE),
      [ONE],
    );
    assert.equal(clock.pending, 0);
  });

  it('remembers no primary that is not among the settings any more', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage: () => void = runInNewContext('gc');
    let primaries = [at(ONE)];
    const report = new ReportReadiness(() => primaries, { reach: async () => undefined }, new ManualClock());
    await report.execute();
    const [first] = primaries.map((primary) => new WeakRef(primary));
    primaries = [at(OTHER)];
    await report.execute();
    // What a turn has looked at through a WeakRef lives until its end.
    await new Promise(setImmediate);
    collectGarbage();
    assert.equal(first?.deref(), undefined);
  });
});
