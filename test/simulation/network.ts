import { parseMessage } from '../../src/adapters/dns-wire/message.ts';
import type { Delivery, Exchange, Patience, Transport } from '../../src/adapters/rfc2136/transport.ts';
import type { Clock } from '../../src/application/ports/clock.ts';
import type { ModelPrimary } from './model-primary.ts';
import type { World } from './world.ts';

/** How a way between two machines is now. All chances are in percent. */
export type Link = {
  /** Milliseconds that a message takes at most. */
  delay: number;
  /** Messages that are lost, or come much later, and answers. */
  loss: number;
  /** Messages that come twice. */
  repeats: number;
  /** Nothing passes. `refused`: the sender learns it at once. */
  cut: 'no' | 'silently' | 'refused';
};

export const goodLink = (): Link => ({ delay: 5, loss: 0, repeats: 0, cut: 'no' });

/** A process that may be killed: nothing reaches it afterwards. */
export type Life = { readonly name: string; alive: boolean };

/** Milliseconds after which a message that was lost on the way may still come: whoever sent it has long given up. */
const LATEST = 16_000;

/** The way of one instance to one primary. What was sent may arrive when the sender has long given up. */
export class SimulatedTransport implements Transport {
  readonly #world: World;
  readonly #clock: Clock;
  readonly #primary: ModelPrimary;
  readonly #link: Link;
  readonly #life: Life;
  #nextId = 0;
  #closed = false;

  constructor(world: World, clock: Clock, primary: ModelPrimary, link: Link, life: Life) {
    this.#world = world;
    this.#clock = clock;
    this.#primary = primary;
    this.#link = link;
    this.#life = life;
  }

  exchange<Reply>(exchange: Exchange<Reply>, patience: Patience): Promise<Delivery<Reply>> {
    return new Promise((resolve) => {
      if (this.#closed) return resolve({ kind: 'closed' });
      const wait = Math.min(patience.answerTime, patience.deadline - this.#clock.monotonic());
      const cancel = this.#clock.schedule(wait, () => resolve({ kind: 'silent' }));
      const settle = (delivery: Delivery<Reply>) => {
        if (!this.#life.alive) return;
        cancel();
        resolve(delivery);
      };
      this.#send(exchange, settle);
    });
  }

  close(): void {
    this.#closed = true;
  }

  #send<Reply>(exchange: Exchange<Reply>, settle: (delivery: Delivery<Reply>) => void): void {
    const { time } = this.#world;
    const link = this.#link;
    const unreachable = () => settle({ kind: 'unreachable', cause: new Error('connection refused') });
    if (link.cut !== 'no') {
      if (link.cut === 'refused') time.plan(this.#delay(), unreachable);
      return;
    }
    if (this.#primary.isDown) return void time.plan(this.#delay(), unreachable);
    this.#nextId = (this.#nextId + 1) & 0xffff;
    const octets = exchange.message(this.#nextId);
    const sender = { name: this.#life.name, at: time.now };
    const arrive = () =>
      this.#primary.receive(parseMessage(octets), sender, (answer) => {
        if (this.#world.chance(link.loss)) {
          this.#world.note(() => `an answer of ${this.#primary.name} to ${this.#life.name} is lost`);
          if (this.#world.chance(50)) settle({ kind: 'lost' });
          return;
        }
        time.plan(this.#delay(), () => {
          if (!this.#life.alive) return;
          const reply = exchange.judge(answer);
          if (reply !== undefined) settle({ kind: 'answered', reply });
        });
      });
    if (this.#world.chance(link.repeats)) this.#world.comes(this.#world.between(0, LATEST), arrive);
    if (!this.#world.chance(link.loss)) {
      this.#world.comes(this.#delay(), arrive);
      return;
    }
    const comesLate = this.#world.chance(50);
    this.#world.note(
      () => `a message of ${this.#life.name} to ${this.#primary.name} is ${comesLate ? 'late' : 'lost'}`,
    );
    if (comesLate) this.#world.comes(this.#world.between(500, LATEST), arrive);
    if (this.#world.chance(50)) time.plan(this.#delay(), () => settle({ kind: 'lost' }));
  }

  #delay(): number {
    return 1 + this.#world.random.below(this.#link.delay);
  }
}
