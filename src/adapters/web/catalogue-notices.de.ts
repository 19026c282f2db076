import type { NoticeCatalogue } from './words-of-notice.ts';

/** What notices say, in German. */
export const noticesDe: NoticeCatalogue = {
  changed: (name, after, before) => `${name}: jetzt ${after}${before === '' ? '' : `, vorher ${before}`}`,
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
