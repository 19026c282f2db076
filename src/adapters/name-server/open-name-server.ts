import { randomBytes } from 'node:crypto';
import type { NameServerSettings, ServedZone } from '../../application/manage/settings.ts';
import type { DnsUpdater } from '../../application/ports/dns-updater.ts';
import type { Listener } from '../../application/ports/listener.ts';
import type { Logger } from '../../application/ports/logger.ts';
import { networkText } from '../../domain/network.ts';
import { makeFolder } from '../files/folder-owner.ts';
import { NameServer } from './name-server.ts';
import { NameServerDnsUpdater } from './name-server-dns-updater.ts';
import { forgeableNetworks } from './rights.ts';
import { notifySecondaries } from './secondaries/notifier.ts';
import { COOKIE_SECRET_SIZE, ServerCookies } from './server-cookies.ts';
import { DnsListener } from './sockets/dns-listener.ts';
import { unwritable } from './zone-fault.ts';
import { ZoneStore, type ZoneStorePorts } from './zone-store.ts';

export type OpenNameServer = {
  readonly store: ZoneStore;
  readonly listener: Listener;
  readonly updater: DnsUpdater;
  /** To be called after the listener has stopped. */
  close(): Promise<void>;
  /** Replaces `close` where the program could not start. Removes the files of zones that this start created. */
  withdraw(): Promise<void>;
};

/** Opens the zones. Queries, updates and NOTIFY begin when the listener starts. Throws a ZoneFault. */
export async function openNameServer(
  { data, sockets, zones }: Pick<NameServerSettings, 'data' | 'sockets' | 'zones'>,
  ports: ZoneStorePorts,
): Promise<OpenNameServer> {
  const { clock, logger } = ports;
  try {
    await makeFolder(data, 0o700);
  } catch (error) {
    throw unwritable(data, error);
  }
  const store = await ZoneStore.open({ folder: data, zones }, ports);
  for (const zone of zones) warnOfForgeries(zone, logger);
  const server = new NameServer(
    store,
    zones,
    new ServerCookies(randomBytes(COOKIE_SECRET_SIZE)),
    clock,
    logger,
  );
  const dns = new DnsListener(server, sockets, clock, logger);
  let stopNotifying = () => {};
  let stopping = false;
  return {
    store,
    listener: {
      async start() {
        const addresses = await dns.start();
        // After the sockets are open: a secondary answers NOTIFY with a query at once.
        if (!stopping) stopNotifying = notifySecondaries(store, zones, sockets, { clock, logger });
        return addresses;
      },
      async stop(deadline) {
        stopping = true;
        stopNotifying();
        await dns.stop(deadline);
      },
    },
    updater: new NameServerDnsUpdater(store, clock),
    close: () => store.close(),
    withdraw: () => store.withdraw(),
  };
}

/** Such updates are allowed, as in BIND, which warns at its start too. */
function warnOfForgeries({ name, updates }: ServedZone, logger: Logger): void {
  const networks = forgeableNetworks(updates).map(networkText).join(', ');
  if (networks === '') return;
  logger.warn('A zone takes updates without a key, from addresses that can be forged', {
    zone: name,
    networks,
  });
}
