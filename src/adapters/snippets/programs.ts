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
  'In a crontab write `\\%` for every `%`, because cron takes a bare one for the end of the line, and ' +
  '`> /dev/null` behind it, or cron mails each answer.';
const EACH_FAMILY =
  'It goes out once for each family, because the address is the one that the request comes from. Remove the line of ' +
  'a family that you do not have.';
const CHECK_NAMES =
  'It asks the server for its address, and prefers IPv6 where the name has both. Give the server a second name that ' +
  'has only an A record (and the same certificate), and name it: `--ipv4-check ipv4.ddns.example.org`.';

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
      'To report IPv6, write `use=cmd, cmd=/path/to/script` in place of the line with `usev4=webv4`; the script ' +
        'prints the address.',
    ],
    refuse: refuseForDdclient,
    quote: ddclientValue,
    before: ddclientConf('usev4=webv4, webv4={check4}'),
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
      'Start it with `-C`: without that option inadyn ends for good on a wrong password or a pause.',
      'curl asks for the address, because inadyn itself takes what it gets first, IPv6 or IPv4. Without curl, write ' +
        '`checkip-server`, `checkip-path = "/checkip"` and `checkip-ssl = true` with a name of the server that has ' +
        'only an A or only an AAAA record.',
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
      'The provider is `noip`, whose answers it understands; its `callback` takes failures for success.',
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
      'It speaks to `https` alone. An entry for each name and family: remove those of a family that you do not have.',
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
      'busybox wget knows no `-4` and `-6`: leave them out, and one line reports the family that it takes.',
      'GNU wget asks first without credentials and is answered 401; that is its way, and not counted as a failure.',
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
      'With a timer of the same name: `[Timer]`, `OnBootSec=1min`, `OnUnitActiveSec=5min`, and `[Install]`, ' +
        '`WantedBy=timers.target`.',
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
    notes: ['TrueNAS has no page for dynamic DNS any more; a cron job does it.', EACH_FAMILY],
    quote: (value) => shellWord(value),
    before: `${curl(4)} -o /dev/null\n${curl(6)} -o /dev/null`,
  },
  {
    id: 'powershell',
    title: 'PowerShell on Windows',
    place: 'a script that the Task Scheduler runs',
    notes: ['Reports the address from which the request comes: that of the family which Windows prefers.'],
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
