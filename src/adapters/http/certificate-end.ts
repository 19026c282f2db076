import type { Clock } from '../../application/ports/clock.ts';
import type { Events } from '../../application/ports/events.ts';
import { factsInFile } from '../files/certificate-file.ts';

/** A certificate ends soon when this part of its lifetime is left. It should have been renewed long before. */
const LAST_PART = 1 / 6;
/** Milliseconds. No certificate ends soon when more than that is left. */
const MOST_LEFT = 30 * 86_400_000;

/** Tells it when the certificate in the file ends soon. Never rejects: who serves with the file reports what is wrong. */
export async function tellOfEnd(file: string, clock: Clock, events: Events): Promise<void> {
  const facts = await factsInFile(file);
  if (facts === undefined) return;
  const { names, notBefore, notAfter: until } = facts;
  const now = clock.now();
  if (until - now > Math.min((until - notBefore) * LAST_PART, MOST_LEFT)) return;
  events.tell({ kind: 'certificate-ending', at: now, names, until });
}
