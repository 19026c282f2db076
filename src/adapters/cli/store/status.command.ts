import { Command, Option } from 'clipanion';
import type {
  InspectedHost,
  InspectedInstance,
  SchemaState,
  StoreReport,
} from '../../../application/ports/store-inspector.ts';
import { BaseCommand } from '../base.command.ts';
import { table } from '../table.ts';
import { noStore } from './no-store.ts';

const SCHEMAS: Readonly<Record<SchemaState, string>> = {
  ready: 'of this version',
  none: 'no tables; type: dynonym store migrate',
  older: 'of an older version; type: dynonym store migrate',
  newer: 'of a newer version',
};

export class StoreStatusCommand extends BaseCommand {
  static override paths = [['store', 'status']];

  static override usage = Command.Usage({
    category: 'Database',
    description: 'Show the database, its hosts, and the instances that use it',
    details: `
      Users and names are counted as PostgreSQL estimates them, so this costs the same with ten of them and with ten
      million. Instances are those that were heard of within the last minute. One of them does the work that is done
      once for all.

      Exit code: 0 when the database takes writes and has the tables of this version, otherwise 1.
    `,
    examples: [
      ['Look at the database of [store]', '$0 store status'],
      [
        'Let a script tell how many instances there are',
        "$0 store status --json | jq '.database.instances | length'",
      ],
    ],
  });

  json = Option.Boolean('--json', false, { description: 'print JSON, whose fields stay the same' });

  override async execute(): Promise<number> {
    const store = await this.context.openStore(this.configFile);
    if (store === undefined) return this.refuse(noStore(this.configFile));
    const report = await store.inspector.inspect();
    await (this.json ? this.doneAsJson(asJson(report)) : this.print(asText(report)));
    return report.database?.isWritable === true && report.database.schema === 'ready' ? 0 : 1;
  }
}

function asText({ hosts, database }: StoreReport): string {
  const parts = [table([['DATABASE HOST', 'STATE', 'LATENCY', 'BEHIND'], ...hosts.map(hostRow)])];
  if (database === undefined) return [...parts, 'No host of the database answers.'].join('\n\n');
  const { host, isWritable, version, size, schema, tables } = database;
  const facts = [
    ['In use', `${host}${isWritable ? '' : ' (takes no writes)'}`],
    ['PostgreSQL', version],
    ['Size', sizeText(size)],
    ['Tables', SCHEMAS[schema]],
  ];
  if (tables !== undefined) {
    facts.push(['Users', estimate(tables.users)], ['Names', estimate(tables.names)]);
  }
  parts.push(table(facts));
  if (tables === undefined) return parts.join('\n\n');
  const heading = ['INSTANCE', 'PROCESS', 'VERSION', 'SINCE', 'COMMON WORK'];
  parts.push(
    tables.instances.length === 0
      ? 'No instance was heard of within the last minute.'
      : table([heading, ...tables.instances.map(instanceRow)]),
  );
  return parts.join('\n\n');
}

function hostRow(one: InspectedHost): string[] {
  if (one.state === 'away') return [one.host, `away: ${one.reason}`, '-', '-'];
  return [
    one.host,
    one.state,
    `${one.latency.toFixed(1)} ms`,
    one.behind === undefined ? '-' : sizeText(one.behind),
  ];
}

const instanceRow = ({ host, process, version, since, isHolder }: InspectedInstance): string[] => [
  host,
  String(process),
  version,
  new Date(since).toISOString(),
  isHolder ? 'yes' : '-',
];

const estimate = (rows: number | undefined): string =>
  rows === undefined ? 'not estimated yet' : `about ${rows}`;

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

function sizeText(octets: number): string {
  const power = octets < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(octets) / 10));
  return `${Number((octets / 1024 ** power).toPrecision(3))} ${UNITS[power]}`;
}

/** Fields may be added, and are never changed. */
function asJson({ hosts, database }: StoreReport) {
  return {
    hosts: hosts.map((one) =>
      one.state === 'away'
        ? { host: one.host, state: one.state, reason: one.reason }
        : { host: one.host, state: one.state, latencyMs: one.latency, bytesBehind: one.behind ?? null },
    ),
    database:
      database === undefined
        ? null
        : {
            host: database.host,
            writable: database.isWritable,
            version: database.version,
            bytes: database.size,
            schema: database.schema,
            clockAheadMs: Math.round(database.clockAhead),
            users: database.tables?.users ?? null,
            names: database.tables?.names ?? null,
            instances: (database.tables?.instances ?? []).map(
              ({ host, process, version, since, seen, isHolder }) => ({
                host,
                process,
                version,
                since: new Date(since).toISOString(),
                seen: new Date(seen).toISOString(),
                commonWork: isHolder,
              }),
            ),
          },
  };
}
