import { type Message, parseMessage } from '../../src/adapters/dns-wire/message.ts';
import type { Delivery, Exchange, Patience, Transport } from '../../src/adapters/rfc2136/transport.ts';
import type { Clock } from '../../src/application/ports/clock.ts';

/** What becomes of one message: the octets of an answer, or what happens in place of one. */
export type Scripted = Buffer | Exclude<Delivery<never>, { kind: 'answered' }>;

/** One message that was sent, and when. */
export type Sent = { readonly at: number; readonly message: Message; readonly patience: Patience };

/** A way to a server that does what a test says. Silence takes as long as the caller waits; all else no time. */
export class ScriptedTransport implements Transport {
  readonly sent: Sent[] = [];
  closed = false;
  readonly #clock: Clock;
  readonly #script: (request: Message, index: number) => Scripted | Promise<Scripted>;

  /** `script` gets each message, and how many came before it. */
  constructor(clock: Clock, script: (request: Message, index: number) => Scripted | Promise<Scripted>) {
    this.#clock = clock;
    this.#script = script;
  }

  async exchange<Reply>(exchange: Exchange<Reply>, patience: Patience): Promise<Delivery<Reply>> {
    if (this.closed) return { kind: 'closed' };
    const index = this.sent.length;
    const message = parseMessage(exchange.message(0x1000 + index));
    this.sent.push({ at: this.#clock.monotonic(), message, patience });

    const scripted = await this.#script(message, index);
    if (Buffer.isBuffer(scripted)) {
      const reply = exchange.judge(scripted);
      return reply === undefined ? this.#silence(patience) : { kind: 'answered', reply };
    }
    return scripted.kind === 'silent' ? this.#silence(patience) : scripted;
  }

  close(): void {
    this.closed = true;
  }

  #silence({ answerTime, deadline }: Patience): Promise<{ kind: 'silent' }> {
    const time = Math.max(0, Math.min(answerTime, deadline - this.#clock.monotonic()));
    return new Promise((resolve) => {
      this.#clock.schedule(time, () => resolve({ kind: 'silent' }));
    });
  }
}
