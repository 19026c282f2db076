import type { ImportedData, ImportedSecret } from '../../application/manage/import-users.ts';
import { type DomainName, parseDomainName } from '../../domain/domain-name.ts';
import { invalid, type Parsed, valid } from '../../domain/errors.ts';
import { addTo } from '../../domain/grouped.ts';
import { parseIpv6 } from '../../domain/ip-address.ts';
import { parsePrefixLength } from '../../domain/ipv6-prefix.ts';
import { Collected } from './collected.ts';
import { isObject, type JsonObject, parseJson, textIn } from './json.ts';

/** A row of a Django dump. `key` is how other rows name it: its number, or with natural keys its name. */
type Row = { readonly model: string; readonly keys: readonly string[]; readonly fields: JsonObject };

type Host = { readonly name: DomainName; readonly fields: JsonObject; readonly owner: string | undefined };

/**
 * Reads what `manage.py dumpdata auth.user main` writes.
 *
 * There, a router logs in with the name of its host and the secret of that host. So each host becomes a user of that
 * name. Its owner becomes a user too, who may change all hosts of that owner.
 */
export function parseNsupdateInfo(text: string): Parsed<ImportedData> {
  const json = parseJson(text);
  if (!json.ok) return json;
  if (!Array.isArray(json.value) || !json.value.every(isObject)) return invalid(NO_DUMP);
  const rows = json.value.flatMap((value) => rowOf(value) ?? []);
  if (!rows.some(({ model }) => model === 'main.host' || model === 'auth.user')) return invalid(NO_DUMP);

  const collected = new Collected();
  const hosts = hostsIn(rows, collected);
  const related = relatedIn(rows, hosts, collected);
  // Hosts come first: an account with the name of somebody else's host must not take its place.
  for (const { name, fields } of hosts.values()) {
    collected.addAccount({
      user: name,
      secret: djangoSecret(textIn(fields, 'update_secret') ?? '', 'update secret'),
      names: [name],
      offline: true,
    });
  }
  const owned = byOwner(hosts);
  for (const { keys, fields } of ofModel(rows, 'auth.user')) {
    const user = textIn(fields, 'username') ?? '';
    if (fields['is_active'] === false) {
      collected.leave('user', user, 'the account is not active there');
      continue;
    }
    const own = keys.flatMap((key) => owned.get(key) ?? []);
    const names = own.flatMap((name) => [name, ...(related.get(name) ?? [])]);
    collected.addAccount({
      user,
      secret: djangoSecret(textIn(fields, 'password') ?? '', 'password'),
      names,
      offline: true,
      remarks:
        fields['is_superuser'] === true
          ? ['an operator there, and none here: dynonym configure users operator makes one']
          : [],
    });
  }
  for (const { fields } of ofModel(rows, 'main.domain')) {
    const server = textIn(fields, 'nameserver_ip') ?? '';
    collected.leave(
      'other',
      textIn(fields, 'name') ?? '',
      `the name server ${server} of this zone and its key are set with dynonym configure dns`,
    );
  }
  for (const { fields } of ofModel(rows, 'main.serviceupdaterhostconfig')) {
    collected.leave('other', textIn(fields, 'hostname') ?? '', 'updates are not passed on to other services');
  }
  return valid(collected);
}

const NO_DUMP = 'it is no dump of nsupdate.info; make it with: manage.py dumpdata auth.user main';

function rowOf({ model, pk, fields }: JsonObject): Row | undefined {
  if (typeof model !== 'string' || !isObject(fields)) return undefined;
  const names = [textIn(fields, 'username'), textIn(fields, 'name')];
  const keys = [keyOf(pk), ...names.map((name) => name && keyOf([name]))];
  return { model, fields, keys: keys.filter((key) => key !== undefined) };
}

/** A reference in a dump is a number, or a list of texts where it was made with natural keys. */
const keyOf = (value: unknown): string | undefined =>
  isPlain(value) || (Array.isArray(value) && value.every(isPlain)) ? JSON.stringify(value) : undefined;

const isPlain = (value: unknown) => typeof value === 'string' || typeof value === 'number';

const ofModel = (rows: readonly Row[], model: string): readonly Row[] =>
  rows.filter((row) => row.model === model);

/** The hosts that may be updated, by each key. */
function hostsIn(rows: readonly Row[], collected: Collected): ReadonlyMap<string, Host> {
  const domains = new Map(
    ofModel(rows, 'main.domain').flatMap(({ keys, fields }) =>
      keys.map((key) => [key, textIn(fields, 'name')]),
    ),
  );
  const hosts = new Map<string, Host>();
  for (const { keys, fields } of ofModel(rows, 'main.host')) {
    const label = textIn(fields, 'name') ?? '';
    const domain = domains.get(keyOf(fields['domain']) ?? '');
    const name = parseDomainName(`${label}.${domain ?? ''}`);
    if (domain === undefined || !name.ok) {
      collected.leave('host', label, 'its domain is not in the dump');
    } else if (fields['abuse'] === true || fields['abuse_blocked'] === true) {
      collected.leave('host', name.value, 'it is blocked for abuse there');
    } else if (fields['available'] === false) {
      collected.leave('host', name.value, 'it is not available there');
    } else {
      hosts.set(keys[0] ?? name.value, { name: name.value, fields, owner: keyOf(fields['created_by']) });
    }
  }
  return hosts;
}

function byOwner(hosts: ReadonlyMap<string, Host>): ReadonlyMap<string, readonly DomainName[]> {
  const owned = new Map<string, DomainName[]>();
  for (const { name, owner } of hosts.values()) {
    if (owner !== undefined) addTo(owned, owner, name);
  }
  return owned;
}

/** Adds the hosts that move with another one. Returns their names by the name of that one. */
function relatedIn(
  rows: readonly Row[],
  hosts: ReadonlyMap<string, Host>,
  collected: Collected,
): ReadonlyMap<DomainName, readonly DomainName[]> {
  const names = new Map<DomainName, DomainName[]>();
  for (const { fields } of ofModel(rows, 'main.relatedhost')) {
    const main = hosts.get(keyOf(fields['main_host']) ?? '');
    const label = textIn(fields, 'name') ?? '';
    const name = parseDomainName(`${label}.${main?.name ?? ''}`);
    if (main === undefined || !name.ok) {
      collected.leave('host', label, 'the host that it moves with was left');
      continue;
    }
    const why = takeRelated(name.value, main, fields, collected);
    if (why !== undefined) {
      collected.leave('host', name.value, why);
      continue;
    }
    addTo(names, main.name, name.value);
    if (textIn(fields, 'interface_id_ipv4')?.trim()) {
      collected.leave(
        'other',
        name.value,
        'only its IPv6 address moves here; set its IPv4 address by itself',
      );
    }
  }
  return names;
}

/** Adds one host that moves with `main`. Gives the reason where it is not taken, else undefined. */
function takeRelated(
  name: DomainName,
  main: Host,
  fields: JsonObject,
  collected: Collected,
): string | undefined {
  if (fields['available'] === false) return 'it is not available there';
  const text = textIn(fields, 'interface_id_ipv6')?.trim() ?? '';
  if (text === '') return 'it has no IPv6 interface id, and IPv4 addresses do not move here';
  const interfaceId = parseIpv6(text);
  if (!interfaceId.ok) return `its IPv6 interface id: ${interfaceId.reason}`;
  const length = parsePrefixLength(Number(main.fields['netmask_ipv6'] ?? 64));
  if (!length.ok) return `the IPv6 netmask of its host: ${length.reason}`;
  collected.hosts.push({
    name,
    follows: main.name,
    interfaceId: interfaceId.value,
    prefixLength: length.value,
  });
  return undefined;
}

/**
 * What Django stores, and what of it can be verified here exactly. It writes the name of its hasher before the hash
 * itself, which argon2 and bcrypt have in their usual form. The hasher `bcrypt_sha256` hashes the password before, so
 * its bcrypt is not that of the password.
 */
export function djangoSecret(stored: string, what: string): ImportedSecret {
  if (stored === '' || stored.startsWith('!')) return { kind: 'none' };
  const [, hasher = '', rest = ''] = /^([^$]*)\$(.*)$/s.exec(stored) ?? [];
  switch (hasher) {
    case 'argon2':
    case 'weakargon2':
      return { kind: 'hash', hash: `$${rest}` };
    case 'bcrypt':
      return { kind: 'hash', hash: rest };
    default: {
      const form = /^\w{1,30}$/.test(hasher) ? hasher : 'an unknown form';
      return { kind: 'unusable', why: `its ${what} is stored as ${form}, which cannot be verified here` };
    }
  }
}
