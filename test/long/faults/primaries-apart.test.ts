import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeWithTools } from '../../support/describe-with-tools.ts';
import { BIND, startBind } from '../../support/name-servers/bind.ts';
import { DYN_ZONE, POLICY_ZONE } from '../../support/name-servers/zones.ts';
import { primaryAt } from '../../support/primary-at.ts';
import { UpdateClient } from '../../support/update-client.ts';

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
    // A hundred updates come through while nobody there has been told anything yet; on a busy machine, some.
    let cameThrough = 0;
    while (cameThrough < 100) {
      assert.equal(await client.update(`well.${POLICY_ZONE}`, `192.0.2.${cameThrough + 1}`), 'changed');
      if (ended > 0) break;
      cameThrough += 1;
    }
    assert.ok(cameThrough >= 3, `${cameThrough} came through`);
    for (const outcome of await Promise.all(waiting)) {
      assert.ok(['DNS_TIMEOUT', 'DNS_UNREACHABLE', 'DNS_OVERLOADED'].includes(outcome), outcome);
    }
  });
});
