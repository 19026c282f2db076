/** A zone with one of everything that an answer can be made of. */
export const EXAMPLE_ZONE = `$ORIGIN example.org.
$TTL 300
@             SOA   ns1 hostmaster 1000 3600 600 86400 60
@             NS    ns1
@             NS    ns.example.net.
@             MX    10 mail
@             TXT   "v=spf1 -all"
ns1           A     192.0.2.53
ns1           AAAA  2001:db8::53
mail          A     192.0.2.25
www       60  A     192.0.2.80
www       60  A     192.0.2.81
www           AAAA  2001:db8::80
Mixed.Case    A     192.0.2.90
alias         CNAME www
alias2        CNAME alias
outside       CNAME www.example.net.
dangling      CNAME nowhere
loop1         CNAME loop2
loop2         CNAME loop1
self          CNAME self
intodeleg     CNAME host.sub
intochild     CNAME www.child
*.wild        A     192.0.2.99
*.wild        TXT   "from the wildcard"
there.wild    TXT   "not from the wildcard"
*.wildcname   CNAME www
deep.er.empty A     192.0.2.70
_sip._tcp     SRV   0 5 5060 mail
@             CAA   0 issue "ca.example.net"
web           HTTPS 0 pool
pool          HTTPS 1 . alpn=h2
pool          A     192.0.2.75
svc           SVCB  1 pool port=8443
closed        SVCB  0 .
relay         MX    10 any.wild
relay         MX    20 ns.sub
relay         MX    30 www.child
kx            KX    10 mail
host          SSHFP 4 2 123456789ABCDEF67890123456789ABCDEF67890123456789ABCDEF123456789
_443._tcp.www TLSA  3 1 1 0102030405060708091011121314151617181920212223242526272829303132
opaque        TYPE65280 \\# 4 01020304
ptr           PTR   www
sub           NS    ns.sub
sub           NS    ns1
sub           NS    ns.example.net.
ns.sub        A     192.0.2.54
ns.sub        AAAA  2001:db8::54
bare          NS    ns.elsewhere.example.net.
signed        NS    ns1
signed        DS    12345 13 2 0102030405060708091011121314151617181920212223242526272829303132
old           DNAME new
host.new      A     192.0.2.71
away          DNAME far.example.net.
long          DNAME ${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}
`;

/** A zone of its own, below the other and on the same server. */
export const CHILD_ZONE = `$ORIGIN child.example.org.
$TTL 300
@    SOA  ns1 hostmaster 7 3600 600 86400 30
@    NS   ns1
ns1  A    192.0.2.55
www  A    192.0.2.82
`;
