import { DYN_ZONE } from '../test/support/name-servers/zones.ts';
import { logIn, prepareBed } from './bed.ts';
import { makeChanges, oneDynonym } from './changes.ts';
import { Fleet } from './fleet.ts';
import { startDynonym } from './servers.ts';
import { usersFor } from './users.ts';
import { updatesTo } from './requests.ts';
const [kind = 'BIND', conns = '64', prof = ''] = process.argv.slice(2);
const nodeArgs = prof ? [`--cpu-prof`, `--cpu-prof-dir=${prof}`] : [];
const conditions = { program: [process.execPath, ...nodeArgs, 'dist/main.js'], scale: { divisor: 1, repetitions: 1 } } as never;
const now = await prepareBed(kind as never, conditions, { names: 5000 });
const fleet = new Fleet(DYN_ZONE, 5000, 5000);
await now.primary.fill(fleet);
const users = await usersFor(fleet.names, now.users.length);
const d2 = await startDynonym([process.execPath, '/tmp/base/dist/main.js'], now.primary, users);
const earlier = { ...now, fleet, users, dynonym: d2, stop: () => d2.stop() };
await logIn(earlier as never);
for (let r = 0; r < 4; r++) {
  for (const [name, bed] of [['now', now], ['before', earlier]] as const) {
    const c = Number(conns);
    let t = bed.dynonym.processorTime;
    const n = 5000;
    const { perSecond, failed, samples } = await makeChanges(oneDynonym(bed as never), c, n);
    const changed = ((bed.dynonym.processorTime - t) * 1e6) / n;
    t = bed.dynonym.processorTime;
    const requests = updatesTo(bed.fleet.address, 'nochg', bed.users, bed.fleet.has);
    const u = await bed.load.flood({ port: bed.dynonym.port, connections: c, requests });
    const unchanged = ((bed.dynonym.processorTime - t) * 1e6) / u.successes;
    console.log(r, name, 'changed', perSecond.toFixed(0), '/s', changed.toFixed(0), 'µs; unchanged', (u.successes / u.seconds).toFixed(0), '/s', unchanged.toFixed(0), 'µs', failed, u.failed.length, samples.slice(0, 2), u.samples.slice(0, 2));
  }
}
await earlier.stop(); await now.stop();
process.exit(0);
