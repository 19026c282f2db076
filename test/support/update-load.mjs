/*
 * A program to be killed: `update-load.mjs SOURCES FOLDER ZONE WORKERS [MIN_COMPACTION]`. Each worker counts up in the address of
 * its own name, from where it finds it, for ever. What is acknowledged is written as `WORKER COUNT SERIAL`.
 *
 * SOURCES is the folder of the program, compiled or not: this file is no TypeScript so that the compiled one
 * starts fast.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [sources, folder, name, workers, minCompaction] = process.argv.slice(2);
const extension = existsSync(join(sources, 'main.js')) ? 'js' : 'ts';
const load = (module) => import(pathToFileURL(join(sources, `${module}.${extension}`)).href);
const [{ ZoneStore }, { FileProcessLock }, { SystemClock }, { noLogger }] = await Promise.all([
  load('adapters/name-server/zone-store'),
  load('adapters/file-lock/file-process-lock'),
  load('adapters/system/system-clock'),
  load('application/ports/logger'),
]);

const A = 1;
const IN = 1;
const ANY = 255;

const server = { name: `ns1.${name}`, addresses: [{ family: 'ipv4', text: '127.0.0.1' }] };
const store = await ZoneStore.open(
  {
    folder,
    zones: [{ name, servers: [server], hostmaster: `hostmaster.${name}`, ttl: 300, negativeTtl: 60 }],
    minCompaction: minCompaction && Number(minCompaction),
  },
  { lock: new FileProcessLock(join(folder, 'lock')), clock: new SystemClock(), logger: noLogger },
);
const [zone] = store.zones;

async function work(worker) {
  const owner = `w${worker}.${name}`;
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
