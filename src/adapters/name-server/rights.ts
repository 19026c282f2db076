import type { Grantee, UpdateGrant } from '../../application/manage/settings.ts';
import type { LogFields, Logger } from '../../application/ports/logger.ts';
import type { IpAddress } from '../../domain/ip-address.ts';
import { isInNetwork, isLoopbackNetwork, type Network } from '../../domain/network.ts';
import type { TsigKey } from '../../domain/tsig-key.ts';
import { RrType } from '../dns-wire/constants.ts';
import { lowerName } from '../dns-wire/name.ts';
import { isAtOrBelow } from './owner-name.ts';
import { addressOf, keyOf, type Request } from './request.ts';

/** The sender of a request: its address, and the key of a verified signature. */
export type Sender = { readonly key: TsigKey | undefined; readonly address: IpAddress };

export function senderOf(request: Request): Sender {
  return { key: keyOf(request), address: addressOf(request.client) };
}

/** The log fields of a request about a zone. */
export function fieldsOf({ key, address }: Sender, zone: string): LogFields {
  return { zone, client: address.text, key: key?.name };
}

/** Only holders of a key reach the level `info`, because anybody can send unsigned requests at any rate. */
export function logRefusal(logger: Logger, event: string, fields: LogFields): void {
  logger[fields['key'] === undefined ? 'debug' : 'info'](event, fields);
}

/** What a record of an update changes. */
type Touched = { readonly name: string; readonly type: number };

/**
 * The networks that may change the zone without a key: over UDP, anybody can forge an address in them. Loopback
 * networks are left out, because the system drops packets with such a source from outside.
 */
export function forgeableNetworks(grants: readonly UpdateGrant[]): readonly Network[] {
  return grants
    .filter(({ key }) => key === undefined)
    .flatMap(({ networks }) => networks.filter((network) => !isLoopbackNetwork(network)));
}

/** True when one of the grantees covers the sender. */
export function isGranted(grantees: readonly Grantee[], sender: Sender): boolean {
  return grantees.some((grantee) => covers(grantee, sender));
}

/** True when the sender has any right to change the zone, and the right to change all of `records`. */
export function mayUpdate(
  grants: readonly UpdateGrant[],
  sender: Sender,
  records: readonly Touched[],
): boolean {
  const own = grants.filter((grant) => covers(grant, sender));
  return own.length > 0 && records.every((record) => own.some((grant) => allows(grant, record)));
}

function covers({ key, networks }: Grantee, sender: Sender): boolean {
  return (
    (key === undefined || key.name === sender.key?.name) &&
    (networks.length === 0 || networks.some((network) => isInNetwork(sender.address, network)))
  );
}

/** Type ANY, which deletes all types of a name, needs the right to all types. */
function allows({ names, subtrees, types }: UpdateGrant, record: Touched): boolean {
  const name = lowerName(record.name);
  const isName =
    (names.length === 0 && subtrees.length === 0) ||
    names.some((granted) => granted === name) ||
    subtrees.some((granted) => isAtOrBelow(name, granted));
  return isName && (types.length === 0 || (record.type !== RrType.ANY && types.includes(record.type)));
}
