import { DYN_ZONE } from '../../test/support/name-servers/zones.ts';
import { prepareBed } from '../bed.ts';
import { changesPerSecond } from '../changes.ts';
import type { Part } from '../part.ts';
import { startDynonym, startKoa } from '../servers.ts';
import { bystanders } from '../users.ts';

const MANY = 100_000;
const CONNECTIONS = 256;
const NAMES = 5_000;
/** So often all names are changed before memory is looked at. */
const TIMES = 20;
const STEPS = 10;

/** Resident memory: idle, with many users, and after many updates. */
export const memory: Part = {
  title: 'Memory',
  async run(conditions) {
    const bed = await prepareBed('BIND', conditions, { names: NAMES });
    const hash = bed.users[0]?.hash ?? '';
    const idle = await startDynonym(conditions.program, bed.primary, bystanders(10, hash, DYN_ZONE));
    const many = await startDynonym(conditions.program, bed.primary, bystanders(MANY, hash, DYN_ZONE));
    const koa = await startKoa({ name: 'alice', password: 'password-of-alice' });
    const atRest = { idle: idle.residentMemory, many: many.residentMemory, koa: koa.residentMemory };
    await Promise.all([idle.stop(), many.stop(), koa.stop()]);

    const first = TIMES * bed.fleet.names.length;
    const after: number[] = [];
    for (let step = 1; step <= STEPS; step += 1) {
      await changesPerSecond(bed, CONNECTIONS, first);
      after.push(bed.dynonym.residentMemory);
      conditions.say(`  after ${step * first} updates: ${bed.dynonym.residentMemory.toFixed(0)} MB`);
    }
    await bed.stop();

    const [early = Number.NaN, ...later] = after;
    const theirs = { of: 'bare Koa', values: [atRest.koa] };
    const unit = 'MB';
    return [
      {
        ...{ what: 'resident memory, idle', unit, ours: { of: 'dynonym', values: [atRest.idle] }, theirs },
        goal: { compare: 'difference', atMost: 30 },
      },
      {
        ...{
          what: 'resident memory, 100,000 users',
          unit,
          ours: { of: 'dynonym', values: [atRest.many] },
          theirs,
        },
        goal: { compare: 'difference', atMost: 250 },
      },
      {
        what: `resident memory while ${(STEPS * first).toLocaleString('en')} updates are made`,
        unit,
        ours: { of: 'dynonym, later', values: later },
        theirs: { of: `after the first ${first.toLocaleString('en')}`, values: [early] },
        goal: { compare: 'ratio', atMost: 1.1 },
      },
    ];
  },
};
