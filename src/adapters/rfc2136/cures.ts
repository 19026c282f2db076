import type { RecordType } from '../../domain/record-set.ts';
import type { About, Software } from './about.ts';

/** What to type or to change on each server program. A secret is left for the reader to fill in. */
type Cure = Readonly<Record<Software, string>>;

const choose = (cure: Cure, { software = 'unknown' }: About): string => cure[software];

const keyName = ({ key }: About): string => key?.name ?? 'dynonym';
const algorithm = ({ key }: About): string => key?.algorithm ?? 'hmac-sha256';

export const CLOCK_CURE = 'set whichever clock is wrong (timedatectl set-ntp true)';

export const SOCKET_CURE = 'correct the socket (dynonym configure dns --socket HOST:PORT)';

const KEY_HERE = 'correct it here (dynonym configure dns --tsig-key-file FILE)';

/** For a server that does not have the zone. A zone that is not configured was searched for by the name. */
export function zoneCure({ zone }: About): string {
  return zone === undefined
    ? `correct the granted name, or ${SOCKET_CURE}; or add a zone that holds the name to the name server`
    : 'correct the zone (dynonym configure dns --zone ZONE, and --zone for each other one) or the socket ' +
        '(--socket HOST:PORT); or add the zone to the name server';
}

/** For a server that does not know the key. A name that differs is likelier than a key that is missing. */
export function keyCure(about: About): string {
  const { zone = 'the zone' } = about;
  const [name, digest] = [keyName(about), algorithm(about)];
  return choose(
    {
      bind:
        `compare the name with the "key" lines of named.conf; ${KEY_HERE}, or add there: key "${name}" ` +
        `{ algorithm ${digest}; secret "SECRET"; }; and type: rndc reconfig`,
      knot:
        `compare the name with the section "key:" of knot.conf; ${KEY_HERE}, or add there: id: ${name}, ` +
        `algorithm: ${digest}, secret: SECRET; name it in an acl of ${zone} with action: update; and type: knotc reload`,
      powerdns:
        `compare the name with what pdnsutil list-tsig-keys shows; ${KEY_HERE}, or type on the server: ` +
        `pdnsutil import-tsig-key ${name} ${digest} SECRET; pdnsutil add-meta ${zone} TSIG-ALLOW-DNSUPDATE ${name}`,
      unknown:
        `compare the name with the keys of the server; ${KEY_HERE}, or let the server know a key of the name ${name} ` +
        `with ${digest}, and let it update ${zone}`,
    },
    about,
  );
}

/** For secrets that differ. */
export function secretCure(about: About): string {
  const name = keyName(about);
  const where = choose(
    {
      bind: `of key "${name}" in named.conf`,
      knot: `of "id: ${name}" in knot.conf`,
      powerdns: `that pdnsutil list-tsig-keys shows for ${name}`,
      unknown: `of ${name} on the server`,
    },
    about,
  );
  return (
    `write the secret ${where} into a file, and type: dynonym configure dns --tsig-name ${name} ` +
    `--tsig-algorithm ${algorithm(about)} --tsig-secret-file FILE`
  );
}

/** For a configuration without a key. A zone of BIND has allow-update or update-policy, never both. */
export function newKeyCure(about: About, hasPolicy: boolean): string {
  const { zone = 'the zone', name } = about;
  const right =
    hasPolicy && name !== undefined
      ? `grant dynonym name ${name}. A AAAA; in the update-policy`
      : 'allow-update { key "dynonym"; }; in place of any other allow-update';
  return choose(
    {
      bind:
        'type: tsig-keygen dynonym > dynonym.key; dynonym configure dns --tsig-key-file dynonym.key; include the file ' +
        `in named.conf, with ${right} of the zone ${zone}; and type: rndc reconfig`,
      knot:
        'type: keymgr -t dynonym hmac-sha256 > dynonym.key; dynonym configure dns --tsig-key-file dynonym.key; put what ' +
        `the file holds into knot.conf, with an acl of ${zone} that has key: dynonym and action: update; and type: knotc reload`,
      powerdns:
        'type: pdnsutil generate-tsig-key dynonym hmac-sha256; ' +
        `pdnsutil add-meta ${zone} TSIG-ALLOW-DNSUPDATE dynonym; and give dynonym the secret: ` +
        'dynonym configure dns --tsig-name dynonym --tsig-secret-file FILE',
      unknown:
        `make a TSIG key on the server that may update ${zone}, and type: dynonym configure dns --tsig-name NAME ` +
        '--tsig-secret-file FILE',
    },
    about,
  );
}

/** For a zone that takes no updates with this key, or from this address. */
export function allowCure(about: About): string {
  const { zone = 'the zone', key } = about;
  const whom = key === undefined ? 'ADDRESS' : `key "${key.name}"`;
  return choose(
    {
      bind:
        `write into the zone ${zone} in named.conf, in place of any other allow-update: allow-update { ${whom}; }; ` +
        `and type: rndc reconfig (a frozen zone: rndc thaw ${zone})`,
      knot: `add to ${zone} in knot.conf an acl with ${key === undefined ? 'address: ADDRESS' : `key: ${key.name}`} and action: update, and type: knotc reload`,
      powerdns:
        'have dnsupdate=yes and allow-dnsupdate-from with the address of this machine in pdns.conf' +
        (key === undefined ? '' : `, and type: pdnsutil add-meta ${zone} TSIG-ALLOW-DNSUPDATE ${key.name}`),
      unknown: `allow updates of ${zone} ${key === undefined ? 'from the address of this machine' : `with the key ${key.name}`} on the server`,
    },
    about,
  );
}

/** For a name that the key may not change. */
export function policyCure(about: About, types: readonly RecordType[]): string {
  const { zone = 'the zone', name, key } = about;
  const whose = key === undefined ? 'this machine' : `the key ${key.name}`;
  const other = `let ${whose} change ${types.join(' and ')} of ${name} on the server`;
  return choose(
    {
      bind:
        `put before all other rules in update-policy { … }; of the zone ${zone} in named.conf: grant "${keyName(about)}" ` +
        `name ${name}. ${types.join(' ')}; and type: rndc reconfig (where it says update-policy local; replace that by ` +
        'update-policy { … }; with this rule and grant local-ddns zonesub any;)',
      knot:
        `add to the acl of ${zone} in knot.conf one with key: ${keyName(about)}, action: update, ` +
        `update-type: [${types.join(', ')}], update-owner: name, update-owner-match: equal, update-owner-name: [${name}.], ` +
        'and type: knotc reload',
      powerdns: other,
      unknown: other,
    },
    about,
  );
}

/** For a policy that drops changes. PowerDNS reports that in its log only. */
export function silentPolicyCure({ name, key }: About, types: readonly RecordType[]): string {
  const whose = key === undefined ? 'this machine' : `the key ${key.name}`;
  const isType = types.map((type) => `input:getQType() == pdns.${type}`).join(' or ');
  return (
    `let updatepolicy() in the script return true for ${types.join(' and ')} of ${name} and ${whose}, as this line does: ` +
    `if input:getQName():toString() == "${name}." and (${isType}) then return true end; after an update of it, the log ` +
    'of the server says "Not permitted by policy" where the change was dropped'
  );
}
