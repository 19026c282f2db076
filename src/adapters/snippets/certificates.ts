import { type Client, refuseUnlessPlain, SECRET_NOTES } from './client.ts';
import { jsonString, powerShellString, shellWord } from './quoting.ts';

const SECONDARIES =
  'If the zone has slow secondaries, let it wait longer before the certificate authority looks.';

const httpreq = `export HTTPREQ_ENDPOINT={scheme}://{server}/acme
export HTTPREQ_USERNAME=«{user}»
export HTTPREQ_PASSWORD='SECRET'`;

const acmeproxy = `export ACMEPROXY_ENDPOINT={scheme}://{server}/acme
export ACMEPROXY_USERNAME=«{user}»
export ACMEPROXY_PASSWORD='SECRET'`;

const ACCOUNT =
  'The account has to be a token for certificates: a password is refused. `URL` is the address of the server.';

/** The accounts of acme-dns, by name. */
const accounts = {
  before: '{',
  each: `  "{base}": {
    "fulldomain": "_acme-challenge.{base}",
    "subdomain": "{base}",
    "username": «{user}»,
    "password": "SECRET",
    "server_url": "{scheme}://{server}/acme-dns",
    "allowfrom": []
  }`,
  between: ',\n',
  after: '}',
};

/** Programs that get certificates, with the credentials of an update. Domains with an asterisk are wildcards. */
export const CERTIFICATES: readonly Client[] = [
  {
    id: 'lego-httpreq',
    title: 'lego (httpreq)',
    place: 'a shell',
    notes: [SECRET_NOTES.certificates, 'To renew, write `renew` in place of `run`.'],
    quote: shellWord,
    before: `${httpreq}\nlego --accept-tos --email you@example.org --dns httpreq \\`,
    each: "  --domains '{name}' \\",
    after: '  run',
  },
  {
    id: 'traefik',
    title: 'Traefik',
    place: 'the environment of Traefik, and its static configuration',
    notes: [SECRET_NOTES.certificates],
    quote: shellWord,
    before: `${httpreq}
cat > traefik.yml <<'EOF'
certificatesResolvers:
  dynonym:
    acme:
      email: you@example.org
      storage: /data/acme.json
      dnsChallenge:
        provider: httpreq
entryPoints:
  websecure:
    address: ":443"
    http:
      tls:
        certResolver: dynonym
        domains:`,
    each: '          - main: "{name}"',
    after: 'EOF',
  },
  {
    id: 'acme.sh-acmeproxy',
    title: 'acme.sh (dns_acmeproxy)',
    place: 'a shell',
    notes: [SECRET_NOTES.certificates, SECONDARIES],
    quote: shellWord,
    before: `${acmeproxy}\nacme.sh --issue --dns dns_acmeproxy \\`,
    each: "  -d '{name}' \\",
    after: '  --dnssleep 10',
  },
  {
    id: 'certbot-hooks',
    title: 'certbot (manual, with curl)',
    place: 'a shell, in a folder that stays: certbot remembers the hooks and renews by itself',
    notes: [SECRET_NOTES.certificates, `${SECONDARIES} Write \`sleep 60\` at the end of the hook.`],
    quote: shellWord,
    before: `cat > dynonym-hook.sh <<'EOF'
#!/bin/sh
curl -fsS -u «{user}:PASSWORD» -d "{\\"fqdn\\":\\"_acme-challenge.$CERTBOT_DOMAIN.\\",\\"value\\":\\"$CERTBOT_VALIDATION\\"}" \\
  "{scheme}://{server}/acme/$1"
EOF
chmod 700 dynonym-hook.sh
certbot certonly --manual --preferred-challenges dns \\
  --manual-auth-hook "$PWD/dynonym-hook.sh present" --manual-cleanup-hook "$PWD/dynonym-hook.sh cleanup" \\`,
    each: "  -d '{name}' \\",
    after: '  --agree-tos -m you@example.org',
  },
  {
    id: 'caddy',
    title: 'Caddy (github.com/caddy-dns/acmeproxy)',
    place: 'the Caddyfile',
    notes: [
      SECRET_NOTES.certificates,
      'Build Caddy with the module: `xcaddy build --with github.com/caddy-dns/acmeproxy`.',
    ],
    refuse: (account) => refuseUnlessPlain(account, 'a Caddyfile'),
    each: `{name} {
    tls {
        dns acmeproxy {
            endpoint {scheme}://{server}/acme
            username {user}
            password PASSWORD
        }
    }
}`,
  },
  {
    id: 'proxmox',
    title: 'Proxmox VE',
    place: 'a shell of the node, as root',
    notes: [SECRET_NOTES.certificates, 'The page Datacenter / ACME / Challenge Plugins has the same fields.'],
    quote: shellWord,
    before: `cat > dynonym.acme <<'EOF'
ACMEPROXY_ENDPOINT={scheme}://{server}/acme
ACMEPROXY_USERNAME={user}
ACMEPROXY_PASSWORD=SECRET
EOF
pvenode acme plugin add dns dynonym --api acmeproxy --data dynonym.acme`,
    each: "pvenode config set --acmedomain{index} 'domain={name},plugin=dynonym'",
    after: 'pvenode acme cert order',
    refuse: (account) => refuseUnlessPlain(account, 'the file of a plugin'),
  },
  {
    id: 'win-acme',
    title: 'win-acme',
    place: 'a folder of win-acme, as dynonym.ps1; then the last line in a command prompt there',
    notes: [SECRET_NOTES.certificates, 'A scheduled task runs the script again, to renew the certificate.'],
    quote: powerShellString,
    before: `param($action, $name, $value)
$login = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes(«{user}:PASSWORD»))
Invoke-RestMethod -Method Post -Uri "{scheme}://{server}/acme/$action" -Headers @{ Authorization = "Basic $login" } \`
  -Body (ConvertTo-Json @{ fqdn = "$name."; value = $value })

wacs.exe --source manual --host {names} --validation script --validationmode dns-01 ^
  --dnsscript dynonym.ps1 --dnscreatescriptarguments "present {RecordName} {Token}" ^
  --dnsdeletescriptarguments "cleanup {RecordName} {Token}"`,
  },
  {
    id: 'acme.sh-acmedns',
    title: 'acme.sh (dns_acmedns)',
    place: 'a shell',
    notes: [SECRET_NOTES.certificates, ACCOUNT, SECONDARIES],
    quote: shellWord,
    before: `export ACMEDNS_BASE_URL={scheme}://{server}/acme-dns
export ACMEDNS_USERNAME=«{user}»
export ACMEDNS_PASSWORD='SECRET'`,
    each: "ACMEDNS_SUBDOMAIN='{base}' acme.sh --issue --dns dns_acmedns --dnssleep 10 -d '{name}'",
  },
  {
    id: 'cert-manager',
    title: 'cert-manager (Kubernetes, acmeDNS)',
    place: 'acme-dns.json; then a shell with kubectl, and the solver of an issuer',
    notes: [
      SECRET_NOTES.certificates,
      ACCOUNT,
      '`kubectl create secret generic dynonym --namespace cert-manager --from-file acme-dns.json`',
      'The solver: `acmeDNS: { host: URL/acme-dns, accountSecretRef: { name: dynonym, key: acme-dns.json } }`.',
    ],
    quote: jsonString,
    ...accounts,
  },
  {
    id: 'nginx-proxy-manager',
    title: 'Nginx Proxy Manager (ACME-DNS)',
    place: '/data/acme-dns.json; its DNS provider is ACME-DNS',
    notes: [
      SECRET_NOTES.certificates,
      ACCOUNT,
      'The credentials: `dns_acmedns_api_url = URL/acme-dns` and `dns_acmedns_registration_file = /data/acme-dns.json`.',
    ],
    quote: jsonString,
    ...accounts,
  },
];
