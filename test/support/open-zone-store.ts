import { join } from 'node:path';
import { FileProcessLock } from '../../src/adapters/file-stores/file-process-lock.ts';
import type { FirstZone } from '../../src/adapters/name-server/first-zone.ts';
import { MIN_COMPACTION } from '../../src/adapters/name-server/stored-zone.ts';
import { ZoneFolder } from '../../src/adapters/name-server/zone-folder.ts';
import { ZoneStore, type ZoneStorePorts } from '../../src/adapters/name-server/zone-store.ts';
import { SystemClock } from '../../src/adapters/system/system-clock.ts';
import { type Logger, noLogger } from '../../src/application/ports/logger.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import { ttl } from '../../src/domain/ttl.ts';

/** A zone that begins with a SOA and `ns1`, which has the address 127.0.0.1. */
export const firstZone = (name: string): FirstZone => ({
  name: domainName(name),
  servers: [{ name: domainName(`ns1.${name}`), addresses: [{ family: 'ipv4', text: '127.0.0.1' }] }],
  hostmaster: `hostmaster.${name}`,
  ttl: ttl(300),
  negativeTtl: ttl(60),
});

/** Opens the zones of a folder. */
export function openZoneStore(
  folder: string,
  zones: readonly string[],
  logger: Logger = noLogger,
  minCompaction = MIN_COMPACTION,
): Promise<ZoneStore> {
  return ZoneStore.open({ folder, zones: zones.map(firstZone), minCompaction }, portsOf(folder, logger));
}

/** A zone of a folder as `dynonym zone export` prints it; undefined where the folder has no such zone. */
export async function exportedZone(folder: string, zone: string): Promise<string | undefined> {
  const archive = new ZoneFolder({ data: folder, zones: [] }, portsOf(folder, noLogger));
  const copy = await archive.masterFile(domainName(zone));
  return copy && [...copy.pieces].join('');
}

function portsOf(folder: string, logger: Logger): ZoneStorePorts {
  return { lock: new FileProcessLock(join(folder, 'lock')), clock: new SystemClock(), logger };
}
