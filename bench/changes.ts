import type { Bed } from './bed.ts';
import type { FloodResult, PlannedRequest } from './load-job.ts';
import { updatesTo } from './requests.ts';

/** Who is asked to change what, where the change has to be seen afterwards, and how the requests are sent. */
export type ChangeBed = Pick<Bed, 'primary' | 'fleet' | 'users'> & {
  send(requests: readonly PlannedRequest[], connections: number): Promise<FloodResult>;
  /** Names that another program changes too, so that nobody knows what they have afterwards. */
  readonly alsoChanged?: ReadonlySet<string>;
};

export type Changes = {
  readonly perSecond: number;
  readonly failed: number;
  readonly samples: readonly string[];
};

/** All requests go to one dynonym. */
export function oneDynonym(
  bed: Pick<Bed, 'primary' | 'fleet' | 'users' | 'load'> & {
    readonly dynonym: { readonly port: number };
  },
): ChangeBed {
  const { dynonym, load, primary, fleet, users } = bed;
  return {
    ...{ primary, fleet, users },
    send: (requests, connections) => load.flood({ port: dynonym.port, connections, requests }),
  };
}

/**
 * Makes so many changes, each name once before any is changed again, and gives the changes a second. Before a
 * name is changed again the zone is transferred, with the clock stopped: each answer that counted as a success
 * has to be there.
 */
export async function changesPerSecond(
  bed: ChangeBed,
  connections: number,
  changes: number,
): Promise<number> {
  const { perSecond, failed, samples } = await makeChanges(bed, connections, changes);
  // A few may fail on a machine that is too busy; where many do, the rate of the others means nothing.
  if (failed > changes / 100)
    throw new Error(`${failed} of ${changes} changes failed: ${samples.join('; ')}`);
  return perSecond;
}

/** Like {@link changesPerSecond}, for whom a failure is something to be told. */
export async function makeChanges(bed: ChangeBed, connections: number, changes: number): Promise<Changes> {
  let done = 0;
  let seconds = 0;
  let failed = 0;
  const samples: string[] = [];
  for (let left = changes; left > 0; left -= bed.fleet.names.length) {
    const result = await changeNames(bed, connections, left);
    done += result.successes;
    seconds += result.seconds;
    failed += result.failed.length;
    samples.push(...result.samples);
  }
  return { perSecond: done / seconds, failed, samples };
}

async function changeNames(
  { primary, fleet, users, alsoChanged, send }: ChangeBed,
  connections: number,
  most: number,
): Promise<FloodResult> {
  const requests = updatesTo(fleet.nextAddress(), 'good', users, fleet.has).slice(0, most);
  const result = await send(requests, connections);
  const held = await primary.addressesIn(fleet.zone);
  const failed = new Set(result.failed);
  for (const [index, { name }] of requests.entries()) {
    const addresses = held.get(name)?.join() ?? 'nothing';
    if (!failed.has(index) && !alsoChanged?.has(name) && addresses !== fleet.address) {
      throw new Error(`${name} was answered with success, and ${primary.name} has ${addresses} there`);
    }
  }
  return result;
}
