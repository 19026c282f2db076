import type { DomainName } from '../src/domain/domain-name.ts';
import { DYN_ZONE } from '../test/support/name-servers/zones.ts';
import { Fleet } from './fleet.ts';
import { LoadGenerator } from './load-generator.ts';
import type { Conditions } from './part.ts';
import { BenchPrimary, type PrimaryName } from './primary.ts';
import { updatesTo } from './requests.ts';
import type { Served } from './served.ts';
import { type ServeOptions, startDynonym } from './servers.ts';
import { type BenchUser, usersFor } from './users.ts';

const USERS = 100;

/** A dynonym before a name server that holds all names, its users, and who puts it under load. */
export type Bed = {
  readonly dynonym: Pick<Served, 'port' | 'processorTime' | 'residentMemory'>;
  readonly primary: BenchPrimary;
  readonly fleet: Fleet;
  readonly users: readonly BenchUser[];
  readonly load: LoadGenerator;
  stop(): Promise<void>;
};

export type BedSize = {
  readonly names: number;
  readonly users?: number;
  /** Names beside those of the fleet that the users have. The zone has nothing there yet. */
  readonly spare?: readonly DomainName[];
  readonly options?: ServeOptions;
};

export async function prepareBed(
  primaryName: PrimaryName,
  { program, scale }: Pick<Conditions, 'program' | 'scale'>,
  { names, users: userCount = USERS, spare = [], options }: BedSize,
): Promise<Bed> {
  const fleet = new Fleet(DYN_ZONE, Math.ceil(names / scale.divisor));
  const users = await usersFor([...fleet.names, ...spare], Math.ceil(userCount / scale.divisor));
  const primary = await BenchPrimary.start(primaryName);
  await primary.fill(fleet);
  const dynonym = await startDynonym(program, primary, users, options);
  const load = await LoadGenerator.start();
  const bed = {
    ...{ dynonym, primary, fleet, users, load },
    async stop() {
      await load.stop();
      await dynonym.stop();
      await primary.stop();
    },
  };
  await logIn(bed);
  return bed;
}

/** Logs every user in once, so that what is measured is not the first login. */
export async function logIn({
  dynonym,
  fleet,
  users,
  load,
}: Pick<Bed, 'dynonym' | 'fleet' | 'users' | 'load'>): Promise<void> {
  const first = new Set(users.map(({ domains }) => domains.find(fleet.has)));
  const requests = updatesTo(fleet.address, 'nochg', users, (name) => first.has(name));
  const { failed, samples } = await load.flood({ port: dynonym.port, connections: 4, requests });
  if (failed.length > 0) throw new Error(`${failed.length} logins failed: ${samples.join('; ')}`);
}
