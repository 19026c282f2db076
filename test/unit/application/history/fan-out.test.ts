import assert from 'node:assert/strict';
import { it } from 'node:test';
import { FanOut } from '../../../../src/application/history/fan-out.ts';
import { RecordingEvents } from '../../../fakes/recording-events.ts';

it('an event is told to every listener, once, in the order of the events', () => {
  const listeners = [new RecordingEvents(), new RecordingEvents()];
  const events = new FanOut(listeners);
  const away = { kind: 'primary-away', at: 1, server: '192.0.2.53:53', reason: 'DNS_TIMEOUT' } as const;
  const back = { kind: 'primary-back', at: 2, server: '192.0.2.53:53', since: 1 } as const;
  events.tell(away);
  events.tell(back);
  for (const { told } of listeners) assert.deepEqual(told, [away, back]);
});
