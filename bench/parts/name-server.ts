import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { loadZone } from '../../src/adapters/name-server/zone-files.ts';
import { addressFromOctets, parseIpAddress } from '../../src/domain/ip-address.ts';
import type { NameChange } from '../../src/domain/record-set.ts';
import { ttl } from '../../src/domain/ttl.ts';
import { replacing } from '../../test/support/changes.ts';
import { DYN_ZONE } from '../../test/support/name-servers/zones.ts';
import { type Served, startServed } from '../../test/support/served/start-served.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { type DnsperfSetting, queriesPerSecond, verifiedUpdatesPerSecond } from '../dnsperf.ts';
import { dynonymNameServer } from '../dynonym-name-server.ts';
import { Fleet } from '../fleet.ts';
import { type Conditions, interleaved, type Part } from '../part.ts';
import { BenchPrimary } from '../primary.ts';
import type { Row } from '../report.ts';
import { startUdpEcho } from '../servers.ts';

const NAMES = 5_000;
const SECONDS = 3;
const IN_FLIGHT = 64;
/** How often one measurement changes every name. */
const PASSES = 4;
/** BIND syncs every update for itself; a share of the names is work enough for it. */
const BIND_SHARE = 5;
const OVER_UDP: DnsperfSetting = { mode: 'udp', clients: 1, outstanding: IN_FLIGHT };
const DURABLE = { compare: 'ours alone', atLeast: 10_000 } as const;

/** The built-in name server beside others that serve the same zone, and beside a socket with nothing behind it. */
export const nameServer: Part = {
  title: 'The built-in name server',
  async run(conditions) {
    const fleet = new Fleet(DYN_ZONE, Math.ceil(NAMES / conditions.scale.divisor));
    const ours = await BenchPrimary.startBy('dynonym', dynonymNameServer(conditions.program));
    await ours.fill(fleet);
    const rows = [...(await queries(conditions, ours, fleet)), ...(await updates(conditions, ours, fleet))];
    await ours.stop();
    return rows;
  },
};

async function queries(conditions: Conditions, ours: BenchPrimary, fleet: Fleet): Promise<readonly Row[]> {
  const knot = await BenchPrimary.start('Knot');
  await knot.fill(fleet);
  const echo = await startUdpEcho();
  const contender = (name: string, server: { readonly port: number; readonly echoes?: boolean }) => ({
    name,
    warmsUp: true,
    measure: () => queriesPerSecond(server, fleet, OVER_UDP, SECONDS / conditions.scale.divisor),
  });
  const [dynonym, bare, others] = await interleaved(conditions, [
    contender('dynonym', ours),
    contender('a bare UDP echo of Node', { port: echo.port, echoes: true }),
    contender('Knot', knot),
  ]);
  await echo.stop();
  await knot.stop();
  const what = `queries over UDP, ${fleet.names.length} names`;
  return [
    { what, unit: '/s', ours: dynonym, theirs: bare, goal: { compare: 'ratio', atLeast: 0.6 } },
    { what, unit: '/s', ours: dynonym, theirs: others, goal: undefined },
  ];
}

async function updates(conditions: Conditions, ours: BenchPrimary, fleet: Fleet): Promise<readonly Row[]> {
  const bind = await BenchPrimary.start('BIND');
  await bind.fill(fleet);
  const theirFleet = new Fleet(fleet.zone, Math.ceil(fleet.names.length / BIND_SHARE));
  const inProcess = await InProcess.start(new Fleet(fleet.zone, fleet.names.length));
  const [direct, bare, wire, others] = await interleaved(conditions, [
    { name: 'dynonym, in its process', warmsUp: true, measure: () => inProcess.updatesPerSecond() },
    { name: `bare writes and syncs of ${IN_FLIGHT} each`, measure: () => bareSyncsPerSecond(conditions) },
    {
      name: 'dynonym, dnsperf',
      warmsUp: true,
      measure: () => verifiedUpdatesPerSecond(ours, fleet, OVER_UDP),
    },
    { name: 'BIND, dnsperf', measure: () => verifiedUpdatesPerSecond(bind, theirFleet, OVER_UDP) },
  ]);
  await inProcess.stop();
  // What was acknowledged is on the disk, not in the memory of a process that ends in good order.
  await ours.crash();
  await ours.assertHolds(fleet);
  await bind.stop();
  const what = (how: string) => `durable updates ${how}, ${IN_FLIGHT} in flight, ${fleet.names.length} names`;
  return [
    { what: what('in process'), unit: '/s', ours: direct, theirs: bare, goal: DURABLE },
    { what: what('over UDP, signed'), unit: '/s', ours: wire, theirs: others, goal: DURABLE },
  ];
}

/** Octets that the journal has of an update, most of them the SOA that goes and the SOA that comes. */
const JOURNALED = 425;

/** What the disk and Node allow: as many updates a second as fit into writes that are synced one after another. */
async function bareSyncsPerSecond({ scale }: Pick<Conditions, 'scale'>): Promise<number> {
  const groups = Math.ceil((PASSES * NAMES) / scale.divisor / IN_FLIGHT);
  const file = await open(join(tempFolder(), 'journal'), 'w');
  const octets = Buffer.alloc(IN_FLIGHT * JOURNALED, 'x');
  const start = performance.now();
  for (let group = 0; group < groups; group += 1) {
    await file.write(octets, 0, octets.length, group * octets.length);
    await file.datasync();
  }
  const seconds = (performance.now() - start) / 1000;
  await file.close();
  return (groups * IN_FLIGHT) / seconds;
}

/** The zone in this process, and updates of it that meet no network. */
class InProcess {
  readonly #served: Served;
  readonly #fleet: Fleet;

  private constructor(served: Served, fleet: Fleet) {
    this.#served = served;
    this.#fleet = fleet;
  }

  static async start(fleet: Fleet): Promise<InProcess> {
    const { zone } = fleet;
    const apex = `@ 300 SOA ns1 hostmaster 1000 3600 600 86400 60\n@ 300 NS ns1\nns1 300 A 127.0.0.1\n`;
    const inProcess = new InProcess(await startServed({ [zone]: apex }), fleet);
    await inProcess.#make(fleet.names.map((name) => changeOf(name, fleet.address)));
    return inProcess;
  }

  stop(): Promise<void> {
    return this.#served.stop();
  }

  /** Rejects unless each update has moved the serial, and the files hold what the last ones asked for. */
  async updatesPerSecond(): Promise<number> {
    const { zone, names } = this.#fleet;
    const changes: NameChange[] = [];
    for (let pass = 0; pass < PASSES; pass += 1) {
      const from = this.#fleet.address;
      const to = this.#fleet.nextAddress();
      changes.push(...names.map((name) => changeOf(name, to, from)));
    }
    const before = this.#serial;
    const start = performance.now();
    await this.#make(changes);
    const seconds = (performance.now() - start) / 1000;
    const moved = this.#serial - before;
    if (moved !== changes.length) throw new Error(`${moved} of ${changes.length} updates were made`);

    const onDisk = (await loadZone(this.#served.data, zone))?.zone;
    for (const name of names) {
      const [rdata, ...more] = onDisk?.find(name)?.rrsets[0]?.rdatas ?? [];
      if (rdata === undefined || more.length > 0 || addressFromOctets(rdata).text !== this.#fleet.address) {
        throw new Error(`${name} was not kept on the disk`);
      }
    }
    return changes.length / seconds;
  }

  get #serial(): number {
    return this.#served.store.zone(this.#fleet.zone)?.serial ?? Number.NaN;
  }

  async #make(changes: readonly NameChange[]): Promise<void> {
    const rest = changes.values();
    await Promise.all(
      Array.from({ length: IN_FLIGHT }, async () => {
        for (const change of rest) {
          const deadline = performance.now() + 5_000;
          const [result] = await this.#served.updater.apply(this.#fleet.zone, [change], deadline);
          if (!result?.ok) throw result?.fault ?? new Error(`nothing became of ${change.name}`);
        }
      }),
    );
  }
}

/** Conditional on what is there, as the updates of dynonym are. */
function changeOf(name: NameChange['name'], to: string, from?: string): NameChange {
  const replaces = from === undefined ? [] : [addressOf(from)];
  return replacing(name, { type: 'A', ttl: ttl(60), values: [addressOf(to)], replaces });
}

function addressOf(text: string) {
  const parsed = parseIpAddress(text);
  if (!parsed.ok) throw new TypeError(parsed.reason);
  return parsed.value;
}
