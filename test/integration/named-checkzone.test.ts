import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import fc from 'fast-check';
import { Rcode, RrClass, RrType, typeFromText } from '../../src/adapters/dns-wire/constants.ts';
import { encodeName } from '../../src/adapters/dns-wire/name.ts';
import { isSignature } from '../../src/adapters/dns-wire/rdata-forms.ts';
import { readZoneFile } from '../../src/adapters/name-server/zone-files.ts';
import { isDataType } from '../../src/adapters/name-server/zone-rules.ts';
import type { UpdateRecord } from '../../src/adapters/name-server/zone-update.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { exportedZone, openZoneStore } from '../support/open-zone-store.ts';
import { ownerBelow, rdataOf, recordsOfEveryType } from '../support/random-records.ts';
import { RDATA_SAMPLES } from '../support/rdata-samples.ts';
import { runProcess } from '../support/run-process.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toolPath } from '../support/tools.ts';
import { textOf, zoneOf } from '../support/zone-of.ts';

const ZONE = 'example.org';
const SERVER = `ns1.${ZONE}`;
const ROUNDS = 20;

const add = (name: string, type: number, rdata: Buffer): UpdateRecord => ({
  name,
  type,
  class: RrClass.IN,
  ttl: 60,
  rdata,
});

/** One change after which BIND would not load the zone, or one close to that. */
const risk: fc.Arbitrary<UpdateRecord> = fc.oneof(
  fc
    .tuple(ownerBelow(ZONE, 1), fc.constantFrom('', '*.'), fc.constantFrom(RrType.NS, RrType.DNAME))
    .map(([owner, wildcard, type]) => add(`${wildcard}${owner}`, type, encodeName('ns.example.net'))),
  fc
    .constantFrom(SERVER, `ns2.${ZONE}`, `ns.deleg.${ZONE}`, 'ns.example.net')
    .map((server) => add(ZONE, RrType.NS, encodeName(server))),
  (rdataOf(ZONE).get(RrType.NS) ?? assert.fail()).map((rdata) => add(ZONE, RrType.NS, rdata)),
  fc
    .constantFrom(SERVER, `*.${ZONE}`, `ns2.${ZONE}`)
    .map((name) => add(name, RrType.A, Buffer.of(192, 0, 2, 1))),
  fc.constantFrom(
    add(SERVER, RrType.NS, encodeName('ns.example.net')),
    add(`deleg.${ZONE}`, RrType.NS, encodeName('ns.example.net')),
    add(ZONE, RrType.DNAME, encodeName('example.net')),
    add(SERVER, RrType.CNAME, encodeName('example.net')),
  ),
  fc
    .tuple(
      fc.constantFrom(SERVER, `*.${ZONE}`, `ns2.${ZONE}`),
      fc.constantFrom(RrType.A, RrType.ANY, RrType.NS),
    )
    .map(([name, type]) => ({ name, type, class: RrClass.ANY, ttl: 0, rdata: Buffer.alloc(0) })),
);

describeWithTools("BIND's named-checkzone", ['named-checkzone'], () => {
  it('accepts every zone that is exported, whatever was put into it, and it is imported as it is', async () => {
    const folder = tempFolder();
    const store = await openZoneStore(folder, [ZONE]);
    const [zone] = store.zones;
    assert.ok(zone !== undefined);
    const contents = fc.tuple(recordsOfEveryType(ZONE), fc.array(risk, { minLength: 5, maxLength: 10 }));
    for (const [round, [records, risks]] of fc.sample(contents, ROUNDS).entries()) {
      const updates = records.map(({ owner, type, rdata, ttl }) => ({ ...add(owner, type, rdata), ttl }));
      for (const message of [updates, ...risks.map((one) => [one])]) {
        const rcode = await store.update(zone, { prerequisites: [], updates: message });
        assert.ok(rcode === Rcode.NOERROR || rcode === Rcode.REFUSED, `RCODE ${rcode}`);
      }

      const exported = (await exportedZone(folder, ZONE)) ?? '';
      const path = join(folder, `${round}.exported`);
      writeFileSync(path, exported);
      // What is in other zones would be asked of the network.
      const args = ['-i', 'local', ZONE, path];
      const { status, stdout } = await runProcess(toolPath('named-checkzone'), args);
      assert.equal(status, 0, `${stdout}\n${exported}`);

      const serial: number = zone.serial;
      await store.import(zone, readZoneFile(Buffer.from(exported), ZONE, path).records);
      assert.equal(zone.serial, serial);
      assert.equal(await exportedZone(folder, ZONE), exported);
    }
    await store.close();
  });
});

/** The smallest configuration with which knotc checks a zone. */
const knotConfiguration = (folder: string, path: string): string => `
server:
    rundir: ${folder}
database:
    storage: ${folder}
zone:
  - domain: ${ZONE}
    file: ${path}
`;

describeWithTools(
  'The name servers that run as secondaries',
  ['named-rrchecker', 'named-checkzone', 'nsd-checkzone', 'knotc'],
  () => {
    it('read an export with a record of each type, however seldom it is used', async () => {
      const folder = tempFolder();
      const lines: string[] = [];
      for (const [index, [type, words]] of RDATA_SAMPLES.entries()) {
        const number = typeFromText(type) ?? assert.fail(type);
        if (!isDataType(number) || isSignature(number) || number === RrType.SOA) continue;
        const { stdout } = await runProcess(toolPath('named-rrchecker'), ['-u'], {
          stdin: `IN ${type} ${words}\n`,
        });
        lines.push(`t${index} ${type} ${/\\#[^;]*/s.exec(stdout)?.[0] ?? assert.fail(type)}`);
      }
      const path = join(folder, 'exported');
      const zone = zoneOf(ZONE, lines.join('\n'));
      writeFileSync(path, textOf(zone));
      const configuration = join(folder, 'knot.conf');
      writeFileSync(configuration, knotConfiguration(folder, path));
      for (const [tool, args] of [
        ['named-checkzone', ['-i', 'local', '-k', 'ignore', ZONE, path]],
        ['nsd-checkzone', [ZONE, path]],
        ['knotc', ['-c', configuration, 'zone-check', ZONE]],
      ] as const) {
        const { status, stdout, stderr } = await runProcess(toolPath(tool), args);
        assert.equal(status, 0, `${tool}: ${stdout}${stderr}\n${textOf(zone)}`);
      }
    });
  },
);
