import type { NoticeCatalogue, ReportReason } from './notice-words.ts';

/** What notices say, in German. */
export const noticesDe: NoticeCatalogue = {
  changed: (name, after, before) =>
    `${name}: jetzt ${after || 'keine Adresse'}${before === '' ? '' : `, vorher ${before}`}`,
  behind: (name, server, passed, isSilent) =>
    isSilent
      ? `${server} antwortet nicht, ob er die letzte Änderung von ${name} hat`
      : `${server} hat die letzte Änderung von ${name} nicht, die vor ${passed} gemacht wurde`,
  silent: (name, passed) => `${name} wurde seit ${passed} nicht gemeldet`,
  back: (name, passed) => `${name} wurde nach ${passed} wieder gemeldet`,
  'taken-off': (name, passed) =>
    `${name} hat keine Adressen mehr, weil der Name seit ${passed} nicht gemeldet wurde`,
  flapping: (name, changes) => `${name} hat sich innerhalb einer Stunde ${changes}-mal geändert`,
  failing: ({ name, user, passed, reason }) =>
    user === undefined
      ? `Änderungen von ${name} scheitern seit ${passed}: ${reason}`
      : `Eine Änderung von ${name} durch ${user} wurde abgelehnt: ${reason}`,
  working: ({ name, passed }) => `Änderungen von ${name} gelingen nach ${passed} wieder`,
  paused: (user, from, passed) =>
    `Anmeldungen${user === undefined ? '' : ` von ${user}`} von ${from} aus ruhen für ${passed}, nach vielen falschen`,
  'primary-away': (server, reason) => `Der Primary ${server} antwortet nicht: ${reason}`,
  'primary-back': (server, passed) => `Der Primary ${server} antwortet nach ${passed} wieder`,
  'secondary-behind': (server, zone, passed) => `${server} hat seit ${passed} eine alte Fassung von ${zone}`,
  'certificate-ending': (names, passed) =>
    `Das Zertifikat von ${names} läuft in ${passed} ab und wurde nicht erneuert`,
  test: 'Ein Test',
  reports: {
    'removal-not-allowed': 'dieser Name darf nicht aus dem DNS genommen werden',
    'no-host-part': 'seine IPv6-Adresse hat noch keinen Teil hinter dem Präfix',
    'not-yours': 'dieser Name gehört anderen',
    'unknown-name': 'diesen Namen hat niemand',
    DNS_TIMEOUT: 'der Nameserver antwortete nicht; das Gerät versucht es wieder',
    DNS_UNREACHABLE: 'der Nameserver war nicht zu erreichen; das Gerät versucht es wieder',
    DNS_SERVER_FAILURE: 'der Nameserver hatte einen Fehler; das Gerät versucht es wieder',
    DNS_OVERLOADED: 'zu viel wartete; das Gerät versucht es wieder',
    DNS_STOPPED: 'der Server wurde gerade beendet; das Gerät versucht es wieder',
    DNS_CONFLICT: 'andere ändern diesen Namen gleichzeitig',
    DNS_REFUSED: 'der Nameserver lehnt Änderungen dieses Namens ab',
    DNS_CNAME: 'an diesem Namen steht ein Alias (CNAME)',
    DNS_DELEGATED: 'der Name liegt in einem Teil der Zone, den andere Nameserver bedienen',
    DNS_NO_ZONE: 'keine Zone auf dem Nameserver enthält diesen Namen',
    DNS_NOT_AUTHORITATIVE: 'der Nameserver ist für diese Zone nicht zuständig',
    DNS_NOT_ZONE: 'der Name liegt nicht in der Zone, die der Nameserver meinte',
    DNS_KEY_REJECTED: 'der Nameserver kennt den Schlüssel dieses Servers nicht; das Gerät versucht es wieder',
    DNS_CLOCK:
      'die Uhren dieses Servers und des Nameservers gehen zu weit auseinander; das Gerät versucht es wieder',
    DNS_UNVERIFIED:
      'die Antwort des Nameservers war nicht richtig unterschrieben; das Gerät versucht es wieder',
    DNS_BAD_MESSAGE: 'der Nameserver nimmt keine Änderungen an oder hat diese nicht verstanden',
    DNS_NOT_MADE: 'der Nameserver hat die Änderung wortlos verworfen',
  } satisfies Record<ReportReason, string>,
  reasons: [
    [/^there is no answer in ten seconds$/, 'in zehn Sekunden kam keine Antwort'],
    [/^there is no \[mail\] in the configuration$/, 'in der Konfiguration fehlt [mail]'],
    [/^the address is not confirmed$/, 'die Adresse ist nicht bestätigt'],
    [/^it answers (\d+)$/, 'es antwortet mit $1'],
    [/^it redirects \((\d+)\), which is not followed$/, 'es leitet weiter ($1), und dem wird nicht gefolgt'],
    [
      /^it is at (\S+), which is not public and not in allow$/,
      'es steht bei $1, und diese Adresse ist weder öffentlich noch in allow',
    ],
    [/^the DNS has no address of (\S+)$/, 'das DNS hat keine Adresse von $1'],
  ],
};
