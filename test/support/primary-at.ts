import { DEFAULT_SETTINGS, type Primary } from '../../src/application/manage/settings.ts';
import type { SocketAddress } from '../../src/domain/socket-address.ts';
import { KEYS } from './name-servers/keys.ts';

/** A primary as it is configured: by TCP, with the key that may change everything, its zones searched for. */
export function primaryAt(socket: SocketAddress, settings: Partial<Primary> = {}): Primary {
  const { transport, tls } = DEFAULT_SETTINGS.dns;
  return { socket, transport, tls, zones: [], tsig: KEYS.sha256, ...settings };
}
