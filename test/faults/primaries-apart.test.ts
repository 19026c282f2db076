import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { BIND, startBind } from '../support/name-servers/bind.ts';
import { DYN_ZONE, POLICY_ZONE } from '../support/name-servers/zones.ts';
import { primaryAt } from '../support/primary-at.ts';
import { UpdateClient } from '../support/update-client.ts';

describeWithTools('two primaries, one of them frozen', BIND.tools, () => {
  test('however many requests wait for the one, those for the other do not', async (t) => {
    const [frozen, well] = await Promise.all([startBind(), startBind()]);
    t.after(() => Promise.all([frozen.stop(), well.stop()]));
    const client = new UpdateClient([
      primaryAt(frozen.socket, { zones: [DYN_ZONE] }),
      primaryAt(well.socket, { zones: [POLICY_ZONE] }),
    ]);
    t.after(client.close);
    await frozen.pause();

    let ended = 0;
    const waiting = Array.from({ length: 500 }, async (_, index) => {
      const outcome = await client.update(`waiting${index}.${DYN_ZONE}`, '192.0.2.1');
      ended += 1;
      return outcome;
    });
    for (let count = 1; count <= 100; count += 1) {
      assert.equal(await client.update(`well.${POLICY_ZONE}`, `192.0.2.${count}`), 'changed');
    }
    // A hundred updates came through while nobody there had been told anything yet.
    assert.equal(ended, 0);
    for (const outcome of await Promise.all(waiting)) {
      assert.ok(['DNS_TIMEOUT', 'DNS_UNREACHABLE', 'DNS_OVERLOADED'].includes(outcome), outcome);
    }
  });
});
