import { routerOsText, uciValue } from './quoting.ts';
import {
  type Account,
  fields,
  firstOf,
  forEachDomain,
  hostAndPath,
  isHttps,
  PASSWORD,
  refuseIpv6Server,
  refuseUser,
  type Snippet,
  updateUrl,
} from './snippet.ts';

/** Routers and NAS boxes. */
export const DEVICES: readonly Snippet[] = [
  {
    id: 'fritzbox',
    title: 'FRITZ!Box',
    place: 'Internet → Permit Access → DynDNS, provider "User-defined"',
    notes: [
      'The box replaces the words in angle brackets itself. Hosts behind it that follow this name (see ' +
        '`dynonym configure hosts set`) move with `<ip6lanprefix>`.',
      'It has one entry. Further names stand in its URL behind `<domain>`, and get the same addresses.',
      'The box looks the domain name up afterwards and complains when the DNS does not agree.',
    ],
    write: (account) =>
      fields({
        'Update URL': `${updateUrl(account)}?hostname=${['<domain>', ...othersOf(account)].join(',')}&myip=<ipaddr>&myipv6=<ip6addr>&ip6lanprefix=<ip6lanprefix>`,
        'Domain name': firstOf(account),
        Username: account.user,
        Password: PASSWORD,
      }),
  },
  {
    id: 'unifi',
    title: 'UniFi gateways',
    place: 'Settings → Internet → (WAN) → Dynamic DNS',
    notes: [
      'The server is written without `https://`.',
      'A gateway takes the service `custom` once. Further names stand in the server behind `%h`, and get the ' +
        'same address.',
    ],
    refuse: (account) => refuseIpv6Server(account, 'UniFi'),
    write: (account) =>
      fields({
        Service: 'custom',
        Hostname: firstOf(account),
        Username: account.user,
        Password: PASSWORD,
        Server: `${hostAndPath(account)}/nic/update?hostname=${['%h', ...othersOf(account)].join(',')}&myip=%i`,
      }),
  },
  {
    id: 'openwrt',
    title: 'OpenWrt (ddns-scripts)',
    place: 'a shell of the router, where it writes two files',
    notes: [
      'For OpenWrt 21.02 and later. Words in square brackets stay as they are: the router replaces them.',
      'A section for each name and family. For https install `ca-bundle`, and `wget-ssl` or `curl`.',
      'The provider has an `answer`, without which every failure would be a success to `curl`. An upgrade of the ' +
        'firmware keeps it where `/usr/share/ddns/custom/` is in `/etc/sysupgrade.conf`.',
    ],
    refuse: (account) =>
      refuseUser(/[^ -~]|\\/.test(account.user), 'ddns-scripts loses backslashes and what is beyond ASCII'),
    write: (account) =>
      [
        'mkdir -p /usr/share/ddns/custom',
        "cat > /usr/share/ddns/custom/dynonym.json <<'EOF'",
        JSON.stringify(openWrtProvider(account), null, 2),
        'EOF',
        "cat >> /etc/config/ddns <<'EOF'",
        ...openWrtSections(account),
        'EOF',
        '/etc/init.d/ddns restart',
        '',
      ].join('\n'),
  },
  {
    id: 'pfsense',
    title: 'pfSense',
    place: 'Services → Dynamic DNS → Add',
    notes: ['An entry for each name. For IPv6 add it once more, with the service type "Custom (v6)".'],
    write: (account) =>
      forEachDomain(account, (domain) =>
        fields({
          'Service Type': 'Custom',
          Username: account.user,
          Password: PASSWORD,
          'Update URL': `${updateUrl(account)}?hostname=${domain}&myip=%IP%`,
          'Result Match': 'good %IP%|nochg %IP%',
        }),
      ),
  },
  {
    id: 'opnsense',
    title: 'OPNsense (os-ddclient, native backend)',
    place: 'Services → Dynamic DNS → Settings → Add',
    notes: [],
    write: (account) =>
      fields({
        Service: 'Custom',
        Protocol: 'DynDNS2',
        Server: hostAndPath(account),
        Username: account.user,
        Password: PASSWORD,
        'Hostname(s)': account.domains.join(','),
        'Force SSL': isHttps(account) ? 'yes' : 'no',
      }),
  },
  {
    id: 'synology',
    title: 'Synology DSM',
    place: 'Control Panel → External Access → DDNS → Customize Provider',
    notes: [
      'DSM replaces the words in underscores itself. Then add the host name with this provider.',
      'It takes a provider for one host name alone, hence one of its own for each.',
    ],
    // It is not known to encode what it puts into the URL.
    refuse: (account) =>
      refuseUser(
        /[^A-Za-z0-9._~@-]/.test(account.user),
        'DSM may lose all but letters, digits and . _ ~ @ -',
      ),
    write: (account) =>
      forEachDomain(account, (domain, index) =>
        fields({
          'Service Provider': account.domains.length === 1 ? 'dynonym' : `dynonym-${index + 1}`,
          'Query URL': `${updateUrl(account)}?hostname=__HOSTNAME__&myip=__MYIP__&username=__USERNAME__&password=__PASSWORD__`,
          Hostname: domain,
          'Username/Email': account.user,
          'Password/Key': PASSWORD,
        }),
      ),
  },
  {
    id: 'mikrotik',
    title: 'MikroTik RouterOS',
    place: 'System → Scripts, run by System → Scheduler',
    notes: ['Reports the address of the interface `pppoe-out1`.'],
    write: (account) =>
      [
        ':local ip [/ip address get [find interface="pppoe-out1"] address]',
        ':set ip [:pick $ip 0 [:find $ip "/"]]',
        `/tool fetch url="${routerOsText(`${updateUrl(account)}?hostname=${account.domains.join(',')}&myip=`)}$ip" user="${routerOsText(account.user)}" password="${PASSWORD}" keep-result=no`,
        '',
      ].join('\n'),
  },
];

const othersOf = ({ domains }: Account) => domains.slice(1);

/** The same service for both families, because ddns-scripts asks for each by itself. */
function openWrtProvider(account: Account): object {
  const service = {
    url: `${account.url.protocol}//[USERNAME]:[PASSWORD]@${hostAndPath(account)}/nic/update?hostname=[DOMAIN]&myip=[IP]`,
    answer: 'good|nochg',
  };
  return { name: 'dynonym', ipv4: service, ipv6: service };
}

/** Indented with spaces, because a shell at a terminal would take a tab for a call for help. */
function openWrtSections(account: Account): string[] {
  return account.domains.flatMap((domain, index) =>
    (['4', '6'] as const).flatMap((family) => [
      '',
      `config service 'dynonym_${index + 1}_ipv${family}'`,
      "    option enabled '1'",
      "    option service_name 'dynonym'",
      `    option use_https '${isHttps(account) ? 1 : 0}'`,
      // A file, because uclient-fetch takes no folder.
      "    option cacert '/etc/ssl/certs/ca-certificates.crt'",
      `    option use_ipv6 '${family === '6' ? 1 : 0}'`,
      // ddns-scripts ends where the name to look up has an asterisk; a name that the wildcard matches will do.
      `    option lookup_host '${domain.replace(/^\*/, 'any')}'`,
      `    option domain '${domain}'`,
      `    option username ${uciValue(account.user)}`,
      `    option password '${PASSWORD}'`,
      "    option ip_source 'network'",
      `    option ip_network '${family === '6' ? 'wan6' : 'wan'}'`,
      `    option interface '${family === '6' ? 'wan6' : 'wan'}'`,
    ]),
  );
}
