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
  'It has one entry. Further names stand in its URL behind `<domain>`, and get the same addresses.':
    'Sie hat einen einzigen Eintrag. Weitere Namen stehen in der URL hinter `<domain>` und bekommen dieselben Adressen.',
  'The box looks the domain name up afterwards and complains when the DNS does not agree.':
    'Die Box fragt den Namen danach selbst ab und meldet einen Fehler, wenn das DNS etwas anderes sagt.',
  'The server is written without `https://`.': 'Der Server steht ohne `https://` da.',
  'A gateway takes the service `custom` once. Further names stand in the server behind `%h`, and get the same address.':
    'Ein Gateway nimmt den Dienst `custom` nur einmal. Weitere Namen stehen beim Server hinter `%h` und bekommen dieselbe Adresse.',
  'For OpenWrt 21.02 and later. Words in square brackets stay as they are: the router replaces them.':
    'Ab OpenWrt 21.02. Wörter in eckigen Klammern bleiben, wie sie sind: Der Router ersetzt sie.',
  'A section for each name and family. For https install `ca-bundle`, and `wget-ssl` or `curl`.':
    'Ein Abschnitt für jeden Namen und jede Familie. Für https installieren Sie `ca-bundle`, und `wget-ssl` oder `curl`.',
  'The provider has an `answer`, without which every failure would be a success to `curl`. An upgrade of the firmware keeps it where `/usr/share/ddns/custom/` is in `/etc/sysupgrade.conf`.':
    'Der Anbieter hat eine `answer`, ohne die `curl` jeden Fehler für einen Erfolg hielte. Ein Update der Firmware behält ihn, wenn `/usr/share/ddns/custom/` in `/etc/sysupgrade.conf` steht.',
  'Reports the IPv4 address of `eth0`; change it to your WAN interface. EdgeOS runs ddclient.':
    'Meldet die IPv4-Adresse von `eth0`; setzen Sie Ihre WAN-Schnittstelle ein. EdgeOS benutzt ddclient.',
  'EdgeOS takes one service of a kind for each interface, and lists the names in it.':
    'EdgeOS nimmt je Schnittstelle einen Dienst jeder Art und führt darin die Namen auf.',
  'Reports the IPv4 address of `eth0`; change it to your WAN interface. VyOS runs ddclient.':
    'Meldet die IPv4-Adresse von `eth0`; setzen Sie Ihre WAN-Schnittstelle ein. VyOS benutzt ddclient.',
  'An entry for each name. For IPv6 add it once more, with the service type "Custom (v6)".':
    'Ein Eintrag für jeden Namen. Für IPv6 legen Sie ihn noch einmal an, mit dem Diensttyp „Custom (v6)“.',
  'An account for each name: one that lists several forgets those that failed when others succeeded.':
    'Ein Konto für jeden Namen: Eines mit mehreren vergisst die fehlgeschlagenen, wenn andere gelangen.',
  'DSM replaces the words in underscores itself. Then add the host name with this provider.':
    'Die Wörter zwischen Unterstrichen ersetzt DSM selbst. Fügen Sie dann den Hostnamen mit diesem Anbieter hinzu.',
  'It takes a provider for one host name alone, hence one of its own for each.':
    'Es nimmt einen Anbieter nur für einen Hostnamen, daher für jeden einen eigenen.',
  'QTS replaces the words between percent signs itself. It takes one name.':
    'Die Wörter zwischen Prozentzeichen ersetzt QTS selbst. Es nimmt einen Namen.',
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
  'To report IPv6, write `use=cmd, cmd=/path/to/script` in place of the line with `usev4=webv4`; the script prints the address.':
    'Um IPv6 zu melden, schreiben Sie `use=cmd, cmd=/path/to/script` anstelle der Zeile mit `usev4=webv4`; das Skript gibt die Adresse aus.',
  'Reports IPv4 and IPv6 in one request. Remove the line of a family that you do not have, and set the interface that carries your IPv6 address.':
    'Meldet IPv4 und IPv6 in einer Anfrage. Entfernen Sie die Zeile einer Familie, die Sie nicht haben, und setzen Sie die Schnittstelle mit Ihrer IPv6-Adresse ein.',
  'A block reports one family. Remove the block of a family that you do not have.':
    'Ein Block meldet eine Familie. Entfernen Sie den Block einer Familie, die Sie nicht haben.',
  'Start it with `-C`: without that option inadyn ends for good on a wrong password or a pause.':
    'Starten Sie es mit `-C`: Ohne diese Option endet inadyn bei einem falschen Passwort oder einer Pause endgültig.',
  'curl asks for the address, because inadyn itself takes what it gets first, IPv6 or IPv4. Without curl, write `checkip-server`, `checkip-path = "/checkip"` and `checkip-ssl = true` with a name of the server that has only an A or only an AAAA record.':
    'curl fragt nach der Adresse, weil inadyn selbst nimmt, was es zuerst bekommt, IPv6 oder IPv4. Ohne curl schreiben Sie `checkip-server`, `checkip-path = "/checkip"` und `checkip-ssl = true` mit einem Namen des Servers, der nur einen A- oder nur einen AAAA-Eintrag hat.',
  'ddns-go replaces the words behind `#` itself: `#{ip}` and `#{domain}`.':
    'Die Wörter hinter `#` ersetzt ddns-go selbst: `#{ip}` und `#{domain}`.',
  'Enable IPv4 and IPv6 as you have them, and list the names under "Domains", one a line.':
    'Schalten Sie IPv4 und IPv6 ein, wie Sie sie haben, und führen Sie die Namen unter „Domains“ auf, einen je Zeile.',
  'The provider is `noip`, whose answers it understands; its `callback` takes failures for success.':
    'Der Anbieter ist `noip`, dessen Antworten es versteht; sein `callback` hält Fehler für Erfolge.',
  'A section reports one name, and `configs` lists them. Run `dyndnsc --config /etc/dyndnsc.conf --loop`.':
    'Ein Abschnitt meldet einen Namen, und `configs` führt sie auf. Starten Sie `dyndnsc --config /etc/dyndnsc.conf --loop`.',
  'It asks the server for its address, and prefers IPv6 where the name has both. Give the server a second name that has only an A record (and the same certificate), and name it: `--ipv4-check ipv4.ddns.example.org`.':
    'Es fragt den Server nach seiner Adresse und zieht IPv6 vor, wo der Name beides hat. Geben Sie dem Server einen zweiten Namen, der nur einen A-Eintrag hat (und dasselbe Zertifikat), und nennen Sie ihn: `--ipv4-check ipv4.ddns.example.org`.',
  'It speaks to `https` alone. An entry for each name and family: remove those of a family that you do not have.':
    'Es spricht nur mit `https`. Ein Eintrag für jeden Namen und jede Familie: Entfernen Sie die einer Familie, die Sie nicht haben.',
  'It goes out once for each family, because the address is the one that the request comes from. Remove the line of a family that you do not have.':
    'Es meldet sich für jede Familie einmal, denn die Adresse ist die, von der die Anfrage kommt. Entfernen Sie die Zeile einer Familie, die Sie nicht haben.',
  'In a crontab write `\\%` for every `%`, because cron takes a bare one for the end of the line, and `> /dev/null` behind it, or cron mails each answer.':
    'In einer crontab schreiben Sie `\\%` für jedes `%`, weil cron ein bloßes für das Ende der Zeile hält, und `> /dev/null` dahinter, sonst schickt cron jede Antwort als Mail.',
  'busybox wget knows no `-4` and `-6`: leave them out, and one line reports the family that it takes.':
    'Das wget von busybox kennt `-4` und `-6` nicht: Lassen Sie beide weg, dann meldet eine Zeile die Familie, die es nimmt.',
  'GNU wget asks first without credentials and is answered 401; that is its way, and not counted as a failure.':
    'GNU wget fragt zuerst ohne Passwort und bekommt 401; das ist seine Art und zählt nicht als Fehlversuch.',
  'With a timer of the same name: `[Timer]`, `OnBootSec=1min`, `OnUnitActiveSec=5min`, and `[Install]`, `WantedBy=timers.target`.':
    'Mit einem Timer gleichen Namens: `[Timer]`, `OnBootSec=1min`, `OnUnitActiveSec=5min`, und `[Install]`, `WantedBy=timers.target`.',
  'TrueNAS has no page for dynamic DNS any more; a cron job does it.':
    'TrueNAS hat keine Seite für dynamisches DNS mehr; ein Cronjob erledigt es.',
  'Reports the address from which the request comes: that of the family which Windows prefers.':
    'Meldet die Adresse, von der die Anfrage kommt: die der Familie, die Windows vorzieht.',
  'To renew, write `renew` in place of `run`.': 'Zum Erneuern schreiben Sie `renew` anstelle von `run`.',
  'Where the zone has secondaries that take a while, let it wait longer before the certificate authority looks.':
    'Wo die Zone Secondaries hat, die eine Weile brauchen, lassen Sie es länger warten, bevor die Zertifizierungsstelle nachsieht.',
  'Where the zone has secondaries that take a while, let it wait longer before the certificate authority looks. Write `sleep 60` at the end of the hook for that.':
    'Wo die Zone Secondaries hat, die eine Weile brauchen, lassen Sie es länger warten, bevor die Zertifizierungsstelle nachsieht. Dazu schreiben Sie `sleep 60` an das Ende des Hooks.',
  'Build Caddy with the module: `xcaddy build --with github.com/caddy-dns/acmeproxy`.':
    'Bauen Sie Caddy mit dem Modul: `xcaddy build --with github.com/caddy-dns/acmeproxy`.',
  'The page Datacenter / ACME / Challenge Plugins has the same fields.':
    'Die Seite Datacenter / ACME / Challenge Plugins hat dieselben Felder.',
  'It runs the script as a task too, to renew.': 'Zum Erneuern führt es das Skript auch als Aufgabe aus.',
  'The account has to be a token for certificates; a password is refused. `URL` is where the server is reached.':
    'Das Konto muss ein Token für Zertifikate sein; ein Passwort wird abgelehnt. `URL` ist die Adresse des Servers.',
  '`kubectl create secret generic dynonym --namespace cert-manager --from-file acme-dns.json`':
    '`kubectl create secret generic dynonym --namespace cert-manager --from-file acme-dns.json`',
  'The solver: `acmeDNS: { host: URL/acme-dns, accountSecretRef: { name: dynonym, key: acme-dns.json } }`.':
    'Der Solver: `acmeDNS: { host: URL/acme-dns, accountSecretRef: { name: dynonym, key: acme-dns.json } }`.',
  'The credentials: `dns_acmedns_api_url = URL/acme-dns` and `dns_acmedns_registration_file = /data/acme-dns.json`.':
    'Die Zugangsdaten: `dns_acmedns_api_url = URL/acme-dns` und `dns_acmedns_registration_file = /data/acme-dns.json`.',
};
