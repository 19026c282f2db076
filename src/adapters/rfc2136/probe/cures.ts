import type { DomainName } from '../../../domain/domain-name.ts';
import type { AddressType } from '../../../domain/record-set.ts';
import type { TsigKey } from '../../../domain/tsig-key.ts';
import type { Software } from './software.ts';

/** What to type or to change, in the language of the server. Secrets are left to whoever reads it. */

export type CureSubject = {
  readonly software: Software;
  readonly name: DomainName;
  readonly zone: DomainName;
  readonly key: TsigKey | undefined;
};

const algorithmOf = (key: TsigKey | undefined): string => key?.algorithm ?? 'hmac-sha256';
const nameOf = (key: TsigKey | undefined): string => key?.name ?? 'dynonym';

/** The server shall know the key. */
export function keyCure({ software, zone, key }: CureSubject): string {
  const name = nameOf(key);
  const algorithm = algorithmOf(key);
  switch (software) {
    case 'bind':
      return `add to named.conf: key "${name}" { algorithm ${algorithm}; secret "SECRET"; }; and type: rndc reconfig`;
    case 'knot':
      return (
        `add to the section "key:" of knot.conf: id: ${name}, algorithm: ${algorithm}, secret: SECRET; ` +
        `name it in an acl of ${zone} with action: update; and type: knotc reload`
      );
    case 'powerdns':
      return `type on the server: pdnsutil import-tsig-key ${name} ${algorithm} SECRET; pdnsutil add-meta ${zone} TSIG-ALLOW-DNSUPDATE ${name}`;
    case 'unknown':
      return `let the server know a key of the name ${name} with ${algorithm}, and let it update ${zone}; or correct the name in tsig here`;
  }
}

/** The secrets shall be the same. */
export function secretCure({ software, key }: CureSubject): string {
  const name = nameOf(key);
  const where = {
    bind: `of key "${name}" in named.conf`,
    knot: `of "id: ${name}" in knot.conf`,
    powerdns: `that pdnsutil list-tsig-keys shows for ${name}`,
    unknown: `of ${name} on the server`,
  }[software];
  return (
    `write the secret ${where} into a file, and type: dynonym configure dns --tsig-name ${name} ` +
    `--tsig-algorithm ${algorithmOf(key)} --tsig-secret-file FILE`
  );
}

/** There is no key yet. */
export function newKeyCure({ software, zone }: CureSubject): string {
  switch (software) {
    case 'bind':
      return (
        'type: tsig-keygen dynonym > dynonym.key; dynonym configure dns --tsig-key-file dynonym.key; include the file ' +
        `in named.conf, with allow-update { key "dynonym"; }; in the zone ${zone}; and type: rndc reconfig`
      );
    case 'knot':
      return (
        `type: keymgr -t dynonym hmac-sha256; put what it prints into knot.conf, with an acl of ${zone} that has ` +
        'key: dynonym and action: update; and give dynonym the secret: dynonym configure dns --tsig-name dynonym ' +
        '--tsig-secret-file FILE'
      );
    case 'powerdns':
      return (
        'type: pdnsutil generate-tsig-key dynonym hmac-sha256; ' +
        `pdnsutil add-meta ${zone} TSIG-ALLOW-DNSUPDATE dynonym; and give dynonym the secret: ` +
        'dynonym configure dns --tsig-name dynonym --tsig-secret-file FILE'
      );
    case 'unknown':
      return (
        `make a TSIG key on the server that may update ${zone}, and type: dynonym configure dns --tsig-name NAME ` +
        '--tsig-secret-file FILE'
      );
  }
}

/** The zone shall take updates, with this key or from this address. */
export function allowCure({ software, zone, key }: CureSubject): string {
  const name = key?.name;
  switch (software) {
    case 'bind':
      return (
        `add to the zone ${zone} in named.conf: allow-update { ${name === undefined ? 'ADDRESS' : `key "${name}"`}; }; ` +
        `and type: rndc reconfig (a frozen zone: rndc thaw ${zone})`
      );
    case 'knot':
      return `add to ${zone} in knot.conf an acl with ${name === undefined ? 'address: ADDRESS' : `key: ${name}`} and action: update, and type: knotc reload`;
    case 'powerdns':
      return (
        'have dnsupdate=yes and allow-dnsupdate-from with the address of this machine in pdns.conf' +
        (name === undefined ? '' : `, and type: pdnsutil add-meta ${zone} TSIG-ALLOW-DNSUPDATE ${name}`)
      );
    case 'unknown':
      return `allow updates of ${zone} ${name === undefined ? 'from the address of this machine' : `with the key ${name}`} on the server`;
  }
}

/** The name shall be among those that may be changed. */
export function policyCure(
  { software, name, zone, key }: CureSubject,
  types: readonly AddressType[],
): string {
  const wanted = types.join(' ');
  switch (software) {
    case 'bind':
      return `add to update-policy of the zone ${zone} in named.conf: grant "${nameOf(key)}" name ${name}. ${wanted}; and type: rndc reconfig`;
    case 'knot':
      return (
        `let update-owner-name and update-type of an acl of ${zone} with key: ${nameOf(key)} cover ${name} and ` +
        `${types.join(', ')} in knot.conf, and type: knotc reload`
      );
    case 'powerdns':
    case 'unknown':
      return `let ${key === undefined ? 'this machine' : `the key ${key.name}`} change ${types.join(' and ')} of ${name} on the server`;
  }
}

export function clockCure(): string {
  return 'set whichever clock is wrong (timedatectl set-ntp true)';
}
