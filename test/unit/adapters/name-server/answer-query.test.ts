import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseMessage } from '../../../../src/adapters/dns-wire/message.ts';
import { answerText, lines, NameServerBench, query } from '../../../support/served/name-server-bench.ts';
import { CHILD_ZONE, EXAMPLE_ZONE } from '../../../support/served/zones.ts';

const bench = new NameServerBench({ 'example.org': EXAMPLE_ZONE, 'child.example.org': CHILD_ZONE });

const SOA = 'authority example.org 60 SOA ns1.example.org. hostmaster.example.org. 1000 3600 600 86400 60';
const DELEGATION = lines(`
  authority sub.example.org 300 NS ns.sub.example.org.
  authority sub.example.org 300 NS ns1.example.org.
  authority sub.example.org 300 NS ns.example.net.
  additional ns.sub.example.org 300 A 192.0.2.54
  additional ns.sub.example.org 300 AAAA 2001:db8::54
  additional ns1.example.org 300 A 192.0.2.53
  additional ns1.example.org 300 AAAA 2001:db8::53`);

/** What is asked, and everything that is said to it. */
const ANSWERS: Readonly<Record<string, readonly [question: string, answer: string][]>> = {
  'an RRset, whole': [
    [
      'www.example.org A',
      `NOERROR aa
       answer www.example.org 60 A 192.0.2.80
       answer www.example.org 60 A 192.0.2.81`,
    ],
    ['www.example.org AAAA', 'NOERROR aa\nanswer www.example.org 300 AAAA 2001:db8::80'],
    [
      '_443._tcp.www.example.org TLSA',
      `NOERROR aa
       answer _443._tcp.www.example.org 300 TLSA 3 1 1 0102030405060708091011121314151617181920212223242526272829303132`,
    ],
    ['example.org CAA', 'NOERROR aa\nanswer example.org 300 CAA 0 issue "ca.example.net"'],
    ['ptr.example.org PTR', 'NOERROR aa\nanswer ptr.example.org 300 PTR www.example.org.'],
  ],
  'a type that nobody knows (RFC 3597)': [
    ['opaque.example.org TYPE65280', 'NOERROR aa\nanswer opaque.example.org 300 TYPE65280 \\# 4 01020304'],
    ['opaque.example.org TYPE65281', `NOERROR aa\n${SOA}`],
  ],
  'the names in the case of the question, and names of the zone in their own': [
    ['wWw.eXample.ORG AAAA', 'NOERROR aa\nanswer wWw.eXample.ORG 300 AAAA 2001:db8::80'],
    ['mixed.case.example.org A', 'NOERROR aa\nanswer mixed.case.example.org 300 A 192.0.2.90'],
  ],
  'addresses of the hosts that NS, MX, SRV and others name': [
    [
      'example.org NS',
      `NOERROR aa
       answer example.org 300 NS ns1.example.org.
       answer example.org 300 NS ns.example.net.
       additional ns1.example.org 300 A 192.0.2.53
       additional ns1.example.org 300 AAAA 2001:db8::53`,
    ],
    [
      'example.org MX',
      `NOERROR aa
       answer example.org 300 MX 10 mail.example.org.
       additional mail.example.org 300 A 192.0.2.25`,
    ],
    [
      '_sip._tcp.example.org SRV',
      `NOERROR aa
       answer _sip._tcp.example.org 300 SRV 0 5 5060 mail.example.org.
       additional mail.example.org 300 A 192.0.2.25`,
    ],
    [
      'kx.example.org KX',
      `NOERROR aa
       answer kx.example.org 300 KX 10 mail.example.org.
       additional mail.example.org 300 A 192.0.2.25`,
    ],
    // From the wildcard; nothing from below a delegation, where others have the last word, nor of another zone.
    [
      'relay.example.org MX',
      `NOERROR aa
       answer relay.example.org 300 MX 10 any.wild.example.org.
       answer relay.example.org 300 MX 20 ns.sub.example.org.
       answer relay.example.org 300 MX 30 www.child.example.org.
       additional any.wild.example.org 300 A 192.0.2.99`,
    ],
  ],
  'of a service what RFC 9460 section 4.1 has its clients ask next': [
    [
      'web.example.org HTTPS',
      `NOERROR aa
       answer web.example.org 300 HTTPS 0 pool.example.org.
       additional pool.example.org 300 A 192.0.2.75
       additional pool.example.org 300 HTTPS 1 . alpn=h2`,
    ],
    [
      'pool.example.org HTTPS',
      `NOERROR aa
       answer pool.example.org 300 HTTPS 1 . alpn=h2
       additional pool.example.org 300 A 192.0.2.75`,
    ],
    [
      'svc.example.org SVCB',
      `NOERROR aa
       answer svc.example.org 300 SVCB 1 pool.example.org. port=8443
       additional pool.example.org 300 A 192.0.2.75`,
    ],
    ['closed.example.org SVCB', 'NOERROR aa\nanswer closed.example.org 300 SVCB 0 .'],
  ],
  'no such name: the SOA, with the lower of its two TTLs (RFC 2308)': [
    ['nothing.example.org A', `NXDOMAIN aa\n${SOA}`],
    ['www.nothing.example.org A', `NXDOMAIN aa\n${SOA}`],
    ['below.www.example.org A', `NXDOMAIN aa\n${SOA}`],
  ],
  'the name without such a type, also where the name has nothing but names below it': [
    ['www.example.org TXT', `NOERROR aa\n${SOA}`],
    ['er.empty.example.org A', `NOERROR aa\n${SOA}`],
    ['empty.example.org A', `NOERROR aa\n${SOA}`],
    ['_tcp.example.org SRV', `NOERROR aa\n${SOA}`],
    ['wild.example.org A', `NOERROR aa\n${SOA}`],
    ['www.example.org SOA', `NOERROR aa\n${SOA}`],
    ['www.example.org TYPE200', `NOERROR aa\n${SOA}`],
  ],
  'a wildcard (RFC 4592)': [
    ['any.wild.example.org A', 'NOERROR aa\nanswer any.wild.example.org 300 A 192.0.2.99'],
    ['aNy.at.all.wild.example.org A', 'NOERROR aa\nanswer aNy.at.all.wild.example.org 300 A 192.0.2.99'],
    ['*.wild.example.org A', 'NOERROR aa\nanswer *.wild.example.org 300 A 192.0.2.99'],
    ['any.wild.example.org AAAA', `NOERROR aa\n${SOA}`],
    ['there.wild.example.org A', `NOERROR aa\n${SOA}`],
    ['below.there.wild.example.org A', `NXDOMAIN aa\n${SOA}`],
    [
      'any.wildcname.example.org AAAA',
      `NOERROR aa
       answer any.wildcname.example.org 300 CNAME www.example.org.
       answer www.example.org 300 AAAA 2001:db8::80`,
    ],
  ],
  'an alias, and what it leads to within the zone': [
    [
      'alias2.example.org AAAA',
      `NOERROR aa
       answer alias2.example.org 300 CNAME alias.example.org.
       answer alias.example.org 300 CNAME www.example.org.
       answer www.example.org 300 AAAA 2001:db8::80`,
    ],
    ['alias2.example.org CNAME', 'NOERROR aa\nanswer alias2.example.org 300 CNAME alias.example.org.'],
    ['outside.example.org A', 'NOERROR aa\nanswer outside.example.org 300 CNAME www.example.net.'],
    [
      'alias.example.org MX',
      `NOERROR aa
       answer alias.example.org 300 CNAME www.example.org.
       ${SOA}`,
    ],
    // RFC 6604 section 3: the RCODE is that of the last name.
    [
      'dangling.example.org A',
      `NXDOMAIN aa
       answer dangling.example.org 300 CNAME nowhere.example.org.
       ${SOA}`,
    ],
    // What may stand beside an alias is asked of the name itself.
    ['alias.example.org NSEC', `NOERROR aa\n${SOA}`],
    [
      'intodeleg.example.org A',
      `NOERROR aa
       answer intodeleg.example.org 300 CNAME host.sub.example.org.
       ${DELEGATION}`,
    ],
  ],
  'an alias into a child zone of this server alone: that zone answers for itself': [
    ['intochild.example.org A', 'NOERROR aa\nanswer intochild.example.org 300 CNAME www.child.example.org.'],
    [
      'intochild.example.org TXT',
      'NOERROR aa\nanswer intochild.example.org 300 CNAME www.child.example.org.',
    ],
  ],
  'a loop of aliases, each once': [
    [
      'loop1.example.org A',
      `NOERROR aa
       answer loop1.example.org 300 CNAME loop2.example.org.
       answer loop2.example.org 300 CNAME loop1.example.org.`,
    ],
    ['self.example.org A', 'NOERROR aa\nanswer self.example.org 300 CNAME self.example.org.'],
  ],
  'a delegation with all its glue, and without authority': [
    ['sub.example.org A', `NOERROR\n${DELEGATION}`],
    ['sub.example.org NS', `NOERROR\n${DELEGATION}`],
    ['ns.sub.example.org A', `NOERROR\n${DELEGATION}`],
    ['any.thing.sub.example.org TXT', `NOERROR\n${DELEGATION}`],
    ['www.bare.example.org A', 'NOERROR\nauthority bare.example.org 300 NS ns.elsewhere.example.net.'],
  ],
  'DS from the upper side of a delegation, also where both sides are served': [
    [
      'signed.example.org DS',
      'NOERROR aa\nanswer signed.example.org 300 DS 12345 13 2 0102030405060708091011121314151617181920212223242526272829303132',
    ],
    ['sub.example.org DS', `NOERROR aa\n${SOA}`],
    ['child.example.org DS', `NXDOMAIN aa\n${SOA}`],
    ['example.org DS', `NOERROR aa\n${SOA}`],
  ],
  'a DNAME, and a CNAME for those who know none (RFC 6672)': [
    [
      'host.old.example.org A',
      `NOERROR aa
       answer old.example.org 300 DNAME new.example.org.
       answer host.old.example.org 300 CNAME host.new.example.org.
       answer host.new.example.org 300 A 192.0.2.71`,
    ],
    ['old.example.org DNAME', 'NOERROR aa\nanswer old.example.org 300 DNAME new.example.org.'],
    ['old.example.org A', `NOERROR aa\n${SOA}`],
    [
      'missing.old.example.org A',
      `NXDOMAIN aa
       answer old.example.org 300 DNAME new.example.org.
       answer missing.old.example.org 300 CNAME missing.new.example.org.
       ${SOA}`,
    ],
    [
      'x.away.example.org A',
      `NOERROR aa
       answer away.example.org 300 DNAME far.example.net.
       answer x.away.example.org 300 CNAME x.far.example.net.`,
    ],
    [
      'host.old.example.org CNAME',
      `NOERROR aa
       answer old.example.org 300 DNAME new.example.org.
       answer host.old.example.org 300 CNAME host.new.example.org.`,
    ],
  ],
  'YXDOMAIN where a DNAME makes a name that is too long': [
    [
      `${'d'.repeat(63)}.long.example.org A`,
      `YXDOMAIN aa
       answer long.example.org 300 DNAME ${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.example.org.`,
    ],
  ],
  'one RRset to ANY (RFC 8482)': [
    ['mail.example.org ANY', 'NOERROR aa\nanswer mail.example.org 300 A 192.0.2.25'],
    ['alias.example.org ANY', 'NOERROR aa\nanswer alias.example.org 300 CNAME www.example.org.'],
    ['empty.example.org ANY', `NOERROR aa\n${SOA}`],
    ['nothing.example.org ANY', `NXDOMAIN aa\n${SOA}`],
    ['sub.example.org ANY', `NOERROR\n${DELEGATION}`],
  ],
  'the closest zone that is served': [
    ['www.child.example.org A', 'NOERROR aa\nanswer www.child.example.org 300 A 192.0.2.82'],
    [
      'nothing.child.example.org A',
      `NXDOMAIN aa
       authority child.example.org 30 SOA ns1.child.example.org. hostmaster.child.example.org. 7 3600 600 86400 30`,
    ],
  ],
  'REFUSED outside of the zones': [
    ['example.net A', 'REFUSED'],
    ['org SOA', 'REFUSED'],
    ['. NS', 'REFUSED'],
    ['notexample.org A', 'REFUSED'],
  ],
  'REFUSED in classes other than IN': [
    ['version.bind TXT CH', 'REFUSED'],
    ['hostname.bind TXT CH', 'REFUSED'],
    ['www.example.org A CH', 'REFUSED'],
    ['www.example.org A ANY', 'REFUSED'],
  ],
  'NOTIMP or FORMERR to types that are none of records': [
    ['www.example.org MAILA', 'NOTIMP'],
    ['www.example.org MAILB', 'NOTIMP'],
    ['www.example.org OPT', 'FORMERR'],
    ['www.example.org TSIG', 'FORMERR'],
    ['www.example.org TKEY', 'FORMERR'],
  ],
};

describe('the answer to a question is', () => {
  for (const [title, cases] of Object.entries(ANSWERS)) {
    it(title, async () => {
      for (const [question, answer] of cases) {
        assert.equal(await bench.ask(question), lines(answer), question);
        // The second time from memory.
        assert.equal(await bench.ask(question), lines(answer), `${question}, again`);
      }
    });
  }

  it('the new one as soon as the zone has changed', async () => {
    const own = new NameServerBench({ 'example.org': EXAMPLE_ZONE });
    const question = 'mail.example.org A';
    assert.equal(await own.ask(question), 'NOERROR aa\nanswer mail.example.org 300 A 192.0.2.25');
    const [zone] = own.store.zones;
    assert.ok(zone);
    const deletion = { name: 'mail.example.org', type: 1, class: 255, ttl: 0, rdata: Buffer.alloc(0) };
    assert.equal(await own.store.update(zone, { prerequisites: [], updates: [deletion] }), 0);
    assert.match(await own.ask(question), /^NXDOMAIN aa\nauthority .* 1001 3600 600 86400 60$/);
  });
});

describe('an answer', () => {
  it('repeats the id, the opcode, RD and the question, and offers no recursion', async () => {
    for (const rd of [true, false]) {
      const request = query('wWw.example.org AAAA', { id: 0xbeef, rd });
      const reply = parseMessage(await bench.send(request, 'udp'));
      assert.equal(reply.id, 0xbeef);
      assert.equal(reply.response, true);
      assert.equal(reply.opcode, 0);
      assert.equal(reply.rd, rd);
      assert.equal(reply.ra, false);
      assert.deepEqual(reply.questions, parseMessage(request).questions);
      assert.equal(
        answerText(reply),
        lines(`NOERROR aa${rd ? ' rd' : ''}
        answer wWw.example.org 300 AAAA 2001:db8::80`),
      );
    }
  });
});
