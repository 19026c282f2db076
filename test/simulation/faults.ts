import type { Trouble } from './model-primary.ts';
import type { Link } from './network.ts';
import { goodLink } from './network.ts';
import type { Simulation } from './simulation.ts';

/** One trouble of the world: begins it, and gives what ends it. */
type Fault = (simulation: Simulation) => () => void;

const TROUBLES: readonly Trouble[] = ['down', 'frozen', 'servfail', 'refusing'];

function spoil(link: Link, change: Partial<Link>): () => void {
  Object.assign(link, change);
  return () => void Object.assign(link, goodLink());
}

const FAULTS: readonly Fault[] = [
  // A primary restarts, hangs, fails, or refuses everybody.
  ({ world, primaries }) => {
    const primary = world.random.pick(primaries);
    const trouble = world.random.pick(TROUBLES);
    primary.begin(trouble);
    return () => primary.end(trouble);
  },
  ...waysToPrimaries((simulation) => ({ loss: simulation.world.between(10, 60) })),
  ...waysToPrimaries(() => ({ repeats: 60 })),
  ...waysToPrimaries((simulation) => ({ repeats: 40, loss: 15, delay: simulation.world.between(20, 400) })),
  ...waysToPrimaries((simulation) => ({ delay: simulation.world.between(500, 6_000) })),
  ...waysToPrimaries((simulation) => ({
    cut: simulation.world.random.pick(['silently', 'refused'] as const),
  })),
  ({ database }) => database.failOver(),
  ({ database }) => database.failOverAtChange(),
  ({ database }) => database.failOverAtChange(),
  ({ database }) => database.freeze(),
  ({ database }) => database.beSlow(),
  ({ world, processes, database }) => {
    const { name, toDatabase } = world.random.pick(processes);
    const back = database.lose(name);
    const mend = spoil(
      toDatabase,
      world.chance(50) ? { cut: 'silently' } : { loss: world.between(0, 100), delay: world.between(5, 700) },
    );
    return () => {
      back();
      mend();
    };
  },
  ({ world, processes }) => {
    const process = world.random.pick(processes);
    process.kill();
    return () => {
      if (!process.life.alive) process.start();
    };
  },
  ({ world, processes, checker }) => {
    const process = world.random.pick(processes);
    checker.clocksDiffer = true;
    process.clock.ahead = world.between(-7_200_000, 7_200_000);
    world.note(() => `the clock of ${process.name} is set to ${process.clock.now()}`);
    return () => {};
  },
];

function waysToPrimaries(change: (simulation: Simulation) => Partial<Link>): readonly Fault[] {
  return [
    (simulation) => {
      const { world, processes, primaries } = simulation;
      const process = world.random.pick(processes);
      const primary = world.random.pick(primaries);
      const link = process.toPrimaries.get(primary) ?? goodLink();
      const spoilt = change(simulation);
      world.note(() => `from ${process.name} to ${primary.name}: ${JSON.stringify(spoilt)}`);
      return spoil(link, spoilt);
    },
  ];
}

/** Troubles of all kinds, one after the other and at once, until `end`. All of them have ended then. */
export async function makeTrouble(simulation: Simulation, end: number): Promise<void> {
  const { world } = simulation;
  const { time } = world;
  while (time.now < end) {
    await time.sleep(world.between(300, 6_000));
    if (time.now >= end) return;
    const cease = world.random.pick(FAULTS)(simulation);
    time.plan(Math.min(world.between(300, 12_000), end - time.now), cease);
  }
}
