// Two configurations that have every key together: some keys exclude each other. All secrets are examples.

const SECRET = 'bm90IGEgc2VjcmV0IQ==';
const SIGNING = 'whsec_bm90IGEgc2VjcmV0LCBidXQgYW4gZXhhbXBsZSE=';

/** One server that keeps everything in files. Users and hosts are added by the program. */
export const IN_FILES = `# Comments stay as they are.
[http]
socket = "127.0.0.1:0"
workers = 1
trusted_proxies = ["192.0.2.10/32", "2001:db8::/64"]
connections_per_site = 64

[http.tls.acme]
names = ["ddns.dyn.example.org", "*.dyn.example.org"]
email = "hostmaster@example.org"
directory = "https://127.0.0.1:9/directory"
eab_key_id = "example"
eab_key_file = "account.key"
data = "acme"
ca_file = "ca.pem"
name_servers = ["192.0.2.53:53"]

[[http.listeners]]
socket = "127.0.0.1:0"
tls = true
routes = ["/nic/update", "/checkip"] # for old devices

[dns]
socket = "192.0.2.53:53"
fallback_sockets = ["[2001:db8::53]:53"]
ttl = 120
transport = "tls"
zones = ["example.org"]
tls = { server_name = "ns1.example.org", ca_file = "ca.pem" }

[dns.tsig]
name = "dynonym"
algorithm = "hmac-sha512"
secret_file = "dynonym.secret"

[[dns.servers]]
socket = "ns.example.net:853"
fallback_sockets = ["198.51.100.53:853"]
transport = "tls"
zones = ["example.net"]

[dns.servers.tls]
server_name = "ns.example.net"
ca_file = "ca.pem"

[dns.servers.tsig]
name = "further"
algorithm = "hmac-sha256"
secret = "${SECRET}"

[acme]
zone = "acme.dyn.example.org"

[admin]
socket = "127.0.0.1:0"
user = "operator"
password_file = "admin.password"

[web]
url = "https://ddns.dyn.example.org"

[web.oidc]
issuer = "https://login.example.org/realms/home"
client_id = "dynonym"
client_secret_file = "provider.secret"
claim = "email"
name = "Example"

[log]
level = "warn"
audit = "audit.log"

[history]
events = 50
days = 60
visibility = true
name_servers = ["192.0.2.53:53"]

[nameserver]
sockets = ["127.0.0.1:0"]
data = "zones"

[[nameserver.keys]]
name = "secondary"
algorithm = "hmac-sha384"
secret = "${SECRET}"

[[nameserver.keys]]
name = "client"
secret_file = "dynonym.secret"

[[nameserver.zones]]
name = "dyn.example.org"
ns = ["ns1.dyn.example.org", "ns2.example.net"]
glue = { "ns1.dyn.example.org" = ["192.0.2.1", "2001:db8::1"] }
hostmaster = "hostmaster@example.org"
ttl = 600
negative_ttl = 30

[[nameserver.zones.updates]]
key = "client"
networks = ["192.0.2.0/24"]
names = ["home.dyn.example.org"]
subtrees = ["lab.dyn.example.org"]
types = ["A", "AAAA", "TXT", "TYPE65280"]

[[nameserver.zones.transfer]]
key = "secondary"
networks = ["198.51.100.0/24"]

[[nameserver.zones.notify]]
socket = "198.51.100.53:53"
key = "secondary"

[[nameserver.zones]]
name = "types.example.org"
ns = ["ns2.example.net"]

[[notices]]
to = "https://hooks.example.org/operator"
form = "json"
secret_file = "notices.secret"
events = ["primary-away", "paused"]
names = ["dyn.example.org"]
allow = ["192.0.2.0/24"]

[[notices]]
to = "mailto:operator@example.org"

[mail]
smtp = "smtp://mail.example.org:587"
from = "dynonym@example.org"
login = "dynonym"
password_file = "mail.password"
`;

/** One of several instances with a database. */
export const WITH_STORE = `[http]
socket = "127.0.0.1:0"

[http.tls]
cert = "fullchain.pem"
key = "privkey.pem"

[dns]
transport = "tls"
tls = { ca = """
-----BEGIN CERTIFICATE-----
""" }

[dns.tsig]
name = "dynonym"
secret = "${SECRET}"

[[dns.servers]]
socket = "198.51.100.53:53"
zones = ["example.net"]
tls = { ca = """
-----BEGIN CERTIFICATE-----
""" }

[dns.servers.tsig]
name = "dynonym"
secret_file = "dynonym.secret"

[admin]
socket = "127.0.0.1:0"
password = "an example of a password"

[history]
file = "elsewhere.jsonl"

[store]
postgres_file = "dynonym.postgres"
stale = "1h"
cached_users = 1000
`;

/** Another way to say where the database is. */
export const WITH_ADDRESS = `[dns]

[store]
postgres = "postgres://dynonym:example@db1.example.org,db2.example.org:5433/dynonym"
`;

/** Files that these name, by name. The certificate is added. */
export const NAMED_FILES: Readonly<Record<string, string>> = {
  'account.key': 'YW4tZXhhbXBsZQ\n',
  'dynonym.secret': `${SECRET}\n`,
  'admin.password': 'an example of a password\n',
  'provider.secret': 'an example of a secret\n',
  'notices.secret': `${SIGNING}\n`,
  'mail.password': 'an example of a password\n',
  'dynonym.postgres': 'postgres://dynonym:example@db.example.org/dynonym\n',
};
