const TSIG_SAMPLE = `# [dns.tsig]
# name = "dynonym"
# algorithm = "hmac-sha256"
# secret = "bm90IGEgc2VjcmV0IQ=="        # or secret_file = "dynonym.secret", with the same in it`;

/** Tables in comments that a command replaces by the table itself: with both, the file would seem to have it twice. */
export const SAMPLES: readonly string[] = [TSIG_SAMPLE];

/**
 * The text that `dynonym configure default` writes: settings with their defaults, and examples in comments. It has no
 * users, so that nothing can be changed until a user is added.
 */
export const DEFAULT_CONFIGURATION = `# Configuration of dynonym. A key that is left out has the value that is written here.
# It holds password hashes and secrets: nobody but the server should be able to read it.
# Comments, order and spacing stay as they are when a command changes something.

[http]
socket = "127.0.0.1:8053"   # where requests are taken; "[::]:8053" for all addresses, IPv6 and IPv4
workers = 1                 # a key of the original program, without effect
# Who is believed about the address of a client (X-Forwarded-For, Forwarded): your reverse proxies.
trusted_proxies = []        # like ["192.0.2.10", "2001:db8::/64"]

[dns]
socket = "127.0.0.1:53"     # the primary name server that takes updates (RFC 2136)
ttl = 60                    # seconds for which resolvers may keep the records
transport = "tcp"           # "tcp", "udp", or "tls" (then mostly port 853)
zones = []                  # the zones that it serves; when empty, dynonym asks it which zone has a name

# The key that the primary knows us by: "dynonym configure dns --tsig-key-file FILE" writes it.
${TSIG_SAMPLE}

# Another primary, for zones of its own.
# [[dns.servers]]
# zones = ["other.example.net"]
# socket = "192.0.2.53:53"

# Settings of single names. All of them are optional.
# [hosts."nas.example.org"]
# ttl = 300
# follows = "router.example.org"         # gets a new address when the prefix of that name changes
# interface_id = "::1:2:3:4"             # and these are the low bits of it
# offline = false                        # true: its users may remove its addresses

# Users are added by "dynonym configure users add NAME", and may change the names that
# "dynonym configure users auth NAME DOMAIN" gives them. The result looks like this:
# [users.alice]
# pw = "$argon2id$v=19$m=19456,t=2,p=1$…"
# domains = ["home.example.org", "*.lab.example.org"]
`;
