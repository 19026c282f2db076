import { configParserValue, confuseString, ddclientValue, shellWord, systemdWord } from './quoting.ts';
import {
  type Account,
  checkIpUrl,
  forEachDomain,
  isHttps,
  PASSWORD,
  pathOf,
  type Refusal,
  refuseIpv6Server,
  refuseUser,
  type Snippet,
  updateUrl,
  urlWithCredentials,
} from './snippet.ts';

const CRONTAB = 'In a crontab write `\\%` for every `%`: cron takes a bare one for the end of the line.';

/** What inadyn 2.10 has room for. It cuts off the next octet, and drops the whole of a longer name. */
const INADYN_USER_OCTETS = 127;

/** Clients that run on a computer and are configured in a file. */
export const PROGRAMS: readonly Snippet[] = [
  {
    id: 'ddclient',
    title: 'ddclient 3.10',
    place: '/etc/ddclient.conf (mode 0600)',
    notes: [
      'For version 3.10, which Debian 12 has. It sends one family of addresses; with version 3.11 or later ' +
        'use the snippet `ddclient4`.',
      'To report IPv6, write `use=cmd, cmd=/path/to/script` in place of the line with `use=web`; the script ' +
        'prints the address.',
    ],
    refuse: refuseForDdclient,
    write: (account) => ddclientConf(account, `use=web, web=${checkIpUrl(account)}`),
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
    write: (account) =>
      ddclientConf(account, `usev4=webv4, webv4=${checkIpUrl(account)}`, 'usev6=ifv6, ifv6=eth0'),
  },
  {
    id: 'inadyn',
    title: 'inadyn',
    place: '/etc/inadyn.conf (mode 0600)',
    notes: [
      'One block reports one family. For both, write the block a second time as `custom dynonym:2`, with ' +
        '`checkip-command = "/path/to/script"` in place of its three lines `checkip-…`; the script prints the ' +
        'IPv6 address.',
    ],
    refuse: (account) =>
      refuseIpv6Server(account, 'inadyn') ??
      refuseUser(
        Buffer.byteLength(account.user) > INADYN_USER_OCTETS,
        `inadyn takes at most ${INADYN_USER_OCTETS} octets of a name`,
      ),
    write: (account) =>
      [
        'period = 300',
        'allow-ipv6 = true',
        'custom dynonym {',
        `    username       = ${confuseString(account.user)}`,
        `    password       = "${PASSWORD}"`,
        `    checkip-server = "${account.url.host}"`,
        `    checkip-path   = "${pathOf(account.url)}/checkip"`,
        `    checkip-ssl    = ${isHttps(account)}`,
        `    ssl            = ${isHttps(account)}`,
        `    ddns-server    = "${account.url.host}"`,
        `    ddns-path      = "${pathOf(account.url)}/nic/update?hostname=%h&myip=%i"`,
        `    hostname       = { ${account.domains.map((domain) => `"${domain}"`).join(', ')} }`,
        '}',
        '',
      ].join('\n'),
  },
  {
    id: 'dyndnsc',
    title: 'python-dyndnsc',
    place: '/etc/dyndnsc.conf (mode 0600)',
    notes: [
      'A section reports one name, and `configs` lists them. Run `dyndnsc --config /etc/dyndnsc.conf --loop`.',
    ],
    refuse: (account) =>
      refuseUser(
        /[^ -~]|^ | $/.test(account.user),
        'dyndnsc loses spaces at the ends and what is beyond ASCII',
      ),
    write: (account) =>
      `[dyndnsc]\nconfigs = ${account.domains.join(', ')}\n\n${forEachDomain(account, (domain) =>
        [
          `[${domain}]`,
          'updater = dyndns2',
          `updater-url = ${updateUrl(account)}`,
          `updater-hostname = ${domain}`,
          `updater-userid = ${configParserValue(account.user)}`,
          `updater-password = ${PASSWORD}`,
          'detector = webcheck4',
          `detector-url = ${checkIpUrl(account)}`,
          'detector-parser = plain',
          '',
        ].join('\n'),
      )}`,
  },
  {
    id: 'qdm12',
    title: 'qdm12/ddns-updater',
    place: 'data/config.json',
    notes: [
      'It speaks to `https` alone. Both families go through the one parameter `myip`: with a parameter each it ' +
        'sends the address of the other family again long after it changed.',
    ],
    write: (account) =>
      `${JSON.stringify(
        {
          settings: account.domains.map((domain) => ({
            provider: 'custom',
            domain,
            url: `${urlWithCredentials(account)}?hostname=${domain}`,
            ipv4key: 'myip',
            ipv6key: 'myip',
            success_regex: '^(good|nochg)',
          })),
        },
        null,
        2,
      )}\n`,
  },
  {
    id: 'curl',
    title: 'curl, from cron or by hand',
    place: 'a shell, or a line of crontab',
    notes: [
      'Reports the address from which the request comes. For both families call it twice, with `-4` and `-6`.',
      CRONTAB,
    ],
    write: (account) => `curl ${curlArguments(account, shellWord)}\n`,
  },
  {
    id: 'wget',
    title: 'GNU wget and busybox wget',
    place: 'a shell, or a line of crontab',
    notes: [
      'GNU wget asks first without credentials and is answered 401; that is its way, and not counted as a failure.',
      CRONTAB,
    ],
    write: (account) =>
      `wget -q -O- ${shellWord(`${urlWithCredentials(account)}?hostname=${account.domains.join(',')}`)}\n`,
  },
  {
    id: 'systemd',
    title: 'systemd timer with curl',
    place: '/etc/systemd/system/dynonym-client.service (mode 0600)',
    notes: [
      'With a timer of the same name: `[Timer]`, `OnBootSec=1min`, `OnUnitActiveSec=5min`, and `[Install]`, ' +
        '`WantedBy=timers.target`.',
    ],
    write: (account) =>
      [
        '[Unit]',
        'Description=Report the address of this host to dynonym',
        'Wants=network-online.target',
        'After=network-online.target',
        '',
        '[Service]',
        'Type=oneshot',
        `ExecStart=/usr/bin/curl ${curlArguments(account, systemdWord)}`,
        '',
      ].join('\n'),
  },
];

/** @param addresses where it takes the addresses from; that is what changed between its versions. */
function ddclientConf(account: Account, ...addresses: readonly string[]): string {
  const path = pathOf(account.url);
  return [
    `ssl=${isHttps(account) ? 'yes' : 'no'}`,
    ...addresses,
    'protocol=dyndns2',
    `server=${account.url.host}`,
    // Only behind a path of its own does ddclient need to be told more than the host.
    ...(path === '' ? [] : [`script=${path}/nic/update`]),
    `login=${ddclientValue(account.user)}`,
    `password='${PASSWORD}'`,
    account.domains.join(','),
    '',
  ].join('\n');
}

/** For a server that it cannot read it takes members.dyndns.org, says nothing, and sends the password there. */
function refuseForDdclient(account: Account): Refusal | undefined {
  const { hostname } = account.url;
  if (hostname.startsWith('[') || !/[^.]\.[^.]/.test(hostname)) {
    return {
      option: '--url',
      reason: 'ddclient needs a name with a dot or an IPv4 address; all else it takes for members.dyndns.org',
    };
  }
  // It looks for all of these before it looks at quotes.
  return refuseUser(
    /#| {2}|password\S*\s*=/.test(account.user),
    'ddclient misreads "#", two spaces in a row and "password=", also in quotes',
  );
}

/** @param word writes an argument for whoever reads the command line. */
function curlArguments(account: Account, word: (text: string) => string): string {
  const credentials = word(`${account.user}:${PASSWORD}`);
  const url = word(`${updateUrl(account)}?hostname=${account.domains.join(',')}`);
  return `-fsS --retry 3 -u ${credentials} ${url}`;
}
