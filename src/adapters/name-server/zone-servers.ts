import { RrType } from '../dns-wire/constants.ts';
import { isAtOrBelow, parentName } from './owner-name.ts';

/** The types at a lower-case name; none where it has no records. */
export type TypesAt = (name: string) => readonly number[];

/** Why nobody finds a name server. */
export type ServerFlaw = 'no address' | 'alias';

/**
 * What is wrong with `server`, which an NS of the apex of `zone` names; both in lower case. Other servers do not
 * load a zone with such an NS. Of a name that is for others to know about, outside of the zone or below a
 * delegation, nothing is wrong. An address that a wildcard gives does not count: any name that comes to be beside
 * it may take it away.
 */
export function serverFlaw(server: string, zone: string, typesAt: TypesAt): ServerFlaw | undefined {
  if (!isAtOrBelow(server, zone)) return undefined;
  for (const name of namesBetween(zone, server)) {
    if (name !== server && typesAt(name).includes(RrType.DNAME)) return 'alias';
    if (name !== zone && typesAt(name).includes(RrType.NS)) return undefined;
  }
  const types = typesAt(server);
  if (types.includes(RrType.CNAME)) return 'alias';
  return types.includes(RrType.A) || types.includes(RrType.AAAA) ? undefined : 'no address';
}

/** From `zone` down to `name`. */
function namesBetween(zone: string, name: string): readonly string[] {
  const names = [name];
  for (let at = name; at !== zone; ) {
    at = parentName(at);
    names.unshift(at);
  }
  return names;
}
