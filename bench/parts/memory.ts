import { setTimeout as pause } from 'node:timers/promises';
import { DYN_ZONE } from '../../test/support/name-servers/zones.ts';
import { prepareBed } from '../bed.ts';
import { changesPerSecond, oneDynonym } from '../changes.ts';
import type { Part } from '../part.ts';
import type { Goal, Row } from '../report.ts';
import { startDynonym, startKoa } from '../servers.ts';
import { bystanders } from '../users.ts';

const MANY = 10_000;
const CONNECTIONS = 256;
const NAMES = 5_000;
/** Milliseconds. V8 gives back what reading the configuration has left when a process has done nothing for half a minute. */
const REST = 60_000;
/** So often all names are changed before memory is looked at. */
const TIMES = 20;
const STEPS = 10;

/** Resident memory when nothing is done: with ten users, and with 10,000. */
export const memory: Part = {
  title: 'Memory at rest',
  async run(conditions) {
    const bed = await prepareBed('BIND', conditions, { names: NAMES, users: 1 });
    const hash = bed.users[0]?.hash ?? '';
    const idle = await startDynonym(conditions.program, bed.primary, bystanders(10, hash, DYN_ZONE));
    const many = await startDynonym(conditions.program, bed.primary, bystanders(MANY, hash, DYN_ZONE));
    const koa = await startKoa({ name: 'alice', password: 'password-of-alice' });
    const row = (what: string, { residentMemory }: typeof idle, goal?: Goal): Row => ({
      ...{ what: `resident memory, ${what}`, unit: 'MB', goal },
      ours: { of: 'dynonym', values: [residentMemory] },
      theirs: { of: 'bare Koa', values: [koa.residentMemory] },
    });
    const atMost = (megabytes: number): Goal => ({ compare: 'difference', atMost: megabytes });
    const rows = [
      row('idle, right after the start', idle, atMost(30)),
      row('10,000 users, right after the start', many),
    ];
    await pause(REST / conditions.scale.divisor);
    rows.push(row('10,000 users, at rest', many, atMost(80)));
    await Promise.all([idle.stop(), many.stop(), koa.stop()]);
    await bed.stop();
    return rows;
  },
};

/** Resident memory while very many updates are made. */
export const growth: Part = {
  title: 'Memory under load',
  async run(conditions) {
    const bed = await prepareBed('BIND', conditions, { names: NAMES });
    const first = TIMES * bed.fleet.names.length;
    const after: number[] = [];
    for (let step = 1; step <= STEPS; step += 1) {
      await changesPerSecond(oneDynonym(bed), CONNECTIONS, first);
      after.push(bed.dynonym.residentMemory);
      conditions.say(`  after ${step * first} updates: ${bed.dynonym.residentMemory.toFixed(0)} MB`);
    }
    await bed.stop();
    const [early = Number.NaN, ...later] = after;
    return [
      {
        ...{
          what: `resident memory while ${(STEPS * first).toLocaleString('en')} updates are made`,
          unit: 'MB',
        },
        ours: { of: 'dynonym, later', values: later },
        theirs: { of: `after the first ${first.toLocaleString('en')}`, values: [early] },
        // Nothing grows, and garbage is never collected at quite the same moment.
        goal: { compare: 'ratio', atMost: 1.1 },
      },
    ];
  },
};
