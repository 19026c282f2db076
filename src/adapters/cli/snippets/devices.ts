import { routerOsText, uciValue } from './quoting.ts';
import {
  fields,
  firstOf,
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
      'The box looks the domain name up afterwards and complains when the DNS does not agree.',
    ],
    write: (account) =>
      fields({
        'Update URL': `${updateUrl(account)}?hostname=<domain>&myip=<ipaddr>&myipv6=<ip6addr>&ip6lanprefix=<ip6lanprefix>`,
        'Domain name': firstOf(account),
        Username: account.user,
        Password: PASSWORD,
      }),
  },
  {
    id: 'unifi',
    title: 'UniFi gateways',
    place: 'Settings → Internet → (WAN) → Dynamic DNS',
    notes: ['The server is written without `https://`.'],
    refuse: (account) => refuseIpv6Server(account, 'UniFi'),
    write: (account) =>
      fields({
        Service: 'custom',
        Hostname: firstOf(account),
        Username: account.user,
        Password: PASSWORD,
        Server: `${hostAndPath(account)}/nic/update?hostname=%h&myip=%i`,
      }),
  },
  {
    id: 'openwrt',
    title: 'OpenWrt (ddns-scripts)',
    place: '/etc/config/ddns',
    notes: ['A section for each family. Install `curl` or `wget-ssl` and `ca-certificates` for https.'],
    refuse: (account) =>
      refuseUser(/[^ -~]|\\/.test(account.user), 'ddns-scripts loses backslashes and what is beyond ASCII'),
    write: (account) =>
      (['4', '6'] as const)
        .flatMap((family) => [
          `config service 'dynonym${family}'`,
          "\toption enabled '1'",
          `\toption update_url '${account.url.protocol.replace('https', 'http')}//[USERNAME]:[PASSWORD]@${hostAndPath(account)}/nic/update?hostname=[DOMAIN]&myip=[IP]'`,
          `\toption use_https '${isHttps(account) ? 1 : 0}'`,
          "\toption cacert '/etc/ssl/certs'",
          `\toption use_ipv6 '${family === '6' ? 1 : 0}'`,
          `\toption lookup_host '${firstOf(account)}'`,
          `\toption domain '${firstOf(account)}'`,
          `\toption username ${uciValue(account.user)}`,
          `\toption password '${PASSWORD}'`,
          "\toption ip_source 'network'",
          `\toption ip_network '${family === '6' ? 'wan6' : 'wan'}'`,
          `\toption interface '${family === '6' ? 'wan6' : 'wan'}'`,
          '',
        ])
        .join('\n'),
  },
  {
    id: 'pfsense',
    title: 'pfSense',
    place: 'Services → Dynamic DNS → Add',
    notes: ['For IPv6 add a second entry with the service type "Custom (v6)".'],
    write: (account) =>
      fields({
        'Service Type': 'Custom',
        Username: account.user,
        Password: PASSWORD,
        'Update URL': `${updateUrl(account)}?hostname=${firstOf(account)}&myip=%IP%`,
        'Result Match': 'good %IP%|nochg %IP%',
      }),
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
    notes: ['DSM replaces the words in underscores itself. Then add the host name with this provider.'],
    // It is not known to encode what it puts into the URL.
    refuse: (account) =>
      refuseUser(
        /[^A-Za-z0-9._~@-]/.test(account.user),
        'DSM may lose all but letters, digits and . _ ~ @ -',
      ),
    write: (account) =>
      fields({
        'Service Provider': 'dynonym',
        'Query URL': `${updateUrl(account)}?hostname=__HOSTNAME__&myip=__MYIP__&username=__USERNAME__&password=__PASSWORD__`,
        Hostname: firstOf(account),
        'Username/Email': account.user,
        'Password/Key': PASSWORD,
      }),
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
