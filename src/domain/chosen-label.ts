import { type DomainName, parseDomainName, parseGrantedName } from './domain-name.ts';
import { invalid, type Parsed } from './errors.ts';

/**
 * Labels that nobody may choose: programs or people would take such a name for one of the operator (RFC 2142 mailboxes,
 * automatic configuration of mail, proxies and networks, hosts that everybody expects).
 */
const RESERVED: ReadonlySet<string> = new Set(
  `abuse admin administrator api autoconfig autodiscover blog broadcasthost cdn demo dns dyn dynonym example ftp gateway
  help host hostmaster http https imap info internal ipv4 ipv6 isatap kerberos ldap localdomain localhost login mail
  mailer-daemon mx news noc nobody ns ntp openid operator pop pop3 portal postmaster proxy root router sip smtp ssh
  status support security static test time vpn webmaster whois wpad www www1 www2`.split(/\s+/),
);

/** Numbered name servers and mail servers: `ns1`, `mx2`. */
const NUMBERED = /^(?:ns|mx|dns|mail|smtp)\d+$/;

/** Reads a name below which somebody chooses a label. */
export function parseNameAbove(text: string): Parsed<DomainName> {
  const name = parseGrantedName(text);
  return name.ok && name.value.startsWith('*.')
    ? invalid('there are no names below a wildcard; leave the asterisk out')
    : name;
}

/**
 * Reads a label that somebody chooses, as the name that it makes below `parent`. Letters, digits and inner hyphens; no
 * two hyphens in third and fourth place, which stand for labels with a meaning of their own (RFC 5890 section 2.3.1).
 */
export function parseChosenLabel(text: string, parent: DomainName): Parsed<DomainName> {
  const label = text.trim().toLowerCase();
  if (label === '') return invalid('a name is needed');
  if (label.length > 63) return invalid('a label of a domain name has at most 63 characters');
  if (!/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(label) || label.slice(2, 4) === '--') {
    return invalid('letters, digits and inner hyphens make the name');
  }
  if (RESERVED.has(label) || NUMBERED.test(label)) return invalid('this name is reserved');
  return parseDomainName(`${label}.${parent}`);
}
