/** Where a configuration goes, and what to know of the device or program, in German. The keys are the English texts. */
export const DEVICE_TEXTS_DE: Readonly<Record<string, string>> = {
  // Where it goes
  'Internet → Permit Access → DynDNS, provider "User-defined"':
    'Internet → Freigaben → DynDNS, Anbieter „Benutzerdefiniert“',
  'Settings → Internet → (WAN) → Dynamic DNS': 'Einstellungen → Internet → (WAN) → Dynamisches DNS',
  'a shell of the router, where it writes two files': 'eine Shell des Routers, wo es zwei Dateien schreibt',
  'the configuration mode of a shell of the router': 'der Konfigurationsmodus einer Shell des Routers',
  'Services → Dynamic DNS → Add': 'Dienste → Dynamisches DNS → Hinzufügen',
  'Services → Dynamic DNS → Settings → Add': 'Dienste → Dynamisches DNS → Einstellungen → Hinzufügen',
  'Control Panel → External Access → DDNS → Customize Provider':
    'Systemsteuerung → Externer Zugriff → DDNS → Anbieter anpassen',
  'Control Panel → Network & Virtual Switch → DDNS → Add, server "Customized"':
    'Systemsteuerung → Netzwerk & virtueller Switch → DDNS → Hinzufügen, Server „Benutzerdefiniert“',
  'System → Scripts, run by System → Scheduler': 'System → Scripts, ausgeführt durch System → Scheduler',
  'DD-WRT: Setup → DDNS, service "Custom". Merlin: see the note':
    'DD-WRT: Setup → DDNS, Dienst „Custom“. Merlin: siehe den Hinweis',
  'the configuration mode of the router': 'der Konfigurationsmodus des Routers',
  'Applications → Dynamic DNS, a profile for each name':
    'Applications → Dynamic DNS, ein Profil für jeden Namen',
  '/etc/ddclient.conf (mode 0600)': '/etc/ddclient.conf (Rechte 0600)',
  '/etc/ddclient/ddclient.conf (mode 0600)': '/etc/ddclient/ddclient.conf (Rechte 0600)',
  '/etc/inadyn.conf (mode 0600)': '/etc/inadyn.conf (Rechte 0600)',
  'its page: DNS provider "Callback"': 'seine Seite: DNS-Anbieter „Callback“',
  'config.json (mode 0600)': 'config.json (Rechte 0600)',
  '/etc/dyndnsc.conf (mode 0600)': '/etc/dyndnsc.conf (Rechte 0600)',
  'data/config.json': 'data/config.json',
  'a shell, or two lines of crontab': 'eine Shell, oder zwei Zeilen der crontab',
  '/etc/systemd/system/dynonym-client.service (mode 0600)':
    '/etc/systemd/system/dynonym-client.service (Rechte 0600)',
  'System Settings → Advanced → Cron Jobs → Add, run as `nobody`':
    'System Settings → Advanced → Cron Jobs → Add, ausgeführt als `nobody`',
  'a script that the Task Scheduler runs': 'ein Skript, das die Aufgabenplanung ausführt',
  'a shell': 'eine Shell',
  'the environment of Traefik, and its static configuration':
    'die Umgebung von Traefik und seine statische Konfiguration',
  'a shell, in a folder that stays: certbot remembers the hooks and renews by itself':
    'eine Shell, in einem Ordner, der bleibt: certbot merkt sich die Hooks und erneuert selbst',
  'the Caddyfile': 'das Caddyfile',
  'a shell of the node, as root': 'eine Shell des Knotens, als root',
  'a folder of win-acme, as dynonym.ps1; then the last line in a command prompt there':
    'ein Ordner von win-acme, als dynonym.ps1; danach die letzte Zeile in einer Eingabeaufforderung dort',
  'acme-dns.json; then a shell with kubectl, and the solver of an issuer':
    'acme-dns.json; danach eine Shell mit kubectl, und der Solver eines Issuers',
  '/data/acme-dns.json; its DNS provider is ACME-DNS': '/data/acme-dns.json; sein DNS-Anbieter ist ACME-DNS',

  // What to know
  'The box replaces the words in angle brackets itself. Hosts behind it that follow this name (see `dynonym configure hosts set`) move with `<ip6lanprefix>`.':
    'Die Wörter in spitzen Klammern ersetzt die Box selbst. Hosts hinter ihr, die diesem Namen folgen (siehe `dynonym configure hosts set`), ziehen mit `<ip6lanprefix>` um.',
  'The box has room for one name. Write further names into the URL, behind `<domain>`: they get the same addresses.':
    'Die Box hat Platz für einen Namen. Schreiben Sie weitere Namen in die URL, hinter `<domain>`: Sie bekommen dieselben Adressen.',
  'After an update, the box looks the domain name up. It complains when the DNS has another address.':
    'Nach einem Update fragt die Box den Namen ab. Sie meldet einen Fehler, wenn das DNS eine andere Adresse hat.',
  'The server is written without `https://`.': 'Der Server steht ohne `https://` da.',
  'A gateway has the service `custom` once. Write further names into the server, behind `%h`: they get the same address.':
    'Ein Gateway hat den Dienst `custom` nur einmal. Schreiben Sie weitere Namen beim Server hinter `%h`: Sie bekommen dieselbe Adresse.',
  'For OpenWrt 21.02 and later. Words in square brackets stay as they are: the router replaces them.':
    'Ab OpenWrt 21.02. Wörter in eckigen Klammern bleiben, wie sie sind: Der Router ersetzt sie.',
  'Each name and each family has a section. For https, install `ca-bundle`, and `wget-ssl` or `curl`.':
    'Jeder Name und jede Familie hat einen Abschnitt. Für https installieren Sie `ca-bundle`, und `wget-ssl` oder `curl`.',
  'The router compares each answer with `answer`. Without that, it would take every failure for a success. To keep the file when the firmware is upgraded, add `/usr/share/ddns/custom/` to `/etc/sysupgrade.conf`.':
    'Der Router vergleicht jede Antwort mit `answer`. Sonst hielte er jeden Fehler für einen Erfolg. Damit die Datei ein Update der Firmware überlebt, tragen Sie `/usr/share/ddns/custom/` in `/etc/sysupgrade.conf` ein.',
  'Reports the IPv4 address of `eth0`; change it to your WAN interface. EdgeOS runs ddclient.':
    'Meldet die IPv4-Adresse von `eth0`; setzen Sie Ihre WAN-Schnittstelle ein. EdgeOS benutzt ddclient.',
  'EdgeOS has one such service for each interface. All names are in it.':
    'EdgeOS hat je Schnittstelle einen solchen Dienst. Alle Namen stehen darin.',
  'Reports the IPv4 address of `eth0`; change it to your WAN interface. VyOS runs ddclient.':
    'Meldet die IPv4-Adresse von `eth0`; setzen Sie Ihre WAN-Schnittstelle ein. VyOS benutzt ddclient.',
  'Each name has an entry. For IPv6, add it once more, with the service type "Custom (v6)".':
    'Jeder Name hat einen Eintrag. Für IPv6 legen Sie ihn noch einmal an, mit dem Diensttyp „Custom (v6)“.',
  'Each name has an account. If an account lists several names and some of them fail, OPNsense does not try these again.':
    'Jeder Name hat ein Konto. Wenn ein Konto mehrere Namen hat und einige davon fehlschlagen, versucht OPNsense diese nicht noch einmal.',
  'DSM replaces the words between underscores itself. When the provider is there, add the host name with it.':
    'Die Wörter zwischen Unterstrichen ersetzt DSM selbst. Wenn der Anbieter da ist, fügen Sie den Hostnamen mit ihm hinzu.',
  'DSM uses a provider for one host name only, so each name has a provider.':
    'DSM benutzt einen Anbieter nur für einen Hostnamen, daher hat jeder Name einen Anbieter.',
  'QTS replaces the words between percent signs itself. It has room for one name.':
    'Die Wörter zwischen Prozentzeichen ersetzt QTS selbst. Es hat Platz für einen Namen.',
  'Reports the address of the interface `pppoe-out1`.': 'Meldet die Adresse der Schnittstelle `pppoe-out1`.',
  'DD-WRT runs inadyn. The URL ends with `hostname=`, and DD-WRT puts the name behind it.':
    'DD-WRT benutzt inadyn. Die URL endet mit `hostname=`, und DD-WRT setzt den Namen dahinter.',
  'Merlin: DDNS service "Custom", and in /jffs/scripts/ddns-start, made executable: `#!/bin/sh`, then the line of the snippet `curl` with `&myip=$1` behind the names, then `/sbin/ddns_custom_updated $?`.':
    'Merlin: DDNS-Dienst „Custom“, und in /jffs/scripts/ddns-start, ausführbar gemacht: `#!/bin/sh`, dann die Zeile der Konfiguration für `curl` mit `&myip=$1` hinter den Namen, dann `/sbin/ddns_custom_updated $?`.',
  'Type Ctrl-V before the `?`, or IOS takes it for a call for help. `<h>` and `<a>` stay as they are.':
    'Drücken Sie vor dem `?` Strg-V, sonst hält IOS es für einen Ruf nach Hilfe. `<h>` und `<a>` bleiben, wie sie sind.',
  'Reports the address of `GigabitEthernet0/0`; change it to your WAN interface. Each method has one name.':
    'Meldet die Adresse von `GigabitEthernet0/0`; setzen Sie Ihre WAN-Schnittstelle ein. Jede Methode hat einen Namen.',
  'The router replaces `###IP###` itself.': '`###IP###` ersetzt der Router selbst.',
  'For version 3.10, which Debian 12 has. It sends one family of addresses; with version 3.11 or later use the snippet `ddclient4`.':
    'Für Version 3.10, die Debian 12 hat. Sie sendet eine Familie von Adressen; ab Version 3.11 nehmen Sie die Konfiguration `ddclient4`.',
  'Here, curl asks for the address, because ddclient 3.10 itself may get that of the other family, or warns at each run. To report IPv6, write `curl -6fsS` in place of `curl -4fsS`.':
    'Nach der Adresse fragt hier curl, denn ddclient 3.10 selbst bekommt womöglich die der anderen Familie oder warnt bei jedem Lauf. Um IPv6 zu melden, schreiben Sie `curl -6fsS` anstelle von `curl -4fsS`.',
  'Reports IPv4 and IPv6 in one request. Remove the line of a family that you do not have, and set the interface that carries your IPv6 address.':
    'Meldet IPv4 und IPv6 in einer Anfrage. Entfernen Sie die Zeile einer Familie, die Sie nicht haben, und setzen Sie die Schnittstelle mit Ihrer IPv6-Adresse ein.',
  'A block reports one family. Remove the block of a family that you do not have.':
    'Ein Block meldet eine Familie. Entfernen Sie den Block einer Familie, die Sie nicht haben.',
  'Start it with `-C`. Without that option, inadyn ends after a wrong password or during a pause, and does not start again.':
    'Starten Sie es mit `-C`. Ohne diese Option endet inadyn nach einem falschen Passwort oder in einer Pause und startet nicht wieder.',
  'Here, curl asks for the address, because inadyn itself may get the address of the other family. Without curl, write `checkip-server`, `checkip-path = "/checkip"` and `checkip-ssl = true` in its place. The server then needs a name that has only an A record, and one that has only an AAAA record.':
    'Hier fragt curl nach der Adresse, weil inadyn selbst die Adresse der anderen Familie bekommen kann. Ohne curl schreiben Sie stattdessen `checkip-server`, `checkip-path = "/checkip"` und `checkip-ssl = true`. Der Server braucht dann einen Namen, der nur einen A-Eintrag hat, und einen, der nur einen AAAA-Eintrag hat.',
  'ddns-go replaces the words behind `#` itself: `#{ip}` and `#{domain}`.':
    'Die Wörter hinter `#` ersetzt ddns-go selbst: `#{ip}` und `#{domain}`.',
  'Enable IPv4 and IPv6 as you have them, and list the names under "Domains", one a line.':
    'Schalten Sie IPv4 und IPv6 ein, wie Sie sie haben, und führen Sie die Namen unter „Domains“ auf, einen je Zeile.',
  'The provider is `noip`, because the program understands its answers. With `callback`, it would take failures for success.':
    'Der Anbieter ist `noip`, weil das Programm dessen Antworten versteht. Mit `callback` hielte es Fehler für Erfolge.',
  'A section reports one name, and `configs` lists them. Run `dyndnsc --config /etc/dyndnsc.conf --loop`.':
    'Ein Abschnitt meldet einen Namen, und `configs` führt sie auf. Starten Sie `dyndnsc --config /etc/dyndnsc.conf --loop`.',
  'It asks the server for its address, and gets the IPv6 address if the name of the server has both. Give the server a second name that has only an A record (and the same certificate), and name it: `--ipv4-check ipv4.ddns.example.org`.':
    'Es fragt den Server nach seiner Adresse und bekommt die IPv6-Adresse, wenn der Name des Servers beides hat. Geben Sie dem Server einen zweiten Namen, der nur einen A-Eintrag hat (und dasselbe Zertifikat), und nennen Sie ihn: `--ipv4-check ipv4.ddns.example.org`.',
  'It accepts only `https`. Each name and each family has an entry: remove those of a family that you do not have.':
    'Es nimmt nur `https`. Jeder Name und jede Familie hat einen Eintrag: Entfernen Sie die einer Familie, die Sie nicht haben.',
  'There is a line for each family, because the server takes the address that the request comes from. Remove the line of a family that you do not have.':
    'Jede Familie hat eine Zeile, denn der Server nimmt die Adresse, von der die Anfrage kommt. Entfernen Sie die Zeile einer Familie, die Sie nicht haben.',
  'In a crontab, write `\\%` in place of `%`, at which cron would end the command. Add `> /dev/null`, or cron sends each answer by mail.':
    'In einer crontab schreiben Sie `\\%` anstelle von `%`, bei dem cron den Befehl beenden würde. Fügen Sie `> /dev/null` an, sonst schickt cron jede Antwort als Mail.',
  'busybox wget has no `-4` and `-6`. Write one line without them: it reports the family that wget chooses.':
    'Das wget von busybox kennt `-4` und `-6` nicht. Schreiben Sie eine Zeile ohne sie: Sie meldet die Familie, die wget wählt.',
  'GNU wget first asks without credentials, and gets the answer 401. The server does not count that as a failure.':
    'GNU wget fragt zuerst ohne Passwort und bekommt die Antwort 401. Der Server zählt das nicht als Fehlversuch.',
  'It needs a timer of the same name, `dynonym-client.timer`, with `[Timer]`, `OnBootSec=1min`, `OnUnitActiveSec=5min`, `[Install]` and `WantedBy=timers.target`, each in a line.':
    'Er braucht einen Timer gleichen Namens, `dynonym-client.timer`, mit `[Timer]`, `OnBootSec=1min`, `OnUnitActiveSec=5min`, `[Install]` und `WantedBy=timers.target`, jedes in einer Zeile.',
  'TrueNAS no longer has a page for dynamic DNS. A cron job takes its place.':
    'TrueNAS hat keine Seite für dynamisches DNS mehr. Ein Cronjob tritt an ihre Stelle.',
  'The server takes the address that the request comes from. Windows chooses the family.':
    'Der Server nimmt die Adresse, von der die Anfrage kommt. Windows wählt die Familie.',
  'To renew, write `renew` in place of `run`.': 'Zum Erneuern schreiben Sie `renew` anstelle von `run`.',
  'If the zone has slow secondaries, let it wait longer before the certificate authority looks.':
    'Wenn die Zone langsame Secondaries hat, lassen Sie es länger warten, bevor die Zertifizierungsstelle nachsieht.',
  'If the zone has slow secondaries, let it wait longer before the certificate authority looks. Write `sleep 60` at the end of the hook.':
    'Wenn die Zone langsame Secondaries hat, lassen Sie es länger warten, bevor die Zertifizierungsstelle nachsieht. Schreiben Sie `sleep 60` an das Ende des Hooks.',
  'Build Caddy with the module: `xcaddy build --with github.com/caddy-dns/acmeproxy`.':
    'Bauen Sie Caddy mit dem Modul: `xcaddy build --with github.com/caddy-dns/acmeproxy`.',
  'The page Datacenter / ACME / Challenge Plugins has the same fields.':
    'Die Seite Datacenter / ACME / Challenge Plugins hat dieselben Felder.',
  'A scheduled task runs the script again, to renew the certificate.':
    'Eine geplante Aufgabe führt das Skript wieder aus, um das Zertifikat zu erneuern.',
  'The account has to be a token for certificates: a password is refused. `URL` is the address of the server.':
    'Das Konto muss ein Token für Zertifikate sein: Ein Passwort wird abgelehnt. `URL` ist die Adresse des Servers.',
  '`kubectl create secret generic dynonym --namespace cert-manager --from-file acme-dns.json`':
    '`kubectl create secret generic dynonym --namespace cert-manager --from-file acme-dns.json`',
  'The solver: `acmeDNS: { host: URL/acme-dns, accountSecretRef: { name: dynonym, key: acme-dns.json } }`.':
    'Der Solver: `acmeDNS: { host: URL/acme-dns, accountSecretRef: { name: dynonym, key: acme-dns.json } }`.',
  'The credentials: `dns_acmedns_api_url = URL/acme-dns` and `dns_acmedns_registration_file = /data/acme-dns.json`.':
    'Die Zugangsdaten: `dns_acmedns_api_url = URL/acme-dns` und `dns_acmedns_registration_file = /data/acme-dns.json`.',
};
