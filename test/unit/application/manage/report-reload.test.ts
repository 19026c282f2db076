import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ReportReload } from '../../../../src/application/manage/report-reload.ts';
import type { EntryChanges } from '../../../../src/application/ports/entry-watch.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';

const NONE = { added: 0, removed: 0, changed: 0 };

/** Looks once for each element of `changes`. */
async function reported(...changes: readonly [EntryChanges | undefined, isUsable?: boolean][]) {
  const logger = new RecordingLogger();
  const warned: boolean[] = [];
  const left = changes.map(([change]) => change);
  const report = new ReportReload(
    { sinceLast: async () => left.shift() },
    { again: async ({ users }) => void warned.push(users) },
    logger,
  );
  for (const [, isUsable = true] of changes) await report.look(isUsable);
  return { entries: logger.entries, warned };
}

describe('a new version of the configuration', () => {
  it('is told with the counts of what others changed', async () => {
    const changes = {
      users: { added: 1, removed: 22, changed: 3 },
      hosts: { added: 4, removed: 5, changed: 6 },
    };
    const { entries } = await reported([changes]);
    assert.deepEqual(entries, [
      {
        level: 'info',
        event: 'Users or hosts have changed',
        fields: {
          ...{ usersAdded: 1, usersRemoved: 22, usersChanged: 3 },
          ...{ hostsAdded: 4, hostsRemoved: 5, hostsChanged: 6 },
        },
      },
    ]);
  });

  it('is told without the counts that are 0', async () => {
    const { entries } = await reported([{ users: { ...NONE, removed: 2 }, hosts: NONE }]);
    assert.deepEqual(
      entries.map(({ fields }) => fields),
      [{ usersRemoved: 2 }],
    );
  });

  it('by this process alone is not told, and may be warned of', async () => {
    const { entries, warned } = await reported([undefined], [{ users: NONE, hosts: NONE }], [undefined]);
    assert.deepEqual({ entries, warned }, { entries: [], warned: [false, true, false] });
  });

  it('with problems is warned of when they are gone', async () => {
    const { warned } = await reported(
      [{ users: { ...NONE, removed: 1 }, hosts: NONE }, false],
      [undefined, false],
      [undefined],
    );
    assert.deepEqual(warned, [true]);
  });
});
