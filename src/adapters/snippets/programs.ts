import { type Account, type Client, type Refusal, refuseIpv6Server, refuseUser } from './client.ts';
import {
  configParserValue,
  confuseString,
  ddclientValue,
  jsonString,
  powerShellString,
  shellWord,
  systemdWord,
} from './quoting.ts';

const CRONTAB =
  'In a crontab, write `\\%` in place of `%`, at which cron would end the command. ' +
  'Add `> /dev/null`, or cron sends each answer by mail.';
const EACH_FAMILY =
  'There is a line for each family, because the server takes the address that the request comes from. Remove the line ' +
  'of a family that you do not have.';
const CHECK_NAMES =
  'It asks the server for its address, and gets the IPv6 address if the name of the server has both. Give the server a ' +
  'second name that has only an A record (and the same certificate), and name it: `--ipv4-check ipv4.ddns.example.org`.';

/** The octets that inadyn 2.10 has room for. It cuts off one more octet, and drops a longer name wholly. */
const INADYN_USER_OCTETS = 127;

const ddclientConf = (...addresses: readonly string[]) => `ssl={yesNo}
${addresses.join('\n')}
protocol=dyndns2
server={host}
script={path}/nic/update
login=«{user}»
password='PASSWORD'
{names}`;

const inadynBlock = (number: 1 | 2, family: 4 | 6) => `custom dynonym:${number} {
    username        = «{user}»
    password        = "PASSWORD"
    checkip-command = "curl -${family}fsS {check${family}}"
    ssl             = {isHttps}
    ddns-server     = "{host}"
    ddns-path       = "{path}/nic/update?hostname=%h&myip=%i"
    hostname        = { {quotedNames} }
}`;

const qdm12Entry = (family: 4 | 6) => `    {
      "provider": "custom",
      "domain": "{name}",
      "url": "{login}?hostname={name}",
      "ip_version": "ipv${family}",
      "ipv4key": "myip",
      "ipv6key": "myip",
      "success_regex": "^(good|nochg)"
    }`;

const curl = (family: 4 | 6) =>
  `curl -${family} -fsS --retry 3 --retry-max-time 60 -u «{user}:PASSWORD» «{update}?hostname={names}»`;

/** Clients that run on a computer and are configured in a file. */
export const PROGRAMS: readonly Client[] = [
  {
    id: 'ddclient',
    title: 'ddclient 3.10',
    place: '/etc/ddclient.conf (mode 0600)',
    notes: [
      'For version 3.10, which Debian 12 has. It sends one family of addresses; with version 3.11 or later ' +
        'use the snippet `ddclient4`.',
      'Here, curl asks for the address, because ddclient 3.10 itself may get that of the other family, or warns at each ' +
        'run. To report IPv6, write `curl -6fsS` in place of `curl -4fsS`.',
    ],
    refuse: refuseForDdclient,
    quote: ddclientValue,
    // With `use=web`, it asks an HTTPS server over IPv6. With `usev4=webv4`, it does not remember what it has reported.
    before: ddclientConf("use=cmd, cmd='curl -4fsS {check4}'"),
  },
  {
    id: 'ddclient4',
    title: 'ddclient 3.11 and 4',
    place: '/etc/ddclient/ddclient.conf (mode 0600)',
    notes: [
      'Reports IPv4 and IPv6 in one request. Remove the line of a family that you do not have, and set the ' +
        'interface that carries your IPv6 address.',
    ],
    refuse: refuseForDdclient,
    quote: ddclientValue,
    before: ddclientConf('usev4=webv4, webv4={check4}', 'usev6=ifv6, ifv6=eth0'),
  },
  {
    id: 'inadyn',
    title: 'inadyn',
    place: '/etc/inadyn.conf (mode 0600)',
    notes: [
      'A block reports one family. Remove the block of a family that you do not have.',
      'Start it with `-C`. Without that option, inadyn ends after a wrong password or during a pause, and does not start again.',
      'Here, curl asks for the address, because inadyn itself may get the address of the other family. Without curl, write ' +
        '`checkip-server`, `checkip-path = "/checkip"` and `checkip-ssl = true` in its place. The server then needs a name ' +
        'that has only an A record, and one that has only an AAAA record.',
    ],
    refuse: (account) =>
      refuseIpv6Server(account, 'inadyn') ??
      refuseUser(
        Buffer.byteLength(account.user) > INADYN_USER_OCTETS,
        `inadyn takes at most ${INADYN_USER_OCTETS} octets of a name`,
      ),
    quote: confuseString,
    before: `period = 300\nallow-ipv6 = true\n${inadynBlock(1, 4)}\n${inadynBlock(2, 6)}`,
  },
  {
    id: 'ddns-go',
    title: 'ddns-go',
    place: 'its page: DNS provider "Callback"',
    notes: [
      'ddns-go replaces the words behind `#` itself: `#{ip}` and `#{domain}`.',
      'Enable IPv4 and IPv6 as you have them, and list the names under "Domains", one a line.',
    ],
    before: `URL:         {login}?hostname=#{domain}&myip=#{ip}
RequestBody: (leave it empty)`,
    each: 'Domains:     {name}',
  },
  {
    id: 'newfuture',
    title: 'NewFuture/DDNS',
    place: 'config.json (mode 0600)',
    notes: [
      'The provider is `noip`, because the program understands its answers. With `callback`, it would take failures for success.',
    ],
    quote: jsonString,
    before: `{
  "dns": "noip",
  "endpoint": "{scheme}://{server}",
  "id": «{user}»,
  "token": "PASSWORD",
  "ipv4": [{quotedNames}],
  "ipv6": [{quotedNames}],
  "index4": "url:{check4}",
  "index6": "url:{check6}"
}`,
  },
  {
    id: 'dyndnsc',
    title: 'python-dyndnsc',
    place: '/etc/dyndnsc.conf (mode 0600)',
    notes: [
      'A section reports one name, and `configs` lists them. Run `dyndnsc --config /etc/dyndnsc.conf --loop`.',
      CHECK_NAMES,
    ],
    refuse: ({ user }) =>
      refuseUser(/[^ -~]|^ | $/.test(user), 'dyndnsc loses spaces at the ends and what is beyond ASCII'),
    quote: configParserValue,
    before: '[dyndnsc]\nconfigs = {spacedNames}\n',
    each: `[{name}]
updater = dyndns2
updater-url = {update}
updater-hostname = {name}
updater-userid = «{user}»
updater-password = PASSWORD
detector = webcheck4
detector-url = {check4}
detector-parser = plain`,
    between: '\n\n',
  },
  {
    id: 'qdm12',
    title: 'qdm12/ddns-updater',
    place: 'data/config.json',
    notes: [
      'It accepts only `https`. Each name and each family has an entry: remove those of a family that you do not have.',
    ],
    before: '{\n  "settings": [',
    each: `${qdm12Entry(4)},\n${qdm12Entry(6)}`,
    between: ',\n',
    after: '  ]\n}',
  },
  {
    id: 'curl',
    title: 'curl, from cron or by hand',
    place: 'a shell, or two lines of crontab',
    notes: [EACH_FAMILY, CRONTAB],
    quote: shellWord,
    before: `${curl(4)}\n${curl(6)}`,
  },
  {
    id: 'wget',
    title: 'GNU wget and busybox wget',
    place: 'a shell, or two lines of crontab',
    notes: [
      EACH_FAMILY,
      'busybox wget has no `-4` and `-6`. Write one line without them: it reports the family that wget chooses.',
      'GNU wget first asks without credentials, and gets the answer 401. The server does not count that as a failure.',
      CRONTAB,
    ],
    quote: shellWord,
    before: 'wget -4 -q -O- «{login}?hostname={names}»\nwget -6 -q -O- «{login}?hostname={names}»',
  },
  {
    id: 'systemd',
    title: 'systemd timer with curl',
    place: '/etc/systemd/system/dynonym-client.service (mode 0600)',
    notes: [
      EACH_FAMILY,
      'It needs a timer of the same name, `dynonym-client.timer`, with `[Timer]`, `OnBootSec=1min`, ' +
        '`OnUnitActiveSec=5min`, `[Install]` and `WantedBy=timers.target`, each in a line.',
    ],
    quote: systemdWord,
    before: `[Unit]
Description=Report the address of this host to dynonym
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart=/usr/bin/${curl(4)}
ExecStart=/usr/bin/${curl(6)}`,
  },
  {
    id: 'truenas',
    title: 'TrueNAS',
    place: 'System Settings → Advanced → Cron Jobs → Add, run as `nobody`',
    notes: ['TrueNAS no longer has a page for dynamic DNS. A cron job takes its place.', EACH_FAMILY],
    quote: (value) => shellWord(value),
    before: `${curl(4)} -o /dev/null\n${curl(6)} -o /dev/null`,
  },
  {
    id: 'powershell',
    title: 'PowerShell on Windows',
    place: 'a script that the Task Scheduler runs',
    notes: ['The server takes the address that the request comes from. Windows chooses the family.'],
    quote: powerShellString,
    before: `$credentials = [Text.Encoding]::UTF8.GetBytes(«{user}:PASSWORD»)
$headers = @{ Authorization = 'Basic ' + [Convert]::ToBase64String($credentials) }
Invoke-RestMethod -Uri «{update}?hostname={names}» -Headers $headers`,
  },
];

/** When ddclient cannot read its server, it silently uses members.dyndns.org and sends the password there. */
function refuseForDdclient(account: Account): Refusal | undefined {
  const { hostname } = account.url;
  if (hostname.startsWith('[') || !/[^.]\.[^.]/.test(hostname)) {
    return {
      option: '--url',
      reason: 'ddclient needs a name with a dot or an IPv4 address; all else it takes for members.dyndns.org',
    };
  }
  // ddclient interprets all of these before it looks at quotes.
  return refuseUser(
    /#| {2}|password\S*\s*=/.test(account.user),
    'ddclient misreads "#", two spaces in a row and "password=", also in quotes',
  );
}
