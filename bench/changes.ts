import type { Bed } from './bed.ts';
import { updatesTo } from './requests.ts';

type ChangeBed = Pick<Bed, 'primary' | 'fleet' | 'users' | 'load'> & {
  readonly dynonym: { readonly port: number };
};

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
  let done = 0;
  let seconds = 0;
  for (let left = changes; left > 0; left -= bed.fleet.names.length) {
    const result = await changeNames(bed, connections, left);
    done += result.successes;
    seconds += result.seconds;
  }
  return done / seconds;
}

async function changeNames(
  { dynonym, primary, fleet, users, load }: ChangeBed,
  connections: number,
  most: number,
) {
  const requests = updatesTo(fleet.nextAddress(), 'good', users).slice(0, most);
  const result = await load.flood({ port: dynonym.port, connections, requests });
  const held = await primary.addressesIn(fleet.zone);
  const failed = new Set(result.failed);
  for (const [index, { name }] of requests.entries()) {
    const addresses = held.get(name)?.join() ?? 'nothing';
    if (!failed.has(index) && addresses !== fleet.address) {
      throw new Error(`${name} was answered with success, and ${primary.name} has ${addresses} there`);
    }
  }
  // A few may fail on a machine that is too busy; where many do, the rate of the others means nothing.
  if (failed.size > requests.length / 100) {
    throw new Error(`${failed.size} of ${requests.length} changes failed: ${result.samples.join('; ')}`);
  }
  return result;
}
