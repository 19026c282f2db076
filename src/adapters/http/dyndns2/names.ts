import { type DomainName, parseDomainName } from '../../../domain/domain-name.ts';
import type { Principal } from '../../../domain/principal.ts';
import type { Parameter } from '../context.ts';
import type { Refused } from './return-code.ts';

/** How many names a request may have. A name that is given twice counts twice. */
export const MAX_NAMES = 20;
export const TOO_MANY_NAMES: Refused = { code: 'numhost', reason: `more than ${MAX_NAMES} names` };

/** The names of a request in its order, undefined for what is no name; or why there is no such list. */
export function requestedNames(
  parameters: readonly Parameter[],
  principal: Principal,
): readonly (DomainName | undefined)[] | Refused {
  const texts = listOf(parameters, 'hostname');
  const names = isDefault(texts) ? defaultNames(parameters, principal) : texts.map(qualifiedName);
  if (names.length === 0) return { code: 'notfqdn', reason: 'hostname: missing' };
  return names.length > MAX_NAMES ? TOO_MANY_NAMES : names;
}

/** dyndns1 says `hostname=YES&host_id=NAME`. */
function isDefault(texts: readonly string[]): boolean {
  return texts.length === 0 || (texts.length === 1 && texts[0]?.toUpperCase() === 'YES');
}

/** The names that are meant if `hostname` gives none: inadyn and UniFi send it empty. */
function defaultNames(
  parameters: readonly Parameter[],
  principal: Principal,
): readonly (DomainName | undefined)[] {
  const hostIds = listOf(parameters, 'host_id');
  if (hostIds.length > 0) return hostIds.map(qualifiedName);
  const user = qualifiedName(principal.user);
  if (user !== undefined && principal.domains.has(user)) return [user];
  return principal.domains.size === 1 ? [...principal.domains] : [];
}

/** The items of all parameters of this name, without empty ones. */
function listOf(parameters: readonly Parameter[], wanted: string): readonly string[] {
  const items: string[] = [];
  for (const [name, value] of parameters) {
    if (name.toLowerCase() !== wanted) continue;
    for (const part of value.split(',')) {
      const item = part.trim();
      if (item !== '') items.push(item);
    }
  }
  return items;
}

/** A name with at least two labels. */
function qualifiedName(text: string): DomainName | undefined {
  const name = parseDomainName(text);
  return name.ok && name.value.includes('.') ? name.value : undefined;
}
