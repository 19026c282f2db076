import { readFile } from 'node:fs/promises';
import type { CertificateFacts } from '../../application/ports/certificate-store.ts';
import type { Clock } from '../../application/ports/clock.ts';
import type { Events } from '../../application/ports/events.ts';
import type { Listener } from '../../application/ports/listener.ts';
import { certificateFacts } from '../files/certificate-file.ts';

/** Milliseconds between two looks at the file. A certificate that ends soon is told of after each of them. */
const DAY = 86_400_000;
/** A certificate ends soon when this part of its lifetime is left. It should have been renewed long before. */
const LAST_PART = 1 / 6;

/** Tells once a day that the certificate in a file ends soon. */
export class CertificateEnd implements Listener {
  readonly #file: string;
  readonly #clock: Clock;
  readonly #events: Events;
  #cancel = () => {};

  constructor(file: string, clock: Clock, events: Events) {
    this.#file = file;
    this.#clock = clock;
    this.#events = events;
  }

  async start(): Promise<readonly string[]> {
    await this.#look();
    this.#cancel = this.#clock.schedule(DAY, () => void this.start());
    return [];
  }

  async stop(): Promise<void> {
    this.#cancel();
  }

  async #look(): Promise<void> {
    let facts: CertificateFacts;
    try {
      facts = certificateFacts(await readFile(this.#file, 'utf8'));
    } catch {
      // Who serves with the file reports what is wrong with it.
      return;
    }
    const { names, notBefore, notAfter: until } = facts;
    const now = this.#clock.now();
    if (until - now > (until - notBefore) * LAST_PART) return;
    this.#events.tell({ kind: 'certificate-ending', at: now, names, until });
  }
}
