import { CHILD_ZONE } from '../../test/support/name-servers/zones.ts';
import { prepareBed } from '../bed.ts';
import { changesPerSecond, oneDynonym } from '../changes.ts';
import { type DnsperfSetting, updatesPerSecond } from '../dnsperf.ts';
import { Fleet } from '../fleet.ts';
import { interleaved, type Part } from '../part.ts';
import type { PrimaryName } from '../primary.ts';
import type { Goal, Row, Series } from '../report.ts';
import { updatesTo } from '../requests.ts';
import { startNsupdateHandler } from '../servers.ts';
import { median } from '../statistics.ts';

/** What is measured on one name server. */
type Plan = {
  readonly primary: PrimaryName;
  readonly names: number;
  /** Of one measurement: a few seconds of work. */
  readonly changes: number;
  /** Settings at which dnsperf does well there; the best of them in this run is what counts. */
  readonly dnsperf: readonly DnsperfSetting[];
  /** A goal beside dnsperf is one only where the server's own work is what limits both. */
  readonly goals: readonly { readonly connections: number; readonly goal?: Goal }[];
};

const atLeast = (bound: number): Goal => ({ compare: 'ratio', atLeast: bound });

const ON_BIND: Plan = {
  primary: 'BIND',
  names: 5_000,
  changes: 20_000,
  dnsperf: [
    { mode: 'udp', clients: 1, outstanding: 64 },
    { mode: 'udp', clients: 32, outstanding: 64 },
    { mode: 'tcp', clients: 4, outstanding: 64 },
  ],
  goals: [{ connections: 64 }, { connections: 256 }],
};

const ON_KNOT: Plan = {
  primary: 'Knot',
  names: 5_000,
  changes: 15_000,
  dnsperf: [
    { mode: 'udp', clients: 4, outstanding: 64 },
    { mode: 'udp', clients: 4, outstanding: 256 },
    { mode: 'udp', clients: 32, outstanding: 64 },
  ],
  goals: [{ connections: 256 }],
};

const ON_POWERDNS: Plan = {
  primary: 'PowerDNS',
  names: 5_000,
  // A replacement in a zone of this size takes it 10 ms and more, whoever asks for it.
  changes: 300,
  dnsperf: [
    { mode: 'udp', clients: 1, outstanding: 32 },
    { mode: 'udp', clients: 32, outstanding: 64 },
    { mode: 'tcp', clients: 4, outstanding: 16 },
  ],
  goals: [{ connections: 64, goal: atLeast(0.9) }],
};

const DNSPERF_SECONDS = 3;

/** Changed addresses a second, beside dnsperf on the same server. */
function changedOn({ primary, names, changes, dnsperf, goals }: Plan): Part {
  return {
    title: `Changed addresses, ${primary}`,
    async run(conditions) {
      const bed = await prepareBed(primary, conditions, { names });
      // In a zone of its own, so that neither finds the changes of the other.
      const theirFleet = new Fleet(CHILD_ZONE, bed.fleet.names.length);
      await bed.primary.fill(theirFleet);
      const ours = goals.map(({ connections }) => ({
        name: `dynonym, ${connections} connections`,
        warmsUp: true,
        measure: () => changesPerSecond(oneDynonym(bed), connections, changes / conditions.scale.divisor),
      }));
      const theirs = dnsperf.map((setting) => ({
        name: `dnsperf, ${setting.mode}, ${setting.clients} clients, ${setting.outstanding} outstanding`,
        measure: () =>
          updatesPerSecond(bed.primary, theirFleet, setting, DNSPERF_SECONDS / conditions.scale.divisor),
      }));
      const measured = await interleaved(conditions, [...ours, ...theirs]);
      await bed.stop();

      const series = measured.slice(0, ours.length);
      const others = measured.slice(ours.length);
      const best = fastest(others);
      const row = (one: Series, other: Series, goal: Goal | undefined): Row => ({
        what: `changed addresses, ${bed.fleet.names.length} names, ${primary}`,
        ...{ unit: '/s', ours: one, theirs: other, goal },
      });
      return [
        ...series.map((one, index) => row(one, best, goals[index]?.goal)),
        // For information: the settings that were slower.
        ...others.filter((other) => other !== best).map((other) => row(fastest(series), other, undefined)),
      ];
    },
  };
}

export const changedOnBind = changedOn(ON_BIND);
export const changedOnKnot = changedOn(ON_KNOT);
export const changedOnPowerDns = changedOn(ON_POWERDNS);

const NSUPDATE_SECONDS = 3;
const CONNECTIONS = 64;

/** Changed addresses a second, beside a program that runs nsupdate for each. */
export const nsupdate: Part = {
  title: 'Changed addresses, beside a handler that runs nsupdate',
  async run(conditions) {
    const bed = await prepareBed('BIND', conditions, { names: 5_000 });
    const others = new Fleet(CHILD_ZONE, bed.fleet.names.length);
    await bed.primary.fill(others);
    const login = { name: 'alice', password: 'password-of-alice', hash: '', domains: others.names };
    const handler = await startNsupdateHandler(bed.primary, login);
    const [ours, theirs] = await interleaved(conditions, [
      {
        name: 'dynonym',
        warmsUp: true,
        measure: () =>
          changesPerSecond(oneDynonym(bed), CONNECTIONS, ON_BIND.changes / conditions.scale.divisor),
      },
      {
        name: 'a handler that runs nsupdate',
        measure: async () => {
          const { successes, seconds, samples } = await bed.load.flood({
            port: handler.port,
            connections: CONNECTIONS,
            requests: updatesTo(others.nextAddress(), 'good', [login]),
            seconds: NSUPDATE_SECONDS / conditions.scale.divisor,
          });
          if (successes === 0) throw new Error(`nothing was changed: ${samples.join('; ')}`);
          return successes / seconds;
        },
      },
    ]);
    await handler.stop();
    await bed.stop();
    const what = `changed addresses, BIND, ${CONNECTIONS} connections`;
    return [{ what, unit: '/s', ours, theirs, goal: atLeast(50) }];
  },
};

function fastest(series: readonly Series[]): Series {
  return series.reduce((best, other) => (median(other.values) > median(best.values) ? other : best));
}
