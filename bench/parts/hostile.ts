import { parseMessage } from '../../src/adapters/dns-wire/message.ts';
import { hostileMessage } from '../../test/fuzz/hostile-messages.ts';
import { recordedMessages } from '../../test/golden/dns-wire/golden.ts';
import { Random } from '../../test/support/random.ts';
import type { Part } from '../part.ts';
import { median } from '../statistics.ts';

const MESSAGES = 200_000;
/** Milliseconds from which on a message is read again: it may have been the collection of garbage. */
const SLOW = 2;
const TRIES = 10;

/** How long the parser of DNS messages takes for the worst of very many hostile ones. */
export const hostile: Part = {
  title: 'Hostile DNS messages',
  async run({ scale }) {
    const recorded = recordedMessages();
    const slowest: number[] = [];
    const usual: number[] = [];
    for (let repetition = 0; repetition < scale.repetitions; repetition += 1) {
      const random = new Random(repetition + 1);
      const times = Array.from({ length: MESSAGES / scale.divisor }, () =>
        millisecondsToRead(hostileMessage(random, recorded)),
      );
      usual.push(median(times));
      slowest.push(times.reduce((most, time) => Math.max(most, time), 0));
    }
    return [
      {
        ...{
          what: `to read one of ${MESSAGES / scale.divisor} hostile DNS messages`,
          unit: 'ms',
          decimals: 3,
        },
        ours: { of: 'the slowest', values: slowest },
        theirs: { of: 'the median', values: usual },
        goal: { compare: 'ours alone', atMost: 10 },
      },
    ];
  },
};

/** Of the processor, whatever else the machine does. Only what is slow every time is slow. */
function millisecondsToRead(octets: Buffer): number {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < TRIES && least > SLOW; attempt += 1) {
    const start = process.cpuUsage();
    try {
      parseMessage(octets);
    } catch {
      // Most are malformed, and that is said by a fault.
    }
    const { user, system } = process.cpuUsage(start);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}
