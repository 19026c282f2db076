import assert from 'node:assert/strict';
import { it } from 'node:test';
import { FlappingEvents } from '../../../../src/application/history/flapping-events.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { RecordingEvents } from '../../../fakes/recording-events.ts';
import { change } from '../../../support/events.ts';

const MINUTE = 60_000;

function setUp() {
  const clock = new ManualClock();
  const inner = new RecordingEvents();
  const events = new FlappingEvents(inner, clock);
  /** So many changes, each so many minutes after the one before. */
  const changes = async (count: number, minutes: number, name = 'home.example.org') => {
    for (let made = 0; made < count; made += 1) {
      events.tell(change({ at: clock.now(), name: domainName(name) }));
      await clock.advance(minutes * MINUTE);
    }
  };
  const flapping = () => inner.of('flapping').map(({ name, changes }) => [name, changes]);
  return { clock, inner, changes, flapping };
}

it('more than ten changes within an hour are told as flapping, once', async () => {
  const { changes, flapping } = setUp();
  await changes(10, 1);
  assert.deepEqual(flapping(), []);
  await changes(5, 1);
  assert.deepEqual(flapping(), [['home.example.org', 11]]);
});

it('ten changes an hour are none, for however long', async () => {
  const { changes, flapping } = setUp();
  await changes(100, 6);
  assert.deepEqual(flapping(), []);
});

it('names are counted by themselves', async () => {
  const { changes, flapping } = setUp();
  await changes(10, 1, 'a.example.org');
  await changes(10, 1, 'b.example.org');
  assert.deepEqual(flapping(), []);
});

it('a clock that is set does not matter', async () => {
  const { clock, changes, flapping } = setUp();
  await changes(6, 1);
  clock.setWallClock(0);
  await changes(5, 1);
  assert.equal(flapping().length, 1);
});

it('what was told goes on as it is, before what it comes to', async () => {
  const { inner, changes } = setUp();
  await changes(11, 1);
  assert.deepEqual(
    inner.told.map(({ kind }) => kind),
    [...Array.from({ length: 11 }, () => 'changed'), 'flapping'],
  );
});
