import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import fc from 'fast-check';
import { RrClass } from '../../src/adapters/dns-wire/constants.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { exportedZone, openZoneStore } from '../support/open-zone-store.ts';
import { recordsOfEveryType } from '../support/random-records.ts';
import { runProcess } from '../support/run-process.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toolPath } from '../support/tools.ts';

const ZONE = 'example.org';
const ROUNDS = 20;

describeWithTools("BIND's named-checkzone", ['named-checkzone'], () => {
  it('accepts every zone that is exported, whatever was put into it, and it is imported as it is', async () => {
    const folder = tempFolder();
    const store = await openZoneStore(folder, [ZONE]);
    const [zone] = store.zones;
    assert.ok(zone !== undefined);
    for (const [round, records] of fc.sample(recordsOfEveryType(ZONE), ROUNDS).entries()) {
      const updates = records.map(({ owner, ...record }) => ({ ...record, name: owner, class: RrClass.IN }));
      assert.equal(await store.update(zone, { prerequisites: [], updates }), 0);

      const exported = (await exportedZone(folder, ZONE)) ?? '';
      const path = join(folder, `${round}.exported`);
      writeFileSync(path, exported);
      // Names of any octets are no names of hosts, and what they point to does not exist.
      const args = ['-k', 'ignore', '-i', 'none', ZONE, path];
      const { status, stdout } = await runProcess(toolPath('named-checkzone'), args);
      assert.equal(status, 0, `${stdout}\n${exported}`);

      const serial: number = zone.serial;
      await store.import(zone, Buffer.from(exported), path);
      assert.equal(zone.serial, serial);
      assert.equal(await exportedZone(folder, ZONE), exported);
    }
    await store.close();
  });
});
