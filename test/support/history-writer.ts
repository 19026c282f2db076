import { FileHistory } from '../../src/adapters/file-history/file-history.ts';
import { SystemClock } from '../../src/adapters/system/system-clock.ts';
import { noLogger } from '../../src/application/ports/logger.ts';
import { domainName } from '../../src/domain/domain-name.ts';

// A process that tells a history of changes without end, and says of each when it told it. It is killed.

/** Milliseconds since 1970: so that the number of an event is its time, and none is too old. */
const LATER = 4_000_000_000_000;
const [path = '', first = '0'] = process.argv.slice(2);
const clock = new SystemClock();
const limits = { events: 1_000_000, days: 90 };
const history = new FileHistory(path, { limits, clock, logger: noLogger, lost() {}, slack: 20_000 });
const name = domainName('home.example.org');

for (let number = Number(first); ; number += 1) {
  history.tell({ kind: 'changed', at: LATER + number, name, zone: name, after: { ipv4: ['192.0.2.1'] } });
  process.stdout.write(`${number} ${Date.now()}\n`);
  await new Promise((resolve) => setTimeout(resolve, 1));
}
