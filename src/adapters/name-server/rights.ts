import type { Grantee, UpdateGrant } from '../../application/manage/settings.ts';
import type { LogFields, Logger } from '../../application/ports/logger.ts';
import type { IpAddress } from '../../domain/ip-address.ts';
import { isInNetwork, isLoopbackNetwork, type Network } from '../../domain/network.ts';
import type { TsigKey } from '../../domain/tsig-key.ts';
import { RrType } from '../dns-wire/constants.ts';
import { lowerName } from '../dns-wire/name.ts';
import { isAtOrBelow } from './owner-name.ts';

/** Who sent a request: the holder of a key, if it was signed, at an address. */
export type Sender = { readonly key: TsigKey | undefined; readonly address: IpAddress };

/** What the log says of a sender. */
export const fieldsOf = ({ key, address }: Sender): LogFields => ({ client: address.text, key: key?.name });

/** Anybody can send what is refused, as often as they like: the operator hears of those who have a key. */
export function tellRefusal(logger: Logger, event: string, sender: Sender, zone: string): void {
  logger[sender.key === undefined ? 'debug' : 'info'](event, { zone, ...fieldsOf(sender) });
}

/** What a record of an update touches. */
type Touched = { readonly name: string; readonly type: number };

/**
 * The networks that need no key to change the zone: over UDP anybody can send in the name of an address that lies
 * there. Those of this machine are not among them, for the system drops what comes in their name from elsewhere.
 */
export function forgeableNetworks(grants: readonly UpdateGrant[]): readonly Network[] {
  return grants
    .filter(({ key }) => key === undefined)
    .flatMap(({ networks }) => networks.filter((network) => !isLoopbackNetwork(network)));
}

/** True when one of the grantees is the sender. */
export function isGranted(grantees: readonly Grantee[], sender: Sender): boolean {
  return grantees.some((grantee) => covers(grantee, sender));
}

/** True when the sender may change something in the zone, and everything that `records` touch. */
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

/** "All types of the name" (type ANY) is for those only who may change all types. */
function allows({ names, subtrees, types }: UpdateGrant, record: Touched): boolean {
  const name = lowerName(record.name);
  const isName =
    (names.length === 0 && subtrees.length === 0) ||
    names.some((granted) => granted === name) ||
    subtrees.some((granted) => isAtOrBelow(name, granted));
  return isName && (types.length === 0 || (record.type !== RrType.ANY && types.includes(record.type)));
}
