import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Clock } from '../../application/ports/clock.ts';
import type { Events } from '../../application/ports/events.ts';
import type { Listener } from '../../application/ports/listener.ts';

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
    // Who serves with the file reports what is wrong with it.
    const text = await readFile(this.#file).catch(() => undefined);
    if (text === undefined) return;
    let certificate: X509Certificate;
    try {
      certificate = new X509Certificate(text);
    } catch {
      return;
    }
    const { validFrom, validTo, subjectAltName = '' } = certificate;
    const [from, until, now] = [Date.parse(validFrom), Date.parse(validTo), this.#clock.now()];
    if (until - now > (until - from) * LAST_PART) return;
    const names = subjectAltName.split(', ').map((name) => name.replace(/^[^:]*:/, ''));
    this.#events.tell({ kind: 'certificate-ending', at: now, names, until });
  }
}
