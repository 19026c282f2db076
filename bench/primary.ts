import { parseIpAddress } from '../src/domain/ip-address.ts';
import { ttl } from '../src/domain/ttl.ts';
import { replacing } from '../test/support/changes.ts';
import { BIND } from '../test/support/name-servers/bind.ts';
import { KEYS, secretText } from '../test/support/name-servers/keys.ts';
import { KNOT } from '../test/support/name-servers/knot.ts';
import { NameServer, type Recipe } from '../test/support/name-servers/name-server.ts';
import { POWERDNS } from '../test/support/name-servers/powerdns.ts';
import { runProcess } from '../test/support/run-process.ts';
import { toolPath } from '../test/support/tools.ts';
import { BareUpdater } from './bare-updater.ts';
import type { Fleet } from './fleet.ts';

const RECIPES = { BIND, Knot: KNOT, PowerDNS: POWERDNS };

export type PrimaryName = keyof typeof RECIPES;

/** The key that signs everything. */
export const KEY = {
  name: KEYS.sha256.name,
  algorithm: KEYS.sha256.algorithm,
  secret: secretText(KEYS.sha256),
} as const;

/** `ALGORITHM:NAME:SECRET`, as the programs of others take it. */
export const KEY_ARGUMENT = `${KEY.algorithm}:${KEY.name}:${KEY.secret}`;

/** Names in a message that fills a zone. */
const FILLING = 250;

/** A real name server that takes the updates. */
export class BenchPrimary {
  readonly name: string;
  readonly #server: NameServer;

  private constructor(name: string, server: NameServer) {
    this.name = name;
    this.#server = server;
  }

  static async start(name: PrimaryName): Promise<BenchPrimary> {
    return BenchPrimary.startBy(name, RECIPES[name]);
  }

  static async startBy(name: string, recipe: Recipe): Promise<BenchPrimary> {
    return new BenchPrimary(name, await NameServer.start(recipe));
  }

  get port(): number {
    return this.#server.socket.port;
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  /** Ends it as a failure of the power would, and starts it with what is on the disk. */
  async crash(): Promise<void> {
    await this.#server.kill();
    await this.#server.start();
  }

  serialOf(zone: string): Promise<number> {
    return this.#server.serial(zone);
  }

  /** Gives every name of the fleet its address. */
  async fill({ zone, names, address }: Fleet): Promise<void> {
    const parsed = parseIpAddress(address);
    if (!parsed.ok) throw new TypeError(parsed.reason);
    const updater = new BareUpdater({ port: this.port, zone, key: KEY });
    for (let at = 0; at < names.length; at += FILLING) {
      await updater.send(
        names
          .slice(at, at + FILLING)
          .map((name) => replacing(name, { type: 'A', ttl: ttl(60), values: [parsed.value], replaces: [] })),
      );
    }
    updater.close();
  }

  /** What the zone holds, by a transfer: the A records of each name. */
  async addressesIn(zone: string): Promise<ReadonlyMap<string, readonly string[]>> {
    const { status, stdout, stderr } = await runProcess(toolPath('dig'), [
      ...['@127.0.0.1', '-p', String(this.port), '-y', KEY_ARGUMENT],
      ...['+noall', '+answer', '-t', 'AXFR', '-q', zone],
    ]);
    const addresses = new Map<string, string[]>();
    for (const [, name = '', address = ''] of stdout.matchAll(/^(\S+)\.\s+\d+\s+IN\s+A\s+(\S+)$/gm)) {
      const known = addresses.get(name);
      if (known === undefined) addresses.set(name, [address]);
      else known.push(address);
    }
    if (status !== 0 || addresses.size === 0) {
      throw new Error(`${this.name} did not transfer ${zone} (exit ${status}):\n${stdout}${stderr}`);
    }
    return addresses;
  }

  /** Rejects unless every name of the fleet has its address, and no other. */
  async assertHolds({ zone, names, address }: Fleet): Promise<void> {
    const held = await this.addressesIn(zone);
    for (const name of names) {
      const addresses = held.get(name)?.join() ?? 'nothing';
      if (addresses !== address) throw new Error(`${this.name} has ${addresses} at ${name}, not ${address}`);
    }
  }
}
