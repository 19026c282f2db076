import { join } from 'node:path';
import { FileProcessLock } from '../../src/adapters/file-stores/file-process-lock.ts';
import { ZoneStore } from '../../src/adapters/name-server/zone-store.ts';
import { SystemClock } from '../../src/adapters/system/system-clock.ts';
import { noLogger } from '../../src/application/ports/logger.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import { ttl } from '../../src/domain/ttl.ts';

/*
 * A program to be killed: `update-load FOLDER ZONE WORKERS [MIN_COMPACTION]`. Each worker counts up in the address of its
 * own name, from where it finds it, for ever. What is acknowledged is written as `WORKER COUNT SERIAL`.
 */

const [folder = '', zoneName = '', workers, minCompaction] = process.argv.slice(2);
const name = domainName(zoneName);

const A = 1;
const IN = 1;
const ANY = 255;

const server = {
  name: domainName(`ns1.${name}`),
  addresses: [{ family: 'ipv4', text: '127.0.0.1' } as const],
};
const store = await ZoneStore.open(
  {
    folder,
    zones: [
      {
        name,
        servers: [server],
        hostmaster: domainName(`hostmaster.${name}`),
        ttl: ttl(300),
        negativeTtl: ttl(60),
      },
    ],
    ...(minCompaction !== undefined && { minCompaction: Number(minCompaction) }),
  },
  { lock: new FileProcessLock(join(folder, 'lock')), clock: new SystemClock(), logger: noLogger },
);
const [zone] = store.zones;

async function work(worker: number): Promise<never> {
  if (zone === undefined) throw new Error('there is no zone');
  const owner = domainName(`w${worker}.${name}`);
  const present = zone.find(owner)?.rrsets[0]?.rdatas[0];
  for (let count = (present?.readUInt32BE() ?? 0) + 1; ; count += 1) {
    const rdata = Buffer.alloc(4);
    rdata.writeUInt32BE(count);
    const rcode = await store.update(zone, {
      prerequisites: [],
      updates: [
        { name: owner, type: A, class: ANY, ttl: 0, rdata: Buffer.alloc(0) },
        { name: owner, type: A, class: IN, ttl: 60, rdata },
      ],
    });
    if (rcode !== 0) throw new Error(`RCODE ${rcode}`);
    process.stdout.write(`${worker} ${count} ${zone.serial}\n`);
  }
}

await Promise.all(Array.from({ length: Number(workers) }, (_, worker) => work(worker)));
