import type { Software } from '../about.ts';
import type { Channel } from './channel.ts';
import { versionQuery } from './requests.ts';

/** What program the server says it is. It may be told to hide that, and then is `unknown`. */
export async function askSoftware(channel: Channel): Promise<Software> {
  const heard = await channel.ask(versionQuery());
  if (heard.kind !== 'answer') return 'unknown';
  const [record] = heard.message.answers;
  const version = record?.rdata.subarray(1).toString('latin1') ?? '';
  if (version.startsWith('PowerDNS')) return 'powerdns';
  if (version.startsWith('Knot DNS')) return 'knot';
  // BIND says nothing but its number: 9.18.49-1~deb12u3-Debian.
  return /^9\.\d+\./.test(version) ? 'bind' : 'unknown';
}
