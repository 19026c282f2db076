import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { parseIpv6 } from '../../../src/domain/ip-address.ts';
import { socketText } from '../../../src/domain/socket-address.ts';
import { KEYS, secretText } from '../../support/name-servers/keys.ts';
import type { NameServer } from '../../support/name-servers/name-server.ts';
import { DYN_ZONE } from '../../support/name-servers/zones.ts';
import { valueIn } from '../../support/parsed.ts';
import { runProcess } from '../../support/run-process.ts';
import { toolPath } from '../../support/tools.ts';
import { HANG, until } from '../../support/until.ts';

export const USER = 'alice';
export const PASSWORD = 'a password of alice';
/** The names that the load changes; they have to be granted to the user. */
export const NAMES: readonly string[] = Array.from({ length: 8 }, (_, index) => `load${index}.${DYN_ZONE}`);

/** Without a success for so long, there is no service. */
const STILL = 2_000;
/** A client that was told to come back. */
const PAUSE = 25;

/** Who changes one name: a user, with a password or a token. */
export type CountingClient = { readonly name: string; readonly user: string; readonly secret: string };

const CLIENTS: readonly CountingClient[] = NAMES.map((name) => ({ name, user: USER, secret: PASSWORD }));

type Counter = {
  /** The last address that was asked for. */
  asked: number;
  /** The last that was answered with success. */
  done: number;
  /** Where it has yet to be answered with success, for whoever waits for that. */
  awaited: Set<string>;
  /** How often it was tried since the last success. */
  tries: number;
};

/**
 * A client for each name that counts up in its AAAA record, one request at a time, for ever. It remembers what was
 * asked and what was answered, and so knows what may be in the zone.
 */
export class CountingLoad {
  /** How many requests were answered with success. */
  done = 0;
  /** What else was answered, and how often. */
  readonly troubles = new Map<string, number>();
  /** How often one request was tried at most, until it was answered with success. */
  mostTries = 0;
  readonly #urls: readonly string[];
  readonly #rest: number;
  readonly #clients: readonly CountingClient[];
  readonly #counters: ReadonlyMap<string, Counter>;
  #stopped = false;
  #workers: Promise<unknown> = Promise.resolve();

  /**
   * @param urls of instances that serve the same names. Each request of a client goes to the next of them.
   * @param rest milliseconds between an answer and the next request of a client
   */
  constructor(urls: string | readonly string[], clients = CLIENTS, rest = 0) {
    this.#urls = [urls].flat();
    this.#rest = rest;
    this.#clients = clients;
    this.#counters = new Map(
      clients.map(({ name }) => [name, { asked: 0, done: 0, awaited: new Set(), tries: 0 }]),
    );
  }

  start(): void {
    this.#stopped = false;
    this.#workers = Promise.all(this.#clients.map((client, turn) => this.#work(client, turn)));
  }

  /** Lets what is under way come to its end. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#workers;
  }

  /** Until `count` more requests, begun now or before, have been answered with success. */
  async progress(count: number, what: string): Promise<void> {
    const goal = this.done + count;
    const shown = () => JSON.stringify([...this.troubles]);
    await until(() => this.done >= goal, { what }).catch((cause: Error) => {
      throw new Error(`${cause.message}; the clients heard ${shown()}`, { cause });
    });
  }

  /** Until each client has been answered with success again, by each of these instances. */
  async servedBy(urls: readonly string[], what: string): Promise<void> {
    const counters = [...this.#counters.values()];
    for (const counter of counters) counter.awaited = new Set(urls);
    await until(() => counters.every(({ awaited }) => awaited.size === 0), { what });
  }

  /**
   * Until nothing has been answered with success for a while. Requests that began before a trouble may be, after it
   * began.
   */
  async standstill(): Promise<void> {
    let [done, since] = [this.done, performance.now()];
    await until(
      () => {
        if (this.done !== done) [done, since] = [this.done, performance.now()];
        return performance.now() - since > STILL;
      },
      { what: 'the load to stand still' },
    );
  }

  /**
   * What the zone holds of each name is what was answered with success last, or what was asked for later, and
   * nothing else.
   */
  assertHeldBy(records: ReadonlyMap<string, readonly string[]>): void {
    for (const [name, { asked, done }] of this.#counters) {
      const held = records.get(`${name} AAAA`) ?? [];
      assert.ok(held.length <= 1, `${name} has ${held}`);
      const [address] = held;
      const count = address === undefined ? 0 : countOf(address);
      assert.ok(
        count >= done && count <= asked,
        `${name} holds ${count} of ${asked}; success was said of ${done}`,
      );
    }
  }

  async #work(client: CountingClient, firstTurn: number): Promise<void> {
    const counter = this.#counters.get(client.name) as Counter;
    for (let turn = firstTurn; !this.#stopped; turn += 1) {
      counter.asked += 1;
      counter.tries += 1;
      const url = this.#urls[turn % this.#urls.length] as string;
      const said = await this.#request(url, client, addressOf(counter.asked));
      if (said.startsWith('good ') || said.startsWith('nochg ')) {
        counter.done = counter.asked;
        counter.awaited.delete(url);
        this.mostTries = Math.max(this.mostTries, counter.tries);
        counter.tries = 0;
        this.done += 1;
        if (this.#rest > 0) await pause(this.#rest);
      } else {
        this.troubles.set(said, (this.troubles.get(said) ?? 0) + 1);
        await pause(PAUSE);
      }
    }
  }

  async #request(url: string, { name, user, secret }: CountingClient, address: string): Promise<string> {
    const authorization = `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;
    const query = new URLSearchParams({ hostname: name, myip: address });
    try {
      const signal = AbortSignal.timeout(HANG);
      const response = await fetch(`${url}/nic/update?${query}`, {
        // A connection that is used again may have been closed by the server a moment ago.
        headers: { authorization, ...(this.#urls.length > 1 && { connection: 'close' }) },
        signal,
      });
      return (await response.text()).trim();
    } catch (error) {
      // The program is being killed. One that lives answers in time.
      assert.ok(error instanceof TypeError, `no answer for ${name}: ${error}`);
      return 'no connection';
    }
  }
}

const addressOf = (count: number): string =>
  `2001:db8::${(count >> 16).toString(16)}:${(count & 0xffff).toString(16)}`;

function countOf(text: string): number {
  const { text: address } = valueIn(parseIpv6(text));
  const count = Array.from({ length: 8 }, () => 0);
  assert.ok(address.startsWith('2001:db8::'), `nobody asked for ${text}`);
  const groups = address.slice('2001:db8::'.length).split(':').filter(Boolean);
  count.splice(8 - groups.length, groups.length, ...groups.map((group) => Number.parseInt(group, 16)));
  return (count[6] ?? 0) * 0x10000 + (count[7] ?? 0);
}

/** All that a server has in the zone but the SOA: the data of each name and type (`name TYPE`). */
export async function zoneOf(server: NameServer): Promise<Map<string, readonly string[]>> {
  const { address, port } = server.socket;
  const { stdout } = await runProcess(toolPath('dig'), [
    ...[`@${address.text}`, '-p', String(port), '+time=5', '+tries=1', '+noall', '+answer', '+onesoa'],
    ...['-y', `hmac-sha256:${KEYS.sha256.name}:${secretText(KEYS.sha256)}`, DYN_ZONE, 'AXFR'],
  ]);
  const records = new Map<string, readonly string[]>();
  for (const line of stdout.split('\n')) {
    const [, owner = '', type = '', data = ''] = /^(\S+)\.\s+\d+\s+IN\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (owner === '' || type === 'SOA' || type === 'TSIG') continue;
    const key = `${owner} ${type}`;
    records.set(key, [...(records.get(key) ?? []), data]);
  }
  assert.ok(records.has(`${DYN_ZONE} NS`), `no transfer from ${socketText(server.socket)}:\n${stdout}`);
  return records;
}

/** What of a zone is none of the load's business. */
export function othersOf(
  zone: ReadonlyMap<string, readonly string[]>,
  clients: readonly CountingClient[] = CLIENTS,
): readonly string[] {
  const own = new Set(clients.map(({ name }) => `${name} AAAA`));
  return [...zone].flatMap(([key, data]) => (own.has(key) ? [] : [`${key} ${[...data].sort()}`])).sort();
}
