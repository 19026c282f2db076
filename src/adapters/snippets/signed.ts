import { type Account, type Client, type Refusal, refuseUser } from './client.ts';

const KEY =
  'It sends signed updates (RFC 2136) to the built-in name server, at the address of `--nameserver`, or at port 53 of the ' +
  'host of `--url`. `--user` is the name of a key that may change the names (`[[nameserver.zones.updates]]` in ' +
  'docs/name-server.md). Write the secret of the key in place of `PASSWORD`.';
const CHALLENGE_KEY =
  '`dynonym configure nameserver key KEY --domain DOMAIN` makes such a key, and prints its secret.';

const refuseKeyName = ({ user }: Account): Refusal | undefined =>
  refuseUser(/[^A-Za-z0-9._-]/.test(user), 'the name of a key has letters, digits, ".", "_" and "-"');

const iscKey = `key "{user}" {
    algorithm hmac-sha256;
    secret "PASSWORD";
};`;

const client = (one: Omit<Client, 'refuse'>): Client => ({
  ...one,
  notes: [KEY, ...one.notes],
  refuse: refuseKeyName,
});

/** Programs that speak DNS, and not HTTP. */
export const SIGNED: readonly Client[] = [
  client({
    id: 'nsupdate',
    title: 'nsupdate',
    place: 'the standard input of nsupdate',
    notes: ['The address 192.0.2.1 is an example.'],
    before: 'server {dnsHost} {dnsPort}\nkey hmac-sha256:{user} PASSWORD',
    each: 'update delete {name} A\nupdate add {name} 60 A 192.0.2.1\nsend',
  }),
  client({
    id: 'certbot',
    title: 'certbot (certbot-dns-rfc2136)',
    place: 'a shell, in a folder that stays: certbot remembers the file and renews by itself',
    notes: [
      CHALLENGE_KEY,
      'Older versions need an IP address for the server. If the zone has slow secondaries, let it wait longer.',
    ],
    before: `(umask 077; cat > dynonym.ini <<'EOF'
dns_rfc2136_server = {dnsHost}
dns_rfc2136_port = {dnsPort}
dns_rfc2136_name = {user}
dns_rfc2136_secret = PASSWORD
dns_rfc2136_algorithm = HMAC-SHA256
EOF
)
certbot certonly --dns-rfc2136 --dns-rfc2136-credentials "$PWD/dynonym.ini" \\
  --dns-rfc2136-propagation-seconds 10 \\`,
    each: "  -d '{name}' \\",
    after: '  --agree-tos -m you@example.org',
  }),
  client({
    id: 'lego',
    title: 'lego (rfc2136)',
    place: 'a shell',
    notes: [CHALLENGE_KEY, 'To renew, write `renew` in place of `run`.'],
    before: `export RFC2136_NAMESERVER={dnsSocket}
export RFC2136_TSIG_KEY={user}.
export RFC2136_TSIG_ALGORITHM=hmac-sha256.
export RFC2136_TSIG_SECRET=PASSWORD
lego --accept-tos --email you@example.org --dns rfc2136 \\`,
    each: "  --domains '{name}' \\",
    after: '  run',
  }),
  client({
    id: 'acme.sh',
    title: 'acme.sh (dns_nsupdate)',
    place: 'a shell',
    notes: [
      CHALLENGE_KEY,
      'It runs nsupdate, which has to be installed. At the end it deletes all TXT records of the challenge name. If ' +
        'another program gets certificates for the same name, use dns_acmeproxy.',
    ],
    before: `(umask 077; cat > nsupdate.key <<'EOF'
${iscKey}
EOF
)
export NSUPDATE_SERVER={dnsHost}
export NSUPDATE_SERVER_PORT={dnsPort}
export NSUPDATE_KEY="$PWD/nsupdate.key"
acme.sh --issue --dns dns_nsupdate \\`,
    each: "  -d '{name}' \\",
    after: '  --dnssleep 10',
  }),
  client({
    id: 'openwrt-nsupdate',
    title: 'OpenWrt (ddns-scripts-nsupdate)',
    place: '/etc/config/ddns',
    notes: [
      'Install `ddns-scripts-nsupdate`. Leave `hmac-sha256:` in front of the name of the key: without it, the router ' +
        'signs with MD5, which is refused.',
    ],
    each: `config service 'dynonym_{number}'
    option enabled '1'
    option service_name 'bind-nsupdate'
    option dns_server '{dnsHost}'
    option lookup_host '{lookup}'
    option domain '{name}'
    option username 'hmac-sha256:{user}'
    option password 'PASSWORD'
    option ip_source 'network'
    option ip_network 'wan'
    option interface 'wan'`,
    between: '\n\n',
  }),
  client({
    id: 'kea',
    title: 'Kea D2 (kea-dhcp-ddns)',
    place: '/etc/kea/kea-dhcp-ddns.conf',
    notes: ['The server has to be an IP address. kea-dhcp4 needs `"dhcp-ddns": { "enable-updates": true }`.'],
    before: `{
  "DhcpDdns": {
    "tsig-keys": [
      { "name": "{user}", "algorithm": "HMAC-SHA256", "secret": "PASSWORD" }
    ],
    "forward-ddns": {
      "ddns-domains": [`,
    each: `        {
          "name": "{zone}.",
          "key-name": "{user}",
          "dns-servers": [{ "ip-address": "{dnsHost}", "port": {dnsPort} }]
        }`,
    between: ',\n',
    after: '      ]\n    }\n  }\n}',
  }),
  client({
    id: 'dhcpd',
    title: 'ISC dhcpd',
    place: '/etc/dhcp/dhcpd.conf',
    notes: [],
    before: `ddns-update-style standard;\n${iscKey}`,
    each: 'zone {zone}. {\n    primary {dnsHost};\n    key "{user}";\n}',
  }),
  client({
    id: 'external-dns',
    title: 'external-dns (Kubernetes)',
    place: 'the arguments of its container',
    notes: [
      'It writes TXT records beside its names, and asks for the whole zone (AXFR). The key needs the rights to both.',
    ],
    before: `--provider=rfc2136
--rfc2136-host={dnsHost}
--rfc2136-port={dnsPort}
--rfc2136-tsig-keyname={user}
--rfc2136-tsig-secret=PASSWORD
--rfc2136-tsig-secret-alg=hmac-sha256
--rfc2136-tsig-axfr`,
    each: '--rfc2136-zone={zone}\n--domain-filter={name}',
  }),
];
