import type { Bed } from './bed.ts';
import { updatesTo } from './requests.ts';

type ChangeBed = Pick<Bed, 'primary' | 'fleet' | 'users' | 'load'> & {
  readonly dynonym: { readonly port: number };
};

/**
 * Changes every name of the bed once, some times over, and gives the changes a second. Between two times the
 * zone is transferred, with the clock stopped: each answer that counted as a success has to be there.
 */
export async function changesPerSecond(bed: ChangeBed, connections: number, times: number): Promise<number> {
  let changes = 0;
  let seconds = 0;
  for (let time = 0; time < times; time += 1) {
    const done = await changeAll(bed, connections);
    changes += done.successes;
    seconds += done.seconds;
  }
  return changes / seconds;
}

async function changeAll({ dynonym, primary, fleet, users, load }: ChangeBed, connections: number) {
  const requests = updatesTo(fleet.nextAddress(), 'good', users);
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
