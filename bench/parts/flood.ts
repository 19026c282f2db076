import { logIn, prepareBed } from '../bed.ts';
import { LoadGenerator } from '../load-generator.ts';
import type { GuessResult } from '../load-job.ts';
import type { Part } from '../part.ts';
import { updatesTo } from '../requests.ts';
import { startDynonym } from '../servers.ts';
import { quantile } from '../statistics.ts';

const NAMES = 1_000;
const PER_SECOND = 100;
const GUESSES_PER_SECOND = 1_000;
/** So often all names are changed during a flood. Three repetitions are five minutes of it. */
const ROUNDS = 10;

/** How long updates of users take who have logged in, while passwords are guessed from very many addresses. */
export const flood: Part = {
  title: 'A flood of wrong passwords',
  async run(conditions) {
    const { say, scale } = conditions;
    const bed = await prepareBed('BIND', conditions, { names: NAMES });
    const proxied = await startDynonym(conditions.program, bed.primary, bed.users, {
      trustedProxies: ['127.0.0.0/8'],
    });
    await logIn({ ...bed, dynonym: proxied });
    const attacker = await LoadGenerator.start();

    /** Milliseconds of each update. */
    const updates = async (rounds: number): Promise<readonly number[]> => {
      const requests = Array.from({ length: rounds }, () =>
        updatesTo(bed.fleet.nextAddress(), 'good', bed.users),
      ).flat();
      const measured = await bed.load.paced({ port: proxied.port, perSecond: PER_SECOND, requests });
      if (measured.failed.length > 0) throw new Error(`updates failed: ${measured.samples.join('; ')}`);
      return measured.http;
    };

    const seconds = (ROUNDS * bed.fleet.names.length) / PER_SECOND;
    const times: { readonly quiet: readonly number[]; readonly flooded: readonly number[] }[] = [];
    const memory: { readonly before: number; readonly after: number }[] = [];
    const floods: GuessResult[] = [];
    for (let repetition = 0; repetition < scale.repetitions; repetition += 1) {
      const quiet = await updates(1);
      const before = proxied.residentMemory;
      const [flooded, guesses] = await Promise.all([
        updates(ROUNDS),
        attacker.guess({
          ...{ port: proxied.port, perSecond: GUESSES_PER_SECOND, seconds },
          users: bed.users.map(({ name }) => name),
        }),
      ]);
      const { others } = guesses;
      if (others.length > 0) throw new Error(`${others.length} guesses were answered by ${others[0]}`);
      times.push({ quiet, flooded });
      memory.push({ before, after: proxied.residentMemory });
      floods.push(guesses);
      say(`  ${guesses.sent} guesses, ${guesses.judged} judged, ${guesses.turnedAway} turned away`);
    }
    await attacker.stop();
    await proxied.stop();
    await bed.stop();

    const rate = (count: (guesses: GuessResult) => number) =>
      floods.map((guesses) => count(guesses) / seconds);
    const p99 = (samples: readonly (readonly number[])[]) => samples.map((one) => quantile(one, 0.99));
    return [
      {
        ...{ what: `single update, ${PER_SECOND} a second, p99`, unit: 'ms', decimals: 2 },
        ours: { of: 'in a flood of wrong passwords', values: p99(times.map(({ flooded }) => flooded)) },
        theirs: { of: 'without', values: p99(times.map(({ quiet }) => quiet)) },
        goal: { compare: 'ratio', atMost: 5 },
      },
      {
        ...{ what: 'resident memory', unit: 'MB' },
        ours: { of: 'after a flood', values: memory.map(({ after }) => after) },
        theirs: { of: 'before', values: memory.map(({ before }) => before) },
        goal: { compare: 'difference', atMost: 150 },
      },
      {
        ...{ what: 'wrong passwords from addresses of their own', unit: '/s' },
        ours: { of: 'sent', values: rate(({ sent }) => sent) },
        theirs: { of: 'judged', values: rate(({ judged }) => judged) },
        // With fewer, it was no such flood.
        goal: { compare: 'ours alone', atLeast: 0.9 * GUESSES_PER_SECOND },
      },
    ];
  },
};
