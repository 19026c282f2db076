import { shellArgument, shellWord } from '../check-words/shell-word.ts';
import type { CheckCatalogue } from './words-of-check.ts';

/** What `dynonym check` finds, in German. Sentences have no full stop. */
export const checkDe: CheckCatalogue = {
  ofConfiguration: {
    'readable-by-everybody': ({ place }) => ({
      problem: `Alle auf dieser Maschine können ${place} lesen, und darin stehen Geheimnisse`,
      cure: `Befehl: chmod o= ${shellWord(place)}`,
    }),
    'zones-bypassed': ({ zones }) => ({
      problem: `[dns] bekommt die Änderungen, obwohl [nameserver] ${zones.join(', ')} bedient`,
      cure: 'Den Teil [dns] entfernen, damit sie in diese Zonen kommen',
    }),
    'no-users': () => ({
      problem: 'Es gibt keine Benutzer, also darf niemand etwas ändern',
      cure: 'Befehl: dynonym configure users add USER',
    }),
    'user-without-domains': ({ user }) => ({
      problem: `Der Benutzer ${user} darf keinen Namen ändern`,
      cure: `Befehl: dynonym configure users auth ${shellArgument(user)} DOMAIN`,
    }),
    'token-beyond-rights': ({ user, token, beyond }) => ({
      problem: `Das Token ${token} des Benutzers ${user} ist für ${beyond.join(', ')}, was ${user} nicht ändern darf`,
      cure: `Befehl: dynonym configure users auth ${shellArgument(user)} ${beyond[0]}, oder das Token entfernen`,
    }),
    'token-without-certificates': ({ user, token }) => ({
      problem: `Das Token ${token} des Benutzers ${user} ist für Zertifikate, die ${user} nicht bekommen darf`,
      cure: `Befehl: dynonym configure users certificates ${shellArgument(user)} default, oder das Token entfernen`,
    }),
    'certificates-withheld': ({ user, token, domains }) => ({
      problem: `Das Token ${token} des Benutzers ${user} bekommt keine Zertifikate für ${domains.join(', ')}: sie würden auch für Namen anderer Benutzer gelten`,
      cure: `Befehl: dynonym configure users certificates ${shellArgument(user)} on, wenn das so gemeint ist`,
    }),
    'host-follows-nobody': ({ host, follows }) => ({
      problem: `Der Host ${host} folgt ${follows}. Diesen Namen hat kein Benutzer, also ändert sich der Host nie`,
      cure: `Befehl: dynonym configure users auth USER ${follows}`,
    }),
    'host-of-nobody': ({ host }) => ({
      problem: `Es gibt Einstellungen für den Host ${host}, den kein Benutzer hat`,
      cure: `Befehl: dynonym configure users auth USER ${host}, oder: dynonym configure hosts clear ${host}`,
    }),
  },
  ofSeveral: {
    'readable-by-everybody': (_, places) => ({
      problem: 'Alle auf dieser Maschine können diese Dateien lesen, und darin stehen Geheimnisse',
      cure: `Befehl: chmod o= ${places.map(shellWord).join(' ')}`,
    }),
    'user-without-domains': () => ({
      problem: 'Diese Benutzer dürfen keinen Namen ändern',
      cure: 'Befehl: dynonym configure users auth USER DOMAIN, für jeden',
    }),
    'token-without-certificates': () => ({
      problem: 'Diese Token (Benutzer/Token) sind für Zertifikate, die ihre Benutzer nicht bekommen dürfen',
      cure: 'Befehl: dynonym configure users certificates USER default, für jeden, oder die Token entfernen',
    }),
    'host-follows-nobody': ({ follows }) => ({
      problem: `Diese Hosts folgen ${follows}. Diesen Namen hat kein Benutzer, also ändern sich die Hosts nie`,
      cure: `Befehl: dynonym configure users auth USER ${follows}`,
    }),
    'host-of-nobody': () => ({
      problem: 'Es gibt Einstellungen für diese Hosts, die kein Benutzer hat',
      cure: 'Befehl: dynonym configure users auth USER HOST, oder: dynonym configure hosts clear HOST, für jeden',
    }),
  },
  ofDomain: {
    'no-zone': ({ servedHere }, domain) =>
      servedHere
        ? {
            problem: `Keine Zone von [nameserver] enthält ${domain}`,
            cure: 'Die Zone mit "dynonym configure nameserver add" hinzufügen, oder den Namen entziehen',
          }
        : {
            problem: `Keine eingestellte Zone enthält ${domain}`,
            cure: 'Die Zone in der Konfiguration zu den Zonen ihres Primary hinzufügen, oder den Namen entziehen',
          },
    'zone-unreadable': ({ zone, reason }) => ({
      problem: `Die Zone ${zone} lässt sich nicht lesen: ${reason}`,
      cure: 'Beheben, was dort genannt ist, oder die Zone mit "dynonym zone import" von einem Secondary oder aus einer Sicherung holen',
    }),
    'challenge-alias': ({ at, to }, domain) => ({
      problem: `Die Challenge von ${domain} lässt sich nicht schreiben: ${at} ist ein Alias${to === undefined ? '' : ` von ${to}`}. dynonym folgt einem Alias nur zu einem Challenge-Namen (_acme-challenge.…) in einer Zone, die es ändert`,
      cure: `Den Alias bei ${at} entfernen, oder ihn zum Challenge-Namen eines anderen Namens führen, den dynonym ändert`,
    }),
    'challenge-delegated': ({ to }, domain) => ({
      problem: `Die Challenge von ${domain} lässt sich nicht schreiben: ${to} ist an andere Nameserver delegiert`,
      cure: `Die NS-Einträge von ${to} aus der Zone entfernen, oder das Zertifikat dort holen, wohin sie führen`,
    }),
  },
  ofPrimary: {
    unreachable: ({ byUdp }) =>
      byUdp
        ? 'Der Primary nimmt keine Verbindung über TCP an, antwortet aber über UDP'
        : 'Der Primary nimmt keine Verbindung an',
    'no-answer': () => 'Der Primary hat nicht rechtzeitig geantwortet',
    'not-dns': () => 'Was am eingestellten Socket antwortet, spricht kein DNS',
    resolver: () => 'Am eingestellten Socket ist ein Resolver, der nur weitergibt, was andere ihm sagen',
    'not-authoritative': () => 'Der Primary bedient die Zone nicht',
    'wrong-zone': ({ actual }) => `Der Name liegt in der Zone ${actual}, und nicht in der eingestellten`,
    'delegated-elsewhere': ({ to }) => `Der Name liegt in einer Zone darunter: ${to}`,
    alias: ({ at, type }) => `Bei ${at} steht ein Alias (${type}), also kann der Name keine Adresse haben`,
    'takes-no-updates': () => 'Der Server nimmt überhaupt keine Änderungen an',
    'refuses-updates': () =>
      'Der Primary lehnt alle Änderungen der Zone von hier oder mit diesem Schlüssel ab',
    'key-needed': () => 'Der Primary verlangt einen TSIG-Schlüssel, und keiner ist eingestellt',
    'key-unknown': () => 'Der Primary kennt den TSIG-Schlüssel mit diesem Algorithmus nicht',
    'secret-wrong': () => 'Der Primary hat ein anderes Geheimnis für den TSIG-Schlüssel',
    'algorithm-not-allowed': ({ accepted }) => `Der Primary hat den TSIG-Schlüssel mit ${accepted}`,
    'clocks-apart': ({ seconds }) =>
      `Die Uhr des Primary geht um ${Math.abs(seconds)} Sekunden ${seconds < 0 ? 'nach' : 'vor'}`,
    'key-secret-or-clock': () =>
      'Der Primary nimmt nichts an, was signiert ist: Schlüssel, Geheimnis oder Uhr stimmen nicht',
    'policy-forbids': ({ name, types }) =>
      `Der Primary nimmt Änderungen der Zone an, aber nicht ${types.join(' und ')} von ${name}`,
    'updates-may-be-dropped': ({ name, types }) =>
      `Der Primary bestätigt auch Änderungen, die er dann verwirft, vielleicht ${types.join(' und ')} von ${name}`,
    'not-verified': () => 'Die Antwort des Primary ist nicht so signiert, wie sie es sein müsste',
    'server-failure': () => 'Der Primary antwortet mit SERVFAIL: vielleicht ist die Zone nicht geladen',
    'odd-answer': () => 'Der Primary antwortet, wie es kein Primary tun sollte',
    'secondary-lags': ({ secondary }) => `Der Nameserver ${secondary} hat eine ältere Fassung der Zone`,
    'secondary-silent': ({ secondary }) => `Der Nameserver ${secondary} antwortet nicht für die Zone`,
    'secondary-unknown': ({ secondary }) =>
      `Zum Nameserver ${secondary} der Zone wurde keine Adresse gefunden, also wurde er nicht verglichen`,
  },
};
