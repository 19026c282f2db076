import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { addressesFor, readAddresses } from '../../../../../src/adapters/http/dyndns2/addresses.ts';
import { domainName } from '../../../../../src/domain/domain-name.ts';
import { ALICE, BOBHOST, CAM, follower, HOME, NAS, startService, user } from '../service.ts';

const A = '203.0.113.7';
const AAAA = '2001:db8::7';
/** What each name holds before. */
const A_BEFORE = '198.51.100.1';
const AAAA_BEFORE = '2001:db8:ffff::c:d';

type Result = {
  readonly answer: readonly [number, string];
  readonly home: readonly string[];
  readonly nas: readonly string[];
};

/** An update of home (unless the query names others) that comes from 192.0.2.1 or from `source`. */
async function update(query: string, source = '192.0.2.1'): Promise<Result> {
  const { ask, dns } = await startService({
    users: [user('alice', 's3cret', [HOME, CAM, NAS]), user('bob', 'hunter2', [BOBHOST])],
    hosts: [follower(NAS, HOME, undefined)],
    trustedProxies: ['127.0.0.1/32'],
  });
  for (const name of [HOME, NAS]) dns.put(name, A_BEFORE, AAAA_BEFORE);
  const named = query.includes('hostname=') ? query : `hostname=${HOME}&${query}`;
  const { status, body } = await ask(`/nic/update?${named}`, {
    as: ALICE,
    headers: { 'X-Forwarded-For': source },
  });
  return { answer: [status, body], home: dns.addressesOf(HOME), nas: dns.addressesOf(NAS) };
}

describe('dyndns2: the families of a request', () => {
  for (const parameter of ['myip', 'ip', 'myipv4', 'ipv4', 'MYIP', 'MyIPv4']) {
    it(`${parameter} sets the A and leaves the AAAA`, async () => {
      const { answer, home } = await update(`${parameter}=${A}`);
      assert.deepEqual(answer, [200, `good ${A}\n`]);
      assert.deepEqual(home, [A, AAAA_BEFORE]);
    });
  }

  for (const parameter of ['myip', 'ip', 'myipv6', 'myip6', 'ipv6', 'ip6', 'IP6']) {
    it(`${parameter} sets the AAAA and leaves the A`, async () => {
      const { answer, home } = await update(`${parameter}=${AAAA}`);
      assert.deepEqual(answer, [200, `good ${AAAA}\n`]);
      assert.deepEqual(home, [A_BEFORE, AAAA]);
    });
  }

  for (const [query, echo] of [
    [`myip=${A},${AAAA}`, `${A},${AAAA}`],
    [`myip=${AAAA},${A}`, `${AAAA},${A}`],
    [`myip=${AAAA}%2C+${A}`, `${AAAA},${A}`],
    [`myipv6=${AAAA}&myip=${A}`, `${AAAA},${A}`],
    [`ip=${A}&ip6=2001%3adb8%3a%3a7`, `${A},${AAAA}`],
    [`myip=${A}&myip=${AAAA}`, `${A},${AAAA}`],
    [`myip=${A},${A}&ipv4=${A}&ip6=2001:0DB8::0007`, `${A},${AAAA}`],
  ] as const) {
    it(`${query} sets both and repeats them in the sender's order`, async () => {
      const { answer, home } = await update(query);
      assert.deepEqual(answer, [200, `good ${echo}\n`]);
      assert.deepEqual(home, [A, AAAA]);
    });
  }

  for (const query of [
    '',
    'myip=',
    'myip=,&myipv6=',
    'myip=0.0.0.0',
    'myip=::',
    'myip=None',
    'myip=%3Cipaddr%3E&myipv6=%3Cip6addr%3E',
    'myipv6=0:0::0',
    'ipv6=0.0.0.0',
    'ip6lanprefix=',
    'ip6lanprefix=%3Cip6lanprefix%3E',
    'prefix=::/64',
    'prefix=::/0',
  ]) {
    it(`"${query}" means the address that the request came from, and deletes nothing`, async () => {
      const fromIpv4 = await update(query, '192.0.2.1');
      assert.deepEqual(fromIpv4.answer, [200, 'good 192.0.2.1\n']);
      assert.deepEqual(fromIpv4.home, ['192.0.2.1', AAAA_BEFORE]);
      const fromIpv6 = await update(query, '2001:db8::2:1');
      assert.deepEqual(fromIpv6.answer, [200, 'good 2001:db8::2:1\n']);
      assert.deepEqual(fromIpv6.home, [A_BEFORE, '2001:db8::2:1']);
    });
  }

  for (const [mistake, query] of [
    ['a word', 'myip=auto'],
    ['a short address', 'myip=203.0.113'],
    ['leading zeros', 'myip=203.0.113.007'],
    ['a port', `myip=${A}:80`],
    ['brackets', `myip=[${AAAA}]`],
    ['an IPv4-mapped address', 'myip=::ffff:203.0.113.7'],
    ['a zone id', 'myip=fe80::1%25eth0'],
    ['an escape that is none', 'myip=203.0.113.7%2'],
    [
      'two URLs glued together',
      `hostname=${HOME}&myip=${A}%20http://ddns.example.org/nic/update?hostname=${HOME}`,
    ],
    ['IPv6 where IPv4 belongs', `myipv4=${AAAA}`],
    ['IPv4 where IPv6 belongs', `ipv6=${A}`],
    ['an IPv4 prefix', `myip=${A}/32`],
    ['an IPv6 prefix where IPv4 belongs', 'ipv4=2001:db8::/64'],
    ['a prefix with an impossible length', 'myip=2001:db8::/129'],
    ['a prefix of which only the first bit is said', 'ip6lanprefix=8000::/1'],
    ['a prefix that is a provider’s own', 'prefix=2001:db8::/31'],
    ['a prefix that leaves a host less than 64 bits', 'myipv6=2001:db8:1:2:8000::/65'],
    ['an address as a prefix', 'ip6lanprefix=2001:db8:1:2::7/128'],
    ['an address where a prefix belongs', `ip6lanprefix=${AAAA}`],
    ['preserve where a prefix belongs', 'ip6lanprefix=preserve'],
    ['two addresses of one family', 'myip=203.0.113.7,203.0.113.8'],
    ['two parameters that disagree', 'myip=203.0.113.7&ipv4=203.0.113.8'],
    ['two prefixes', 'ip6lanprefix=2001:db8::/64&prefix=2001:db8::/56'],
    ['an address of a family to preserve', `myipv6=preserve&myip=${AAAA}`],
    ['one good family and one bad', `myip=${A}&myipv6=x`],
  ] as const) {
    it(`${mistake} is badagent, and nothing is changed`, async () => {
      const { answer, home, nas } = await update(query);
      assert.deepEqual(answer, [400, 'badagent\n']);
      assert.deepEqual(
        [home, nas],
        [
          [A_BEFORE, AAAA_BEFORE],
          [A_BEFORE, AAAA_BEFORE],
        ],
      );
    });
  }

  for (const ignored of [
    'wildcard=ON',
    'mx=mail.example.org&backmx=YES',
    'system=dyndns',
    'url=x',
    'offline=NO',
    'offline=',
    'x=1',
  ]) {
    it(`${ignored} changes nothing of it`, async () => {
      assert.deepEqual((await update(`myip=${A}&${ignored}`)).home, [A, AAAA_BEFORE]);
    });
  }
});

describe('dyndns2: preserve', () => {
  for (const [query, line, home] of [
    [`myip=${A}&myipv6=preserve`, `good ${A}`, [A, AAAA_BEFORE]],
    [`myip=${A}&myipv6=%3Cpreserve%3E`, `good ${A}`, [A, AAAA_BEFORE]],
    [`myipv4=PRESERVE&myipv6=${AAAA}`, `good ${AAAA}`, [A_BEFORE, AAAA]],
    [`myip=preserve&myipv6=${AAAA}`, `good ${AAAA}`, [A_BEFORE, AAAA]],
    [`myip=preserve,${AAAA}`, `good ${AAAA}`, [A_BEFORE, AAAA]],
    ['myipv6=preserve', 'good 192.0.2.1', ['192.0.2.1', AAAA_BEFORE]],
    ['myipv4=preserve', 'nochg', [A_BEFORE, AAAA_BEFORE]],
    ['myip=preserve', 'nochg', [A_BEFORE, AAAA_BEFORE]],
    ['myip=&myipv4=preserve&myipv6=preserve', 'nochg', [A_BEFORE, AAAA_BEFORE]],
    // How ddclient, which escapes nothing, is told to do it.
    [`hostname=${HOME}&myipv6=preserve&myip=${A}`, `good ${A}`, [A, AAAA_BEFORE]],
  ] as const) {
    it(`${query}: ${line}`, async () => {
      const result = await update(query);
      assert.deepEqual(result.answer, [200, `${line}\n`]);
      assert.deepEqual(result.home, home);
    });
  }
});

describe('dyndns2: prefixes', () => {
  for (const parameter of [
    'ip6lanprefix',
    'ipv6prefix',
    'ip6prefix',
    'prefix',
    'IP6LanPrefix',
    'myip',
    'ip',
    'myipv6',
    'myip6',
    'ipv6',
    'ip6',
  ]) {
    it(`${parameter} moves the followers alone, and the line repeats it without host bits`, async () => {
      const { answer, home, nas } = await update(`${parameter}=2001:db8:1:2::99/64`);
      assert.deepEqual(answer, [200, 'good 2001:db8:1:2::/64\n']);
      assert.deepEqual(home, [A_BEFORE, AAAA_BEFORE]);
      assert.deepEqual(nas, [A_BEFORE, '2001:db8:1:2::c:d']);
    });
  }

  for (const [prefix, nas] of [
    ['2001:db8::/33', '2001:db8:7fff::c:d'],
    ['2001:db8:1::/48', '2001:db8:1::c:d'],
    ['2001:db8:1:ff00::/56', '2001:db8:1:ff00::c:d'],
  ] as const) {
    it(`${prefix} takes the bits behind it from the host`, async () => {
      const result = await update(`prefix=${prefix}`);
      assert.deepEqual(result.answer, [200, `good ${prefix}\n`]);
      assert.deepEqual(result.nas, [A_BEFORE, nas]);
    });
  }

  it('one that is so already: nochg', async () => {
    const { answer } = await update('prefix=2001:db8:ffff::/64');
    assert.deepEqual(answer, [200, 'nochg 2001:db8:ffff::/64\n']);
  });

  it('beside an address it is not repeated', async () => {
    const { answer, home, nas } = await update(`myip=${A}&myipv6=2001:db8:1:2::/64`);
    assert.deepEqual(answer, [200, `good ${A}\n`]);
    assert.deepEqual(home, [A, AAAA_BEFORE]);
    assert.deepEqual(nas, [A_BEFORE, '2001:db8:1:2::c:d']);
  });

  it('in a list beside both addresses', async () => {
    const { answer, home, nas } = await update(`myip=${A},${AAAA},2001:db8:1:2::/64`);
    assert.deepEqual(answer, [200, `good ${A},${AAAA}\n`]);
    assert.deepEqual(home, [A, AAAA]);
    assert.deepEqual(nas, [A_BEFORE, '2001:db8:1:2::c:d']);
  });

  it('a follower that is named itself becomes what is asked for it', async () => {
    const { answer, nas } = await update(`hostname=${HOME},${NAS}&myip=${AAAA}&prefix=2001:db8:1:2::/64`);
    assert.deepEqual(answer, [200, `good ${AAAA}\ngood ${AAAA}\n`]);
    assert.deepEqual(nas, [A_BEFORE, AAAA]);
  });

  it('a plain address moves nobody whose prefix length is not known', async () => {
    assert.deepEqual((await update(`myip=${AAAA}`)).nas, [A_BEFORE, AAAA_BEFORE]);
  });
});

describe('dyndns2: values for single hosts', () => {
  for (const [situation, query, lines, home, nas] of [
    [
      'an address of its own beside that of all',
      `hostname=${HOME},${NAS}&myip=${A}&myipv6:${NAS}=${AAAA}`,
      [`good ${A}`, `good ${A},${AAAA}`],
      [A, AAAA_BEFORE],
      [A, AAAA],
    ],
    [
      'an address of its own before that of all',
      `hostname=${HOME},${NAS}&MYIPV4:${NAS.toUpperCase()}=203.0.113.9&myip=${AAAA},${A}`,
      [`good ${AAAA},${A}`, `good 203.0.113.9,${AAAA}`],
      [A, AAAA],
      ['203.0.113.9', AAAA],
    ],
    [
      'an address of its own alone: the others get that of the request',
      `hostname=${HOME},${NAS}&myipv6:${NAS}=${AAAA}`,
      ['good 192.0.2.1', `good ${AAAA}`],
      ['192.0.2.1', AAAA_BEFORE],
      [A_BEFORE, AAAA],
    ],
    [
      'a prefix for its own AAAA',
      `hostname=${HOME},${NAS}&myip=${A}&myipv6:${NAS}=2001:db8:1:2::/64`,
      [`good ${A}`, `good ${A},2001:db8:1:2::/64`],
      [A, AAAA_BEFORE],
      [A, '2001:db8:1:2::c:d'],
    ],
    [
      'preserve for one host',
      `hostname=${HOME},${NAS}&myip=${A},${AAAA}&myipv6:${NAS}=preserve`,
      [`good ${A},${AAAA}`, `good ${A}`],
      [A, AAAA],
      [A, AAAA_BEFORE],
    ],
    [
      'preserve for one host and an address for nobody',
      `hostname=${HOME},${NAS}&myipv4:${NAS}=preserve`,
      ['good 192.0.2.1', 'nochg'],
      ['192.0.2.1', AAAA_BEFORE],
      [A_BEFORE, AAAA_BEFORE],
    ],
    [
      'junk for one host',
      `hostname=${HOME},${NAS}&myip=${A}&myipv6:${NAS}=`,
      [`good ${A}`, `good ${A}`],
      [A, AAAA_BEFORE],
      [A, AAAA_BEFORE],
    ],
  ] as const) {
    it(situation, async () => {
      const result = await update(query);
      assert.deepEqual(result.answer, [200, lines.map((line) => `${line}\n`).join('')]);
      assert.deepEqual([result.home, result.nas], [home, nas]);
    });
  }

  for (const [situation, query, nas] of [
    ['an address', `myip=${A}&myipv6:${NAS}=2001:db8::9`, [A_BEFORE, '2001:db8::9']],
    ['a prefix', `myip=${A}&myipv6:${NAS}=2001:db8:1:2::/64`, [A_BEFORE, '2001:db8:1:2::c:d']],
    ['nothing but junk', `myip=${A}&myipv6:${NAS}=`, [A_BEFORE, AAAA_BEFORE]],
  ] as const) {
    it(`${situation} for a further name of the user counts for that alone, and gets no line`, async () => {
      const result = await update(query);
      assert.deepEqual(result.answer, [200, `good ${A}\n`]);
      assert.deepEqual([result.home, result.nas], [[A, AAAA_BEFORE], nas]);
    });
  }

  it('a value for a further name leaves the address of the client to the named ones', async () => {
    const { answer, home, nas } = await update(`myipv6:${NAS}=2001:db8::9`);
    assert.deepEqual(answer, [200, 'good 192.0.2.1\n']);
    assert.deepEqual(
      [home, nas],
      [
        ['192.0.2.1', AAAA_BEFORE],
        [A_BEFORE, '2001:db8::9'],
      ],
    );
  });

  it('offline=YES wins over a value for a further name too', async () => {
    const { ask, dns } = await startService({
      users: [user('alice', 's3cret', [HOME, CAM], { offline: true })],
      hosts: [],
    });
    for (const name of [HOME, CAM]) dns.put(name, A);
    await ask(`/nic/update?hostname=${HOME}&offline=YES&myipv6:${CAM}=${AAAA}`, { as: ALICE });
    assert.deepEqual([dns.addressesOf(HOME), dns.addressesOf(CAM)], [[], [A]]);
  });

  it('trouble with a further name stands in the line of a name that fared better', async () => {
    const { ask, dns } = await startService();
    dns.fail('apply', CAM, 'DNS_TIMEOUT');
    const { status, body } = await ask(
      `/nic/update?hostname=${HOME},void.example.org&myip=${A}&myipv6:${CAM}=${AAAA}`,
      { as: ALICE },
    );
    assert.deepEqual([status, body], [503, '911\nnohost\n']);
  });

  it('further names count among the twenty', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `n${index}.example.org`);
    const { ask } = await startService({ users: [user('alice', 's3cret', [...names, CAM])], hosts: [] });
    const target = `/nic/update?hostname=${names.join()}&myip=${A}&myipv6:${CAM}=${AAAA}`;
    assert.equal((await ask(target, { as: ALICE })).body, 'numhost\n');
  });

  it('a prefix for a host without interface id and AAAA is badagent', async () => {
    const { answer } = await update(`hostname=${CAM}&myipv6:${CAM}=2001:db8:1:2::/64`);
    assert.deepEqual(answer, [400, 'badagent\n']);
  });

  for (const [mistake, query] of [
    ['a host of somebody else that is not named', `myip=${A}&myipv6:${BOBHOST}=${AAAA}`],
    ['a host that is nobody’s and not named', `myip=${A}&myipv6:void.example.org=${AAAA}`],
    ['a host that is no name', `myip=${A}&myipv6:=${AAAA}`],
    ['a wrong family', `myipv4:${HOME}=${AAAA}`],
    ['a prefix for IPv4', `myipv4:${HOME}=2001:db8:1:2::/64`],
    ['two addresses', `myipv6:${HOME}=${AAAA},2001:db8::8`],
    ['a prefix that is too long', `myipv6:${HOME}=2001:db8:1:2::7/128`],
    ['a prefix that is too short', `myipv6:${HOME}=2001:db8::/16`],
    ['an address and a prefix', `myipv6:${HOME}=${AAAA},2001:db8:1:2::/64`],
    ['no address', `myipv6:${HOME}=x`],
  ] as const) {
    it(`${mistake} is badagent`, async () => {
      const { answer, home } = await update(query);
      assert.deepEqual(answer, [400, 'badagent\n']);
      assert.deepEqual(home, [A_BEFORE, AAAA_BEFORE]);
    });
  }
});

describe('dyndns2: any list of addresses', () => {
  const name = domainName(HOME);
  const source = { family: 'ipv4', text: '192.0.2.1' } as const;
  const item = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.constantFrom('', ' ', '0.0.0.0', '::', 'none', '<ipaddr>', 'preserve', '<preserve>', A, AAAA),
    fc.tuple(fc.ipV6(), fc.nat(130)).map(([address, length]) => `${address}/${length}`),
    fc.string({ maxLength: 6 }),
  );
  const parameter = fc.constantFrom('myip', 'ip', 'ipv4', 'myipv6', 'ip6', 'prefix', `myipv6:${HOME}`);
  const parameters = fc.array(
    fc.tuple(
      parameter,
      fc.array(item, { maxLength: 3 }).map((items) => items.join(',')),
    ),
    { maxLength: 4 },
  );

  it('is understood without contradiction or refused, and never deletes', () => {
    fc.assert(
      fc.property(parameters, (list) => {
        const said = readAddresses(list);
        if ('reason' in said) return;
        const { ipv4, ipv6, echo } = addressesFor(name, said, source);
        for (const wanted of [ipv4, ipv6]) assert.notEqual(wanted.kind, 'remove');
        // Each value that is set or joined is repeated once; a prefix for others only where there is none.
        const texts = [
          ipv4.kind === 'set' ? ipv4.address.text : undefined,
          ipv6.kind === 'set' ? ipv6.address.text : ipv6.kind === 'prefix' ? ipv6.prefix.text : undefined,
        ].filter((text) => text !== undefined);
        if (texts.length > 0) assert.deepEqual([...echo].sort(), texts.sort());
        else assert.ok(echo.length <= 1);
      }),
    );
  });

  it('means the same with junk between', () => {
    const junk = fc.constantFrom('', '0.0.0.0', '::', 'none', 'NONE', '<ip6addr>', '::/48');
    fc.assert(
      fc.property(parameters, junk, (list, filler) => {
        const filled = list.map(
          ([key, value]) =>
            [key, `${filler.replace('::/48', key === 'ipv4' ? '' : '::/48')},${value},`] as const,
        );
        assert.deepEqual(readAddresses(filled), readAddresses(list));
      }),
    );
  });
});
