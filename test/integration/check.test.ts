import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { describe, it } from 'node:test';
import { wordsOfDomain } from '../../src/adapters/check-words/check-words.ts';
import { Rfc2136PrimaryProbe } from '../../src/adapters/rfc2136/probe/rfc2136-primary-probe.ts';
import type { SecondaryOptions } from '../../src/adapters/rfc2136/probe/secondaries.ts';
import { SystemClock } from '../../src/adapters/system/system-clock.ts';
import { type CheckedDomain, CheckPrimaries } from '../../src/application/check/check-primaries.ts';
import type { Primary } from '../../src/application/manage/settings.ts';
import type { Clock } from '../../src/application/ports/clock.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import { type ServerSocket, socketText } from '../../src/domain/socket-address.ts';
import { MemoryHostStore } from '../fakes/memory-host-store.ts';
import { MemoryUserStore } from '../fakes/memory-user-store.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { settingsWith, userNamed } from '../support/fixtures.ts';
import { freePort } from '../support/free-port.ts';
import { BIND } from '../support/name-servers/bind.ts';
import {
  describeWithServers,
  PRIMARIES,
  type ServerKind,
} from '../support/name-servers/describe-with-servers.ts';
import { KEYS } from '../support/name-servers/keys.ts';
import { KNOT } from '../support/name-servers/knot.ts';
import { NameServer } from '../support/name-servers/name-server.ts';
import { POWERDNS, powerDnsWithPolicy } from '../support/name-servers/powerdns.ts';
import { startUnbound } from '../support/name-servers/unbound.ts';
import { CHILD_ZONE, DYN_ZONE, POLICY_ZONE } from '../support/name-servers/zones.ts';

type Check = Partial<Primary> & {
  readonly socket: ServerSocket;
  readonly domain: string;
  readonly clock?: Clock;
  readonly secondaries?: SecondaryOptions;
  /** The operator lets alice get certificates. */
  readonly certificates?: boolean;
};

/** The rows of one check in which alice was granted one name: those of the zones, then that of the name. */
async function check({
  domain,
  clock = new SystemClock(),
  secondaries,
  certificates,
  ...primary
}: Check): Promise<readonly CheckedDomain[]> {
  const settings = settingsWith({ dns: primary });
  const probe = new Rfc2136PrimaryProbe(clock, secondaries);
  try {
    const users = new MemoryUserStore([userNamed('alice', [domain], { certificates })]);
    return await new CheckPrimaries(settings, users, new MemoryHostStore(), probe).run({
      secondaries: secondaries !== undefined,
    });
  } finally {
    probe.close();
  }
}

/** What is found about the name. */
async function findings(what: Check) {
  const rows = await check(what);
  const last = rows.at(-1);
  assert.equal(last?.domain, domainName(what.domain));
  return last.findings.map((one) => ({ ...one, ...wordsOfDomain(last.domain, one) }));
}

/** The only finding about the name. */
async function finding(what: Check) {
  const found = await findings(what);
  const [first] = found;
  assert.equal(found.length, 1, JSON.stringify(found));
  assert.ok(first);
  return first;
}

/**
 * The same server under a host name. The name servers of the zones have its address: only where the address is not
 * configured are they asked as secondaries.
 */
const byHost = ({ port }: ServerSocket): ServerSocket => ({ host: 'localhost', port });

/** A clock that is wrong by so many seconds. */
function clockOff(seconds: number): Clock {
  const clock = new SystemClock();
  return {
    now: () => clock.now() + seconds * 1000,
    monotonic: () => clock.monotonic(),
    soon: (action) => clock.soon(action),
    schedule: (milliseconds, action) => clock.schedule(milliseconds, action),
  };
}

/** What to type, in the language of the server. */
const CURES: Readonly<Record<ServerKind, RegExp>> = {
  bind: /^compare the name with the "key" lines of named\.conf; correct it here \(dynonym configure dns --tsig-key-file FILE\), or add there: key "nobody-key" \{ algorithm hmac-sha256; secret "SECRET"; \};.* rndc reconfig$/,
  knot: /^compare the name .* of knot\.conf; correct it here .* or add there: id: nobody-key, algorithm: hmac-sha256.* acl of dyn\.example\.test .* knotc reload$/,
  powerdns:
    /^compare the name .* list-tsig-keys .* correct it here .* pdnsutil import-tsig-key nobody-key hmac-sha256 SECRET; pdnsutil add-meta dyn\.example\.test .*the secret; .*clock/,
  nsd: /never/,
};

const home = `home.${DYN_ZONE}`;
const unknownKey = { ...KEYS.sha256, name: domainName('nobody-key') };
const wrongSecret = { ...KEYS.sha256, secret: Buffer.alloc(32, 7) };

describeWithServers(PRIMARIES, (server, kind) => {
  const sane = () => ({ socket: server().socket, tsig: KEYS.sha256, zones: [DYN_ZONE], domain: home });
  const serials = () => Promise.all(server().zones.map((zone) => server().serial(zone)));

  /** A test in which the server must be left as it was. */
  function asks(title: string, test: () => Promise<void>): void {
    it(title, async () => {
      const before = await serials();
      await test();
      assert.deepEqual(await serials(), before, 'the check has changed something');
    });
  }

  asks('nothing is wrong: nothing is found', async () => {
    for (const domain of [
      home,
      `www.${DYN_ZONE}`,
      `*.wild.${DYN_ZONE}`,
      `x.wild.${DYN_ZONE}`,
      `txt.${DYN_ZONE}`,
    ]) {
      for (const transport of ['tcp', 'udp'] as const) {
        const rows = await check({ ...sane(), domain, transport });
        assert.deepEqual(
          rows.map((row) => [row.kind, row.domain, row.zone, row.findings]),
          [
            ['zone', DYN_ZONE, DYN_ZONE, []],
            ['name', domain, DYN_ZONE, []],
          ],
        );
      }
    }
  });

  asks('the primary is named by its host: it is looked up', async () => {
    const socket = { host: 'localhost', port: server().socket.port };
    for (const transport of ['tcp', 'udp'] as const) {
      assert.deepEqual(await findings({ ...sane(), socket, transport }), []);
    }
    const { cause, problem } = await finding({
      ...sane(),
      socket: { ...socket, host: 'no-such-host.invalid' },
    });
    assert.equal(cause.code, 'unreachable');
    assert.match(problem, /no-such-host\.invalid:\d+ takes no connection \(getaddrinfo/);
  });

  asks('a name server of the zone is silent: a warning that names it', async () => {
    const socket = byHost(server().socket);
    const secondaries = { port: await freePort(), grace: 0 };
    const [zone] = await check({ ...sane(), socket, secondaries });
    assert.deepEqual(
      zone?.findings.map(({ cause, severity }) => [cause, severity]),
      ['ns1', 'ns2'].map((host) => [
        { code: 'secondary-silent', secondary: `${host}.${DYN_ZONE}` },
        'warning',
      ]),
    );
  });

  it('a name server of the zone has no address: a warning that names it', async () => {
    // The server knows that there is none: the host lies in another of its zones.
    const secondary = domainName(`no-such-host.${POLICY_ZONE}`);
    const [zone, name] = [DYN_ZONE, `${secondary}.`];
    assert.equal(await server().nsupdate(`update add ${zone} 300 NS ${name}`), 'NOERROR');
    try {
      const secondaries = { port: await freePort(), grace: 0 };
      const [row] = await check({ ...sane(), secondaries });
      assert.deepEqual(
        row?.findings.map(({ cause, severity }) => [cause, severity]),
        [[{ code: 'secondary-unknown', secondary }, 'warning']],
      );
    } finally {
      assert.equal(await server().nsupdate(`update delete ${zone} NS ${name}`), 'NOERROR');
    }
  });

  asks(
    'a name server of the zone has the address of the primary: it is not asked as a secondary',
    async () => {
      const secondaries = { port: await freePort(), grace: 0 };
      const [zone] = await check({ ...sane(), secondaries });
      assert.deepEqual(zone?.findings, []);
      const socket = { ...server().socket, port: await freePort() };
      const twoAddresses = { ...sane(), socket, fallbackSockets: [server().socket] };
      const [row] = await check({ ...twoAddresses, secondaries });
      assert.deepEqual(
        row?.findings.map(({ cause }) => cause.code),
        ['unreachable'],
      );
    },
  );

  asks('no zones are configured: the zone is found', async () => {
    const [row] = await check({ ...sane(), zones: [], domain: `a.b.${CHILD_ZONE}` });
    assert.deepEqual([row?.zone, row?.findings], [CHILD_ZONE, []]);
  });

  asks('every algorithm: nothing is found', async () => {
    for (const tsig of [KEYS.md5, KEYS.sha1, KEYS.sha224, KEYS.sha384, KEYS.sha512]) {
      assert.deepEqual(await findings({ ...sane(), tsig }), []);
    }
  });

  asks('the port is closed: unreachable', async () => {
    const socket = { ...server().socket, port: await freePort() };
    const { cause, problem } = await finding({ ...sane(), socket });
    assert.equal(cause.code, 'unreachable');
    assert.match(problem, /ECONNREFUSED/);
  });

  asks('one of several addresses is closed: a warning that names it, and updates work', async () => {
    const closed = { ...server().socket, port: await freePort() };
    for (const sockets of [
      { socket: closed, fallbackSockets: [server().socket] },
      { socket: server().socket, fallbackSockets: [closed] },
    ]) {
      const { cause, severity, problem } = await finding({ ...sane(), ...sockets });
      assert.deepEqual([cause, severity], [{ code: 'unreachable' }, 'warning']);
      assert.ok(problem.includes(socketText(closed)), problem);
      const found = await findings({ ...sane(), ...sockets, tsig: unknownKey });
      assert.deepEqual(
        found.map((one) => one.severity),
        ['problem', 'warning'],
      );
    }
  });

  asks('all of several addresses are closed: unreachable', async () => {
    const socket = { ...server().socket, port: await freePort() };
    const fallbackSockets = [{ ...server().socket, port: await freePort() }];
    const { cause, severity } = await finding({ ...sane(), socket, fallbackSockets });
    assert.deepEqual([cause, severity], [{ code: 'unreachable' }, 'problem']);
  });

  asks(
    'one of several addresses is that of another server: a problem, for updates may go there',
    async () => {
      const resolver = await startUnbound({ socket: server().socket, zones: [DYN_ZONE] });
      try {
        const { cause, severity } = await finding({ ...sane(), fallbackSockets: [resolver.socket] });
        assert.deepEqual([cause, severity], [{ code: 'resolver' }, 'problem']);
      } finally {
        await resolver.stop();
      }
    },
  );

  asks('TLS is configured, and the port is not one for TLS: unreachable, and TLS is named', async () => {
    const { cause, problem } = await finding({ ...sane(), transport: 'tls' });
    assert.equal(cause.code, 'unreachable');
    assert.match(problem, /TLS/);
  });

  asks('the server is frozen: no answer', async () => {
    await server().pause();
    try {
      assert.equal((await finding(sane())).cause.code, 'no-answer');
    } finally {
      server().resume();
    }
  });

  asks('the zone is not served: not authoritative', async () => {
    const where = { zones: [domainName('example.org')], domain: 'home.example.org' };
    const configured = await finding({ ...sane(), ...where });
    assert.deepEqual(configured.cause, { code: 'not-authoritative' });
    assert.match(
      configured.cure,
      /^correct the zone \(dynonym configure dns --zone ZONE.* \(--socket HOST:PORT\); /,
    );
    const searched = await finding({ ...sane(), ...where, zones: [] });
    assert.deepEqual(searched.cause, { code: 'not-authoritative' });
    assert.match(searched.cure, /^correct the granted name, or correct the socket \(/);
  });

  asks('the configured zone is no zone there: it lies in another', async () => {
    const { cause } = await finding({
      ...sane(),
      zones: [domainName(`lab.${DYN_ZONE}`)],
      domain: `x.lab.${DYN_ZONE}`,
    });
    assert.deepEqual(cause, { code: 'wrong-zone', actual: DYN_ZONE });
  });

  asks('the name is outside of every configured zone: no zone', async () => {
    assert.deepEqual((await finding({ ...sane(), domain: 'home.example.org' })).cause, {
      code: 'no-zone',
      servedHere: false,
    });
  });

  asks('a resolver in place of the primary: resolver', async () => {
    const resolver = await startUnbound({ socket: server().socket, zones: [DYN_ZONE] });
    try {
      assert.equal((await finding({ ...sane(), socket: resolver.socket })).cause.code, 'resolver');
    } finally {
      await resolver.stop();
    }
  });

  asks('the key is unknown: that is said', async () => {
    const { cause, problem, cure } = await finding({ ...sane(), tsig: unknownKey });
    assert.equal(cause.code, kind === 'powerdns' ? 'key-secret-or-clock' : 'key-unknown');
    assert.match(problem, /does not know.* key "nobody-key"|signed with the key "nobody-key"/);
    assert.match(cure, CURES[kind]);
  });

  asks('the secret is wrong: that is said', async () => {
    const { cause } = await finding({ ...sane(), tsig: wrongSecret });
    assert.equal(cause.code, kind === 'powerdns' ? 'key-secret-or-clock' : 'secret-wrong');
  });

  asks('the algorithm differs: that of the server is named', async () => {
    const { cause } = await finding({ ...sane(), tsig: { ...KEYS.sha256, algorithm: 'hmac-sha512' } });
    assert.deepEqual(cause, { code: 'algorithm-not-allowed', accepted: 'hmac-sha256' });
  });

  for (const off of [3_600, -3_600, 50_000]) {
    asks(`our clock is off by ${off} seconds: clocks apart, and by how much`, async () => {
      const { cause, severity } = await finding({ ...sane(), clock: clockOff(off) });
      assert.ok(cause.code === 'clocks-apart');
      assert.ok(Math.abs(cause.seconds + off) <= 60, `${cause.seconds}`);
      // PowerDNS does not tell its time, so that dynonym cannot sign by it.
      assert.equal(severity, kind === 'powerdns' ? 'problem' : 'warning');
    });
  }

  asks('our clock is off by a week: clocks apart', async () => {
    const { cause, problem, severity } = await finding({ ...sane(), clock: clockOff(7 * 86_400) });
    assert.equal(cause.code, kind === 'powerdns' ? 'key-secret-or-clock' : 'clocks-apart');
    assert.match(problem, /clock/);
    assert.equal(severity, 'problem');
  });

  asks('the clock is off and the name is forbidden: both are found', async () => {
    const what = {
      zones: [POLICY_ZONE],
      domain: `host3.${POLICY_ZONE}`,
      tsig: KEYS.limited,
      clock: clockOff(3_600),
    };
    const found = await findings({ ...sane(), ...what });
    const expected = kind === 'powerdns' ? ['clocks-apart'] : ['policy-forbids', 'clocks-apart'];
    assert.deepEqual(
      found.map(({ cause }) => cause.code),
      expected,
    );
  });

  asks('no key is configured where one is demanded: a key is needed', async () => {
    assert.equal((await finding({ ...sane(), tsig: undefined })).cause.code, 'key-needed');
    const { cause } = await finding({
      ...sane(),
      tsig: undefined,
      zones: [POLICY_ZONE],
      domain: `host1.${POLICY_ZONE}`,
    });
    assert.equal(cause.code, 'key-needed');
  });

  asks('the key is known and may change nothing: updates are refused', async () => {
    const { cause, problem } = await finding({ ...sane(), tsig: KEYS.powerless });
    // Knot answers BADKEY to both.
    assert.equal(cause.code, kind === 'knot' ? 'key-unknown' : 'refuses-updates');
    if (kind === 'knot') assert.match(problem, /or no ACL of dyn.example.test names it/);
  });

  if (kind === 'knot') {
    asks('the key is good for another of the zones: it is the ACL that is missing', async () => {
      const zones = [DYN_ZONE, POLICY_ZONE];
      const { cause, cure } = await finding({ ...sane(), tsig: KEYS.limited, zones, domain: home });
      assert.deepEqual(cause, { code: 'refuses-updates' });
      assert.match(cure, /^add to dyn\.example\.test in knot\.conf an acl with key: /);
    });
  }

  asks('the policy forbids the name: that is said of both types', async () => {
    const name = domainName(`host3.${POLICY_ZONE}`);
    const { cause } = await finding({ ...sane(), tsig: KEYS.limited, zones: [POLICY_ZONE], domain: name });
    assert.deepEqual(
      cause,
      kind === 'powerdns'
        ? { code: 'refuses-updates' }
        : { code: 'policy-forbids', name, types: ['A', 'AAAA'] },
    );
  });

  if (kind !== 'powerdns') {
    asks('the policy forbids a type: the type is named', async () => {
      const name = domainName(`only4.${POLICY_ZONE}`);
      const { cause } = await finding({ ...sane(), tsig: KEYS.limited, zones: [POLICY_ZONE], domain: name });
      assert.deepEqual(cause, { code: 'policy-forbids', name, types: ['AAAA'] });
    });
  }

  asks('the challenge of a name can be written: nothing is found', async () => {
    assert.deepEqual(await findings({ ...sane(), certificates: true }), []);
  });

  if (kind !== 'powerdns') {
    asks(
      'the policy allows the addresses and forbids the challenge: that is a warning, with the line to add',
      async () => {
        const name = domainName(`_acme-challenge.host1.${POLICY_ZONE}`);
        const domain = `host1.${POLICY_ZONE}`;
        const what = { ...sane(), tsig: KEYS.limited, zones: [POLICY_ZONE], domain, certificates: true };
        const { cause, severity, cure } = await finding(what);
        assert.deepEqual([cause, severity], [{ code: 'policy-forbids', name, types: ['TXT'] }, 'warning']);
        if (kind === 'bind')
          assert.ok(cure.includes(`grant "${KEYS.limited.name}" name ${name}. TXT;`), cure);
        else
          assert.ok(
            cure.includes(
              `update-type: [TXT], update-owner: name, update-owner-match: equal, update-owner-name: [${name}.]`,
            ),
            cure,
          );
      },
    );
  }

  asks('the policy allows name and type: nothing is found', async () => {
    if (kind === 'powerdns') return;
    assert.deepEqual(
      await findings({ ...sane(), tsig: KEYS.limited, zones: [POLICY_ZONE], domain: `host1.${POLICY_ZONE}` }),
      [],
    );
  });

  asks('the name is an alias: that is said', async () => {
    const { cause } = await finding({ ...sane(), domain: `alias.${DYN_ZONE}` });
    assert.deepEqual(cause, { code: 'alias', at: `alias.${DYN_ZONE}`, type: 'CNAME', to: `www.${DYN_ZONE}` });
  });

  asks('the name is delegated elsewhere: to where', async () => {
    const { cause, problem } = await finding({ ...sane(), domain: `x.deleg.${DYN_ZONE}` });
    assert.deepEqual(cause, { code: 'delegated-elsewhere', to: `deleg.${DYN_ZONE}` });
    assert.match(problem, /ns1\.deleg/);
  });

  asks('the name lies in a zone further down on the same server: in which', async () => {
    const { cause } = await finding({ ...sane(), domain: `x.${CHILD_ZONE}` });
    assert.deepEqual(cause, { code: 'delegated-elsewhere', to: CHILD_ZONE });
  });
});

describeWithTools('powerdns with a policy in Lua', POWERDNS.tools, () => {
  /** What is found of the name that has an address, and of the one that has none; nothing may be changed. */
  async function found(script: string) {
    const server = await NameServer.start(powerDnsWithPolicy(script));
    try {
      const before = await server.serial(DYN_ZONE);
      const what = { socket: server.socket, tsig: KEYS.sha256, zones: [DYN_ZONE] };
      const names = [`www.${DYN_ZONE}`, home, `x.wild.${DYN_ZONE}`];
      const all = await Promise.all(names.map((domain) => findings({ ...what, domain })));
      assert.equal(await server.serial(DYN_ZONE), before, 'the check has changed something');
      assert.deepEqual((await server.query(DYN_ZONE, 'CNAME')).answers, []);
      return all.map((some) => some.map(({ cause, severity }) => [cause.code, severity]));
    } finally {
      await server.stop();
    }
  }
  const MAY_BE = [['updates-may-be-dropped', 'warning']];

  it('that drops everything and says NOERROR is found', async () => {
    assert.deepEqual(await found('function updatepolicy(input) return false end'), [MAY_BE, MAY_BE, MAY_BE]);
  });

  it('that lets everything pass is nothing to be warned of', async () => {
    assert.deepEqual(await found('function updatepolicy(input) return true end'), [[], [], []]);
  });

  it('that lets one name pass is known to do so where the name has an address', async () => {
    const script = `function updatepolicy(input) return input:getQName():toString() == "www.${DYN_ZONE}." end`;
    assert.deepEqual(await found(script), [[], MAY_BE, MAY_BE]);
  });
});

describe('a service that is no name server in place of the primary', () => {
  const wrong = (port: number) => ({
    socket: { address: { family: 'ipv4', text: '127.0.0.1' }, port } as const,
    tsig: KEYS.sha256,
    domain: home,
    zones: [DYN_ZONE],
  });

  it('is said not to speak DNS where it speaks HTTP', async () => {
    await listening(createHttpServer(), async (port) => {
      assert.equal((await finding(wrong(port))).cause.code, 'not-dns');
    });
  });

  it('is said not to answer where it says something and waits', async () => {
    const greeting = createTcpServer((connection) => {
      connection.on('error', () => {});
      connection.write('SSH-2.0-OpenSSH_9.2\r\n');
    });
    await listening(greeting, async (port) => {
      assert.equal((await finding(wrong(port))).cause.code, 'no-answer');
    });
  });

  it('is said not to speak DNS where it closes every connection', async () => {
    const closing = createTcpServer((connection) => {
      connection.on('error', () => {});
      connection.end();
    });
    await listening(closing, async (port) => {
      assert.equal((await finding(wrong(port))).cause.code, 'not-dns');
    });
  });
});

describeWithServers(['nsd'], (server) => {
  it('is said to take no updates, and not that it does not know the key', async () => {
    const what = { socket: server().socket, tsig: KEYS.sha256, zones: [DYN_ZONE], domain: home };
    assert.equal((await finding(what)).cause.code, 'takes-no-updates');
    assert.equal((await finding({ ...what, tsig: undefined })).cause.code, 'takes-no-updates');
  });

  for (const [kind, recipe] of Object.entries({ BIND, Knot: KNOT, PowerDNS: POWERDNS })) {
    it(`is said to lag behind where it is a secondary and its primary, ${kind}, went on`, async () => {
      const primary = await NameServer.start(recipe);
      try {
        const options = { secondaries: { port: server().socket.port, grace: 0 } };
        const socket = byHost(primary.socket);
        const what = { socket, tsig: KEYS.sha256, zones: [DYN_ZONE], domain: home };
        const [before] = await check({ ...what, ...options });
        assert.deepEqual(before?.findings, []);
        assert.equal(await primary.nsupdate(`update add new.${DYN_ZONE} 60 A 192.0.2.1`), 'NOERROR');
        const [after] = await check({ ...what, ...options });
        assert.deepEqual(
          after?.findings.map(({ cause, severity }) => [cause, severity]),
          ['ns1', 'ns2'].map((host) => [
            { code: 'secondary-lags', secondary: `${host}.${DYN_ZONE}` },
            'warning',
          ]),
        );
      } finally {
        await primary.stop();
      }
    });
  }
});

describeWithServers(
  PRIMARIES,
  (server, kind) => {
    const open = () => ({ socket: server().socket, zones: [DYN_ZONE], domain: home });

    it(`nothing is found where ${kind} takes unsigned updates and no key is configured`, async () => {
      assert.deepEqual(await findings({ ...open(), tsig: undefined }), []);
    });

    it(`nothing is found where ${kind} listens on IPv6`, async () => {
      assert.equal(server().socket.address.family, 'ipv6');
      assert.deepEqual(await findings({ ...open(), tsig: undefined, transport: 'udp' }), []);
    });
  },
  { updateKeys: [], address: '::1' },
);

async function listening(server: Server, test: (port: number) => Promise<void>): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await test((server.address() as AddressInfo).port);
  } finally {
    server.close();
    await once(server, 'close');
  }
}
