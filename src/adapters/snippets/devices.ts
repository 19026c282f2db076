import { type Client, refuseIpv6Server, refuseUnlessPlain, refuseUser, SECRET_NOTES } from './client.ts';
import { routerOsText, uciValue } from './quoting.ts';

/** Indented with spaces, because a shell at a terminal would complete words at a tab. */
const openWrtSection = (family: '4' | '6', network: string) => `
config service 'dynonym_{number}_ipv${family}'
    option enabled '1'
    option service_name 'dynonym'
    option use_https '{oneZero}'
    option cacert '/etc/ssl/certs/ca-certificates.crt'
    option use_ipv6 '${family === '6' ? 1 : 0}'
    option lookup_host '{lookup}'
    option domain '{name}'
    option username «{user}»
    option password 'SECRET'
    option ip_source 'network'
    option ip_network '${network}'
    option interface '${network}'`;

const openWrtService = `{
    "url": "{scheme}://[USERNAME]:[PASSWORD]@{server}/nic/update?hostname=[DOMAIN]&myip=[IP]",
    "answer": "good|nochg"
  }`;

/** Routers and NAS boxes. */
export const DEVICES: readonly Client[] = [
  {
    id: 'fritzbox',
    title: 'FRITZ!Box',
    place: 'Internet → Permit Access → DynDNS, provider "User-defined"',
    notes: [
      'The box replaces the words in angle brackets itself. Hosts behind it that follow this name (see ' +
        '`dynonym configure hosts set`) move with `<ip6lanprefix>`.',
      'The box has room for one name. Write further names into the URL, behind `<domain>`: they get the same addresses.',
      'After an update, the box looks the domain name up. It complains when the DNS has another address.',
    ],
    before:
      'Update URL:  {update}?hostname=<domain>{others}&myip=<ipaddr>&myipv6=<ip6addr>&ip6lanprefix=<ip6lanprefix>\n' +
      'Domain name: {name}\nUsername:    {user}\nPassword:    PASSWORD',
  },
  {
    id: 'unifi',
    title: 'UniFi gateways',
    place: 'Settings → Internet → (WAN) → Dynamic DNS',
    notes: [
      'The server is written without `https://`.',
      'A gateway has the service `custom` once. Write further names into the server, behind `%h`: they get the ' +
        'same address.',
    ],
    refuse: (account) => refuseIpv6Server(account, 'UniFi'),
    before:
      'Service:  custom\nHostname: {name}\nUsername: {user}\nPassword: PASSWORD\n' +
      'Server:   {server}/nic/update?hostname=%h{others}&myip=%i',
  },
  {
    id: 'openwrt',
    title: 'OpenWrt (ddns-scripts)',
    place: 'a shell of the router, where it writes two files',
    notes: [
      SECRET_NOTES.placeholder,
      'For OpenWrt 21.02 and later. Words in square brackets stay as they are: the router replaces them.',
      'Each name and each family has a section. For https, install `ca-bundle`, and `wget-ssl` or `curl`.',
      'The router compares each answer with `answer`. Without that, it would take every failure for a success. To keep ' +
        'the file when the firmware is upgraded, add `/usr/share/ddns/custom/` to `/etc/sysupgrade.conf`.',
    ],
    refuse: ({ user }) =>
      refuseUser(/[^ -~]|\\/.test(user), 'ddns-scripts loses backslashes and what is beyond ASCII'),
    quote: uciValue,
    before: `mkdir -p /usr/share/ddns/custom
cat > /usr/share/ddns/custom/dynonym.json <<'EOF'
{
  "name": "dynonym",
  "ipv4": ${openWrtService},
  "ipv6": ${openWrtService}
}
EOF
cat >> /etc/config/ddns <<'EOF'`,
    each: `${openWrtSection('4', 'wan')}\n${openWrtSection('6', 'wan6')}`,
    after: 'EOF\n/etc/init.d/ddns restart',
  },
  {
    id: 'edgerouter',
    title: 'EdgeRouter (EdgeOS)',
    place: 'the configuration mode of a shell of the router',
    notes: [
      'Reports the IPv4 address of `eth0`; change it to your WAN interface. EdgeOS runs ddclient.',
      'EdgeOS has one such service for each interface. All names are in it.',
    ],
    refuse: (account) => refuseUnlessPlain(account, 'EdgeOS') ?? refuseIpv6Server(account, 'EdgeOS'),
    before: 'configure\nedit service dns dynamic interface eth0 service custom-dynonym',
    each: 'set host-name {name}',
    after: `set login {user}
set password PASSWORD
set protocol dyndns2
set server {host}
set options 'ssl={yesNo}, script={path}/nic/update'
commit
save
exit`,
  },
  {
    id: 'vyos',
    title: 'VyOS 1.4 and later',
    place: 'the configuration mode of a shell of the router',
    notes: ['Reports the IPv4 address of `eth0`; change it to your WAN interface. VyOS runs ddclient.'],
    refuse: (account) => refuseUnlessPlain(account, 'VyOS') ?? refuseIpv6Server(account, 'VyOS'),
    before: 'configure',
    each: `set service dns dynamic name dynonym-{number} address interface eth0
set service dns dynamic name dynonym-{number} protocol dyndns2
set service dns dynamic name dynonym-{number} server {host}
set service dns dynamic name dynonym-{number} username {user}
set service dns dynamic name dynonym-{number} password PASSWORD
set service dns dynamic name dynonym-{number} host-name {name}`,
    after: 'commit\nsave\nexit',
  },
  {
    id: 'pfsense',
    title: 'pfSense',
    place: 'Services → Dynamic DNS → Add',
    notes: ['Each name has an entry. For IPv6, add it once more, with the service type "Custom (v6)".'],
    each: {
      'Service Type': 'Custom',
      Username: '{user}',
      Password: 'PASSWORD',
      'Update URL': '{update}?hostname={name}&myip=%IP%',
      'Result Match': 'good %IP%|nochg %IP%',
    },
  },
  {
    id: 'opnsense',
    title: 'OPNsense (os-ddclient, native backend)',
    place: 'Services → Dynamic DNS → Settings → Add',
    notes: [
      'Each name has an account. If an account lists several names and some of them fail, OPNsense does not try these again.',
    ],
    each: {
      Service: 'Custom',
      Protocol: 'DynDNS2',
      Server: '{server}',
      Username: '{user}',
      Password: 'PASSWORD',
      'Hostname(s)': '{name}',
      'Force SSL': '{yesNo}',
    },
  },
  {
    id: 'synology',
    title: 'Synology DSM',
    place: 'Control Panel → External Access → DDNS → Customize Provider',
    notes: [
      SECRET_NOTES.placeholder,
      'DSM replaces the words between underscores itself. When the provider is there, add the host name with it.',
      'DSM uses a provider for one host name only, so each name has a provider.',
    ],
    // Nothing says that it encodes what it puts into the URL.
    refuse: (account) => refuseUnlessPlain(account, 'DSM'),
    each: {
      'Service Provider': 'dynonym-{number}',
      'Query URL': '{update}?hostname=__HOSTNAME__&myip=__MYIP__&username=__USERNAME__&password=__PASSWORD__',
      Hostname: '{name}',
      'Username/Email': '{user}',
      'Password/Key': 'SECRET',
    },
  },
  {
    id: 'qnap',
    title: 'QNAP QTS',
    place: 'Control Panel → Network & Virtual Switch → DDNS → Add, server "Customized"',
    notes: [
      SECRET_NOTES.placeholder,
      'QTS replaces the words between percent signs itself. It has room for one name.',
    ],
    refuse: (account) => refuseUnlessPlain(account, 'QTS'),
    each: {
      URL: '{update}?hostname=%HOST%&myip=%IP%&username=%USER%&password=%PASS%',
      'User Name': '{user}',
      Password: 'SECRET',
      Hostname: '{name}',
    },
  },
  {
    id: 'mikrotik',
    title: 'MikroTik RouterOS',
    place: 'System → Scripts, run by System → Scheduler',
    notes: ['Reports the address of the interface `pppoe-out1`.'],
    quote: routerOsText,
    before: `:local ip [/ip address get [find interface="pppoe-out1"] address]
:set ip [:pick $ip 0 [:find $ip "/"]]
/tool fetch url="«{update}?hostname={names}&myip=»$ip" user="«{user}»" password="PASSWORD" keep-result=no`,
  },
  {
    id: 'ddwrt',
    title: 'DD-WRT, and Asus with Merlin',
    place: 'DD-WRT: Setup → DDNS, service "Custom". Merlin: see the note',
    notes: [
      'DD-WRT runs inadyn. The URL ends with `hostname=`, and DD-WRT puts the name behind it.',
      'Merlin: DDNS service "Custom", and in /jffs/scripts/ddns-start, made executable: `#!/bin/sh`, then the line of ' +
        'the snippet `curl` with `&myip=$1` behind the names, then `/sbin/ddns_custom_updated $?`.',
    ],
    refuse: (account) => refuseIpv6Server(account, 'DD-WRT'),
    each: {
      'DYNDNS Server': '{host}',
      'User Name': '{user}',
      Password: 'PASSWORD',
      'Host Name': '{name}',
      URL: '{path}/nic/update?hostname=',
    },
  },
  {
    id: 'cisco',
    title: 'Cisco IOS',
    place: 'the configuration mode of the router',
    notes: [
      'Type Ctrl-V before the `?`, or IOS takes it for a call for help. `<h>` and `<a>` stay as they are.',
      'Reports the address of `GigabitEthernet0/0`; change it to your WAN interface. Each method has one name.',
    ],
    refuse: (account) => refuseUnlessPlain(account, 'IOS'),
    each: `ip ddns update method dynonym-{number}
 HTTP
  add {login}?hostname=<h>&myip=<a>
 interval maximum 0 1 0 0
interface GigabitEthernet0/0
 ip ddns update hostname {name}
 ip ddns update dynonym-{number}`,
  },
  {
    id: 'draytek',
    title: 'DrayTek Vigor',
    place: 'Applications → Dynamic DNS, a profile for each name',
    notes: ['The router replaces `###IP###` itself.'],
    refuse: (account) => refuseUnlessPlain(account, 'The router'),
    each: {
      'Service Provider': 'User-Defined',
      'Provider Host': '{host}',
      'Service API': '{path}/nic/update?hostname={name}&myip=###IP###',
      'Auth Type': 'basic',
      'Connection Type': '{scheme}',
      'Server Response': 'good',
      'Login Name': '{user}',
      Password: 'PASSWORD',
    },
  },
];
