import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Deadline } from '../../../../src/application/ports/clock.ts';
import { NameTurns } from '../../../../src/application/turns/name-turns.ts';
import { BatchingDnsUpdater } from '../../../../src/application/update/batching-dns-updater.ts';
import type { HostOutcome } from '../../../../src/application/update/host-outcome.ts';
import { ReconcileRecords } from '../../../../src/application/update/reconcile-records.ts';
import { UpdateRecord } from '../../../../src/application/update/update-record.ts';
import type { UpdateRequest } from '../../../../src/application/update/update-request.ts';
import type { HostUpdate, WantedAddress } from '../../../../src/application/update/wanted-names.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import type { Parsed } from '../../../../src/domain/errors.ts';
import type { HostSettings } from '../../../../src/domain/host-settings.ts';
import { type IpAddress, parseIpv4, parseIpv6 } from '../../../../src/domain/ip-address.ts';
import { parseIpv6Prefix } from '../../../../src/domain/ipv6-prefix.ts';
import type { Principal } from '../../../../src/domain/principal.ts';
import { ttl } from '../../../../src/domain/ttl.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { MemoryDnsUpdater } from '../../../fakes/memory-dns-updater.ts';
import { MemoryHostStore } from '../../../fakes/memory-host-store.ts';
import { MemoryUserStore } from '../../../fakes/memory-user-store.ts';
import { RecordingEvents } from '../../../fakes/recording-events.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';
import { noEvents } from '../../../support/events.ts';
import { userNamed } from '../../../support/fixtures.ts';
import { valueIn } from '../../../support/parsed.ts';

const HOME = 'home.example.org';
const CAM = 'cam.example.org';
const NAS = 'nas.example.org';
const WILDCARD = '*.w.example.org';

type WrittenHost = Partial<Omit<HostSettings, 'name' | 'follows' | 'interfaceId'>> & {
  readonly follows?: string;
  readonly interfaceId?: string;
};

function host(name: string, { follows, interfaceId, ...rest }: WrittenHost): HostSettings {
  return {
    ttl: undefined,
    offline: false,
    prefixLength: undefined,
    ...rest,
    name: domainName(name),
    follows: follows === undefined ? undefined : domainName(follows),
    interfaceId: interfaceId === undefined ? undefined : valueIn(parseIpv6(interfaceId)),
  };
}

/** Alice may change home, cam, her wildcard and a name of another zone; bob his own. Nobody owns nas. */
function setUp(...hosts: readonly HostSettings[]) {
  const dns = new MemoryDnsUpdater('example.org', 'example.net');
  const clock = new ManualClock();
  const logger = new RecordingLogger();
  const events = new RecordingEvents();
  const alice = userNamed('alice', [HOME, CAM, WILDCARD, 'home.example.net']);
  const users = new MemoryUserStore([alice, userNamed('bob', ['bob.example.org'])]);
  const updateRecord = new UpdateRecord(
    users,
    new MemoryHostStore(hosts),
    new ReconcileRecords(new BatchingDnsUpdater(dns, clock), clock, new NameTurns(), events),
    clock,
    { ttl: ttl(60), logger, events },
  );
  const principal: Principal = {
    user: alice.name,
    domains: new Set(alice.domains),
    offline: false,
    token: undefined,
  };
  /** Alice's request, and its outcomes in short. */
  const update = async (
    hosts: readonly HostUpdate[],
    also: { prefix?: string; as?: Partial<Principal>; from?: UpdateRequest['from'] } = {},
  ) => {
    const followersPrefix = also.prefix === undefined ? undefined : prefix(also.prefix);
    const outcomes = await updateRecord.execute({
      principal: { ...principal, ...also.as },
      from: also.from,
      hosts: hosts.map((one) => ({ followersPrefix, ...one })),
    });
    return outcomes.map(inShort);
  };
  return { dns, clock, logger, events, update };
}

const prefix = (text: string) => valueIn(parseIpv6Prefix(text));

/** What is asked for one name: addresses, `remove`, a prefix for itself (`…/64`), or nothing of a family. */
function report(
  name: string,
  { ipv4, ipv6 }: { readonly ipv4?: string; readonly ipv6?: string } = {},
): HostUpdate {
  return {
    name: domainName(name),
    ipv4: wantedAddress(ipv4, parseIpv4),
    ipv6: ipv6?.includes('/') ? { kind: 'prefix', prefix: prefix(ipv6) } : wantedAddress(ipv6, parseIpv6),
  };
}

function wantedAddress<Address extends IpAddress>(
  text: string | undefined,
  parse: (text: string) => Parsed<Address>,
): WantedAddress<Address> {
  if (text === undefined) return { kind: 'keep' };
  return text === 'remove' ? { kind: 'remove' } : { kind: 'set', address: valueIn(parse(text)) };
}

/** `changed 192.0.2.1`, `failed DNS_TIMEOUT`, `not-yours`, … */
function inShort(outcome: HostOutcome): string {
  if (outcome.kind === 'failed') return `failed ${outcome.fault.code}`;
  if ('addresses' in outcome) return [outcome.kind, ...outcome.addresses.map(({ text }) => text)].join(' ');
  return outcome.kind;
}

/** The names that each call of `apply` changed. */
const calls = (dns: MemoryDnsUpdater) =>
  dns.applied.map(({ changes }) => changes.map(({ name }) => name).sort());

describe('a request', () => {
  it('gives the DNS nine and a half seconds, so that its client has the answer within ten', async () => {
    const clock = new ManualClock();
    await clock.advance(1_000);
    const deadlines: Deadline[] = [];
    const reconcile: Pick<ReconcileRecords, 'execute'> = {
      execute: async (_wanted, deadline) => {
        deadlines.push(deadline);
        return [];
      },
    };
    const settings = { ttl: ttl(60), logger: new RecordingLogger(), events: noEvents };
    const { name } = userNamed('alice');
    await new UpdateRecord(new MemoryUserStore(), new MemoryHostStore(), reconcile, clock, settings).execute({
      principal: { user: name, domains: new Set(), offline: false, token: undefined },
      hosts: [],
    });
    assert.deepEqual(deadlines, [10_500]);
  });
});

describe('the right to a name', () => {
  it('lets its owner set the addresses', async () => {
    const { dns, update } = setUp();
    assert.deepEqual(await update([report(HOME, { ipv4: '192.0.2.1' })]), ['changed 192.0.2.1']);
    assert.deepEqual(dns.addressesOf(HOME), ['192.0.2.1']);
  });

  it('is missing where the name is somebody else’s, or nobody’s', async () => {
    const { dns, update } = setUp();
    const asked = { ipv4: '192.0.2.1' };
    assert.deepEqual(await update([report('bob.example.org', asked), report('ghost.example.org', asked)]), [
      'not-yours',
      'unknown-name',
    ]);
    assert.deepEqual(dns.applied, []);
    assert.equal(dns.lookUps.size, 0, 'the DNS is not even asked');
  });

  it('to a wildcard is the right to that name, not to those that it matches', async () => {
    const { dns, update } = setUp();
    const asked = { ipv4: '192.0.2.1' };
    assert.deepEqual(await update([report(WILDCARD, asked), report('x.w.example.org', asked)]), [
      'changed 192.0.2.1',
      'unknown-name',
    ]);
    assert.deepEqual(dns.addressesOf(WILDCARD), ['192.0.2.1']);
    assert.deepEqual(dns.addressesOf('x.w.example.org'), []);
  });

  it('to a name is no right to what is above or below it', async () => {
    const { update } = setUp();
    const asked = { ipv4: '192.0.2.1' };
    assert.deepEqual(await update([report('example.org', asked), report(`x.${HOME}`, asked)]), [
      'unknown-name',
      'unknown-name',
    ]);
  });

  it('of a token ends where the token is limited, though the user may do more', async () => {
    const { dns, update } = setUp();
    const as = { domains: new Set([domainName(CAM)]), token: 'camera' };
    const asked = { ipv4: '192.0.2.1' };
    assert.deepEqual(await update([report(HOME, asked), report(CAM, asked)], { as }), [
      'not-yours',
      'changed 192.0.2.1',
    ]);
    assert.deepEqual(dns.addressesOf(HOME), []);
  });

  it('that is missing for one name leaves the others of the request as they are asked for', async () => {
    const { dns, update } = setUp();
    const asked = { ipv4: '192.0.2.1' };
    const names = [HOME, 'bob.example.org', CAM];
    assert.deepEqual(await update(names.map((name) => report(name, asked))), [
      'changed 192.0.2.1',
      'not-yours',
      'changed 192.0.2.1',
    ]);
    assert.deepEqual(calls(dns), [[CAM, HOME]]);
  });
});

describe('an update', () => {
  it('of one family keeps the other', async () => {
    const { dns, update } = setUp();
    dns.put(HOME, '192.0.2.1', '2001:db8::1');
    assert.deepEqual(await update([report(HOME, { ipv6: '2001:db8::2' })]), ['changed 2001:db8::2']);
    assert.deepEqual(dns.addressesOf(HOME), ['192.0.2.1', '2001:db8::2']);
  });

  it('of both families travels in one call', async () => {
    const { dns, update } = setUp();
    assert.deepEqual(await update([report(HOME, { ipv4: '192.0.2.1', ipv6: '2001:db8::1' })]), [
      'changed 192.0.2.1 2001:db8::1',
    ]);
    assert.deepEqual(calls(dns), [[HOME]]);
    assert.deepEqual(dns.addressesOf(HOME), ['192.0.2.1', '2001:db8::1']);
  });

  it('that asks for what is there is unchanged, and sends nothing', async () => {
    const { dns, update } = setUp();
    const asked = [report(HOME, { ipv4: '192.0.2.1', ipv6: '2001:db8::1' })];
    await update(asked);
    assert.deepEqual(await update(asked), ['unchanged 192.0.2.1 2001:db8::1']);
    assert.equal(dns.applied.length, 1);
  });

  it('that asks for nothing is unchanged, and does not ask the DNS', async () => {
    const { dns, update } = setUp();
    assert.deepEqual(await update([report(HOME)]), ['unchanged']);
    assert.equal(dns.lookUps.size, 0);
  });

  it('of no name has no outcome', async () => {
    assert.deepEqual(await setUp().update([]), []);
  });

  it('writes the TTL of the host, or else the general one', async () => {
    const { dns, update } = setUp(host(HOME, { ttl: ttl(300) }));
    await update([HOME, CAM].map((name) => report(name, { ipv4: '192.0.2.1' })));
    assert.equal(dns.recordSetsOf(HOME)[0]?.ttl, 300);
    assert.equal(dns.recordSetsOf(CAM)[0]?.ttl, 60);
  });

  it('of names in several zones sends one call a zone, and answers in the order of the request', async () => {
    const { dns, update } = setUp();
    const names = [CAM, 'home.example.net', HOME];
    const outcomes = await update(names.map((name, index) => report(name, { ipv4: `192.0.2.${index}` })));
    assert.deepEqual(outcomes, ['changed 192.0.2.0', 'changed 192.0.2.1', 'changed 192.0.2.2']);
    assert.deepEqual(calls(dns).sort(), [[CAM, HOME], ['home.example.net']]);
  });

  it('that the primary refuses for one name succeeds for the others', async () => {
    const { dns, update } = setUp();
    dns.fail('apply', CAM, 'DNS_REFUSED');
    assert.deepEqual(await update([CAM, HOME].map((name) => report(name, { ipv4: '192.0.2.1' }))), [
      'failed DNS_REFUSED',
      'changed 192.0.2.1',
    ]);
    assert.deepEqual(dns.addressesOf(HOME), ['192.0.2.1']);
  });

  it('that fails succeeds when it is asked for again and the trouble is over', async () => {
    const { dns, update } = setUp();
    dns.fail('lookUp', HOME, 'DNS_TIMEOUT');
    assert.deepEqual(await update([report(HOME, { ipv4: '192.0.2.1' })]), ['failed DNS_TIMEOUT']);
    dns.recover();
    assert.deepEqual(await update([report(HOME, { ipv4: '192.0.2.1' })]), ['changed 192.0.2.1']);
  });
});

describe('two updates of one name at once', () => {
  it('with different addresses leave that of the later one', async () => {
    const { dns, update } = setUp();
    const pause = dns.pauseNext('apply');
    const first = update([report(HOME, { ipv4: '192.0.2.1' })]);
    await pause.reached;
    const second = update([report(HOME, { ipv4: '192.0.2.2' })]);
    pause.resume();
    assert.deepEqual(await Promise.all([first, second]), [['changed 192.0.2.1'], ['changed 192.0.2.2']]);
    assert.deepEqual(dns.addressesOf(HOME), ['192.0.2.2']);
  });

  it('with different families both land', async () => {
    const { dns, update } = setUp();
    await Promise.all([
      update([report(HOME, { ipv4: '192.0.2.1' })]),
      update([report(HOME, { ipv6: '2001:db8::1' })]),
    ]);
    assert.deepEqual(dns.addressesOf(HOME), ['192.0.2.1', '2001:db8::1']);
  });

  it('wait for one another also where the name only follows', async () => {
    const { dns, update } = setUp(
      host(NAS, { follows: HOME, interfaceId: '::a' }),
      host(CAM, { follows: HOME }),
    );
    dns.put(CAM, '2001:db8:1::c');
    const pause = dns.pauseNext('apply');
    const first = update([report(HOME)], { prefix: '2001:db8:2::/64' });
    await pause.reached;
    const second = update([report(CAM, { ipv6: '2001:db8:9::c' })]);
    pause.resume();
    assert.deepEqual(await Promise.all([first, second]), [['changed'], ['changed 2001:db8:9::c']]);
    assert.deepEqual(dns.addressesOf(CAM), ['2001:db8:9::c']);
  });

  it('have nine and a half seconds each, from when they came', async () => {
    const { dns, clock, update } = setUp();
    const pause = dns.pauseNext('apply');
    const first = update([report(HOME, { ipv4: '192.0.2.1' })]);
    await pause.reached;
    const early = update([report(HOME, { ipv4: '192.0.2.2' })]);
    await clock.advance(1);
    const late = update([report(HOME, { ipv4: '192.0.2.2' })]);
    await clock.advance(9_499);
    pause.resume();
    assert.deepEqual(await Promise.all([first, early, late]), [
      ['changed 192.0.2.1'],
      ['failed DNS_TIMEOUT'],
      ['changed 192.0.2.2'],
    ]);
  });
});

describe('taking addresses off the DNS', () => {
  const away = report(HOME, { ipv4: 'remove', ipv6: 'remove' });

  it('is allowed where the user may, and leaves nothing', async () => {
    const { dns, update } = setUp();
    dns.put(HOME, '192.0.2.1', '2001:db8::1');
    assert.deepEqual(await update([away], { as: { offline: true } }), ['changed']);
    assert.deepEqual(dns.addressesOf(HOME), []);
  });

  it('is allowed where the host may be, whoever the user is', async () => {
    const { dns, update } = setUp(host(HOME, { offline: true }));
    dns.put(HOME, '192.0.2.1');
    assert.deepEqual(await update([away]), ['changed']);
    assert.deepEqual(dns.addressesOf(HOME), []);
  });

  it('that are not there is unchanged', async () => {
    const { dns, update } = setUp(host(HOME, { offline: true }));
    assert.deepEqual(await update([away]), ['unchanged']);
    assert.deepEqual(dns.applied, []);
  });

  for (const family of ['ipv4', 'ipv6']) {
    it(`(${family}) is not allowed otherwise, and then the other family is not changed either`, async () => {
      const { dns, update } = setUp(host(CAM, { offline: true }));
      dns.put(HOME, '192.0.2.1', '2001:db8::1');
      const asked = { ipv4: '192.0.2.2', ipv6: '2001:db8::2', [family]: 'remove' };
      assert.deepEqual(await update([report(HOME, asked)]), ['removal-not-allowed']);
      assert.deepEqual(dns.addressesOf(HOME), ['192.0.2.1', '2001:db8::1']);
    });
  }

  it('needs the right to the name first', async () => {
    const { update } = setUp(host('bob.example.org', { offline: true }));
    assert.deepEqual(
      await update([report('bob.example.org', { ipv4: 'remove', ipv6: 'remove' })], {
        as: { offline: true },
      }),
      ['not-yours'],
    );
  });

  it('leaves those that follow where they are', async () => {
    const { dns, update } = setUp(host(NAS, { follows: HOME, interfaceId: '::a', prefixLength: 64 }));
    dns.put(HOME, '2001:db8:1::1');
    dns.put(NAS, '2001:db8:1::a');
    await update([away], { as: { offline: true } });
    assert.deepEqual(dns.addressesOf(NAS), ['2001:db8:1::a']);
  });
});

describe('hosts that follow a name', () => {
  const nas = host(NAS, { follows: HOME, interfaceId: '::a:b:c:d' });

  it('move into the prefix of the request, in the same call, and add nothing to the outcome', async () => {
    const { dns, update } = setUp(nas);
    assert.deepEqual(
      await update([report(HOME, { ipv6: '2001:db8:1:ff::1' })], { prefix: '2001:db8:1:2::/64' }),
      ['changed 2001:db8:1:ff::1'],
    );
    assert.deepEqual(dns.addressesOf(HOME), ['2001:db8:1:ff::1']);
    assert.deepEqual(dns.addressesOf(NAS), ['2001:db8:1:2:a:b:c:d']);
    assert.deepEqual(calls(dns), [[HOME, NAS]]);
  });

  it('take the bits behind a short prefix from their interface id', async () => {
    const { dns, update } = setUp(host(NAS, { follows: HOME, interfaceId: '::12:a:b:c:d' }));
    await update([report(HOME)], { prefix: '2001:db8:1:ff00::/56' });
    assert.deepEqual(dns.addressesOf(NAS), ['2001:db8:1:ff12:a:b:c:d']);
  });

  it('without interface id keep the host part that they have', async () => {
    const { dns, update } = setUp(host(NAS, { follows: HOME }));
    dns.put(NAS, '192.0.2.9', '2001:db8:1::a');
    assert.deepEqual(await update([report(HOME)], { prefix: '2001:db8:2::/64' }), ['changed']);
    assert.deepEqual(dns.addressesOf(NAS), ['192.0.2.9', '2001:db8:2::a']);
  });

  it('move with a plain AAAA where the length of the shared prefix is known', async () => {
    const { dns, update } = setUp(
      host(NAS, { follows: HOME, interfaceId: '::12:a:b:c:d', prefixLength: 56 }),
      host('far.example.org', { follows: HOME, interfaceId: '::f' }),
    );
    dns.put('far.example.org', '2001:db8:9::f');
    assert.deepEqual(await update([report(HOME, { ipv6: '2001:db8:1:ff01::1' })]), [
      'changed 2001:db8:1:ff01::1',
    ]);
    assert.deepEqual(dns.addressesOf(NAS), ['2001:db8:1:ff12:a:b:c:d']);
    assert.deepEqual(dns.addressesOf('far.example.org'), ['2001:db8:9::f']);
    assert.deepEqual(calls(dns), [[HOME, NAS]]);
  });

  it('move into the reported prefix rather than into the network of the address', async () => {
    const { dns, update } = setUp(host(NAS, { follows: HOME, interfaceId: '::a', prefixLength: 64 }));
    await update([report(HOME, { ipv6: '2001:db8:1::1' })], { prefix: '2001:db8:2::/64' });
    assert.deepEqual(dns.addressesOf(NAS), ['2001:db8:2::a']);
  });

  it('move when the name is put behind a prefix itself', async () => {
    const { dns, update } = setUp(nas);
    dns.put(HOME, '2001:db8:1::1');
    assert.deepEqual(await update([report(HOME, { ipv6: '2001:db8:2:3::/64' })]), [
      'changed 2001:db8:2:3::1',
    ]);
    assert.deepEqual(dns.addressesOf(HOME), ['2001:db8:2:3::1']);
    assert.deepEqual(dns.addressesOf(NAS), ['2001:db8:2:3:a:b:c:d']);
  });

  it('stay when only IPv4 is reported', async () => {
    const { dns, update } = setUp(host(NAS, { follows: HOME, interfaceId: '::a', prefixLength: 64 }));
    await update([report(HOME, { ipv4: '192.0.2.1' })]);
    assert.deepEqual(dns.addressesOf(NAS), []);
  });

  it('stay when they follow another name, or one that the user may not change', async () => {
    const { dns, update } = setUp(
      host(NAS, { follows: CAM, interfaceId: '::a' }),
      host('bobnas.example.org', { follows: 'bob.example.org', interfaceId: '::b' }),
    );
    assert.deepEqual(await update([report(HOME), report('bob.example.org')], { prefix: '2001:db8:2::/64' }), [
      'unchanged',
      'not-yours',
    ]);
    assert.deepEqual(dns.applied, []);
  });

  it('do not pass it on: a host that follows a follower stays', async () => {
    const { dns, update } = setUp(
      host(NAS, { follows: HOME, interfaceId: '::a', prefixLength: 64 }),
      host('chain.example.org', { follows: NAS, interfaceId: '::b', prefixLength: 64 }),
    );
    await update([report(HOME, { ipv6: '2001:db8:1::1' })]);
    await update([report(HOME)], { prefix: '2001:db8:2::/64' });
    assert.deepEqual(dns.addressesOf(NAS), ['2001:db8:2::a']);
    assert.deepEqual(dns.addressesOf('chain.example.org'), []);
  });

  it('may follow each other: whichever is reported moves the other one, once', async () => {
    const { dns, update } = setUp(
      host(HOME, { follows: CAM, interfaceId: '::a' }),
      host(CAM, { follows: HOME, interfaceId: '::c' }),
    );
    await update([report(HOME, { ipv6: '2001:db8:1::1' })], { prefix: '2001:db8:1::/64' });
    assert.deepEqual([dns.addressesOf(HOME), dns.addressesOf(CAM)], [['2001:db8:1::1'], ['2001:db8:1::c']]);
    await update([report(CAM, { ipv6: '2001:db8:2::1' })], { prefix: '2001:db8:2::/64' });
    assert.deepEqual([dns.addressesOf(HOME), dns.addressesOf(CAM)], [['2001:db8:2::a'], ['2001:db8:2::1']]);
  });

  it('need not be the user’s, nor anybody’s', async () => {
    const { dns, update } = setUp(host('bob.example.org', { follows: HOME, interfaceId: '::b' }));
    await update([report(HOME)], { prefix: '2001:db8:2::/64' });
    assert.deepEqual(dns.addressesOf('bob.example.org'), ['2001:db8:2::b']);
  });

  it('of another zone move in a call of their own', async () => {
    const { dns, update } = setUp(host('nas.example.net', { follows: HOME, interfaceId: '::a' }));
    await update([report(HOME, { ipv6: '2001:db8:1::1' })], { prefix: '2001:db8:2::/64' });
    assert.deepEqual(calls(dns).sort(), [[HOME], ['nas.example.net']]);
  });

  it('are written with their own TTL', async () => {
    const { dns, update } = setUp(host(NAS, { follows: HOME, interfaceId: '::a', ttl: ttl(300) }));
    await update([report(HOME)], { prefix: '2001:db8:2::/64' });
    assert.equal(dns.recordSetsOf(NAS)[0]?.ttl, 300);
  });

  it('and changed make an unchanged name count as changed; unchanged as well, as unchanged', async () => {
    const { dns, update } = setUp(nas);
    dns.put(HOME, '2001:db8:1::1');
    const asked = [report(HOME, { ipv6: '2001:db8:1::1' })];
    assert.deepEqual(await update(asked, { prefix: '2001:db8:2::/64' }), ['changed 2001:db8:1::1']);
    assert.deepEqual(await update(asked, { prefix: '2001:db8:2::/64' }), ['unchanged 2001:db8:1::1']);
    assert.equal(dns.applied.length, 1);
  });
});

describe('a prefix', () => {
  it('alone moves the hosts that follow, and not the name', async () => {
    const { dns, update } = setUp(host(NAS, { follows: HOME, interfaceId: '::a' }));
    dns.put(HOME, '192.0.2.1', '2001:db8:1::1');
    assert.deepEqual(await update([report(HOME)], { prefix: '2001:db8:2::/64' }), ['changed']);
    assert.deepEqual(dns.addressesOf(HOME), ['192.0.2.1', '2001:db8:1::1']);
    assert.deepEqual(calls(dns), [[NAS]]);
  });

  it('with nobody to move is unchanged, the DNS is not asked, and the log tells it', async () => {
    const { dns, logger, update } = setUp();
    const asked = [report(HOME), report(CAM), report('bob.example.org')];
    assert.deepEqual(await update(asked, { prefix: '2001:db8:2::/64' }), [
      'unchanged',
      'unchanged',
      'not-yours',
    ]);
    assert.deepEqual([dns.lookUps.size, dns.applied], [0, []]);
    assert.deepEqual(logger.entries, [
      {
        level: 'info',
        event: 'A prefix was reported that moves no host',
        fields: { prefix: '2001:db8:2::/64', names: [HOME, CAM] },
      },
    ]);
  });

  it('with nobody to move is not worth a word beside an address, or with a host that follows another name', async () => {
    const { logger, update } = setUp(host(NAS, { follows: HOME, interfaceId: '::a' }));
    const also = { prefix: '2001:db8:2::/64' };
    assert.deepEqual(await update([report(CAM, { ipv6: '2001:db8:1::1' })], also), ['changed 2001:db8:1::1']);
    assert.deepEqual(await update([report(HOME), report(CAM)], also), ['changed', 'unchanged']);
    assert.deepEqual(await update([report('bob.example.org')], also), ['not-yours']);
    assert.deepEqual(logger.entries, []);
  });

  it('never moves a name of the request, also where it follows another of them', async () => {
    const { dns, update } = setUp(host(CAM, { follows: HOME, interfaceId: '::c', prefixLength: 64 }));
    dns.put(CAM, '2001:db8:1::c');
    const asked = [report(HOME, { ipv6: '2001:db8:2::1' }), report(CAM, { ipv6: '2001:db8:9::c' })];
    assert.deepEqual(await update(asked, { prefix: '2001:db8:2::/64' }), [
      'changed 2001:db8:2::1',
      'changed 2001:db8:9::c',
    ]);
    assert.deepEqual(dns.addressesOf(CAM), ['2001:db8:9::c']);

    assert.deepEqual(await update([report(HOME), report(CAM)], { prefix: '2001:db8:3::/64' }), [
      'unchanged',
      'unchanged',
    ]);
    assert.deepEqual(dns.addressesOf(CAM), ['2001:db8:9::c']);
  });

  it('of one name does not move the hosts that follow another name of the request', async () => {
    const cam2 = 'cam2.example.org';
    const { dns, update } = setUp(
      host(NAS, { follows: HOME, interfaceId: '::a' }),
      host(cam2, { follows: CAM, interfaceId: '::b' }),
    );
    const further: HostUpdate = { ...report(CAM, { ipv4: '192.0.2.1' }), followersPrefix: undefined };
    await update([report(HOME), further], { prefix: '2001:db8:2::/64' });
    assert.deepEqual(dns.addressesOf(NAS), ['2001:db8:2::a']);
    assert.deepEqual(dns.addressesOf(cam2), []);
  });

  it('does not move a name of the request that the user may not change, though it follows', async () => {
    const { dns, update } = setUp(host('bob.example.org', { follows: HOME, interfaceId: '::b' }));
    assert.deepEqual(await update([report(HOME), report('bob.example.org')], { prefix: '2001:db8:2::/64' }), [
      'unchanged',
      'not-yours',
    ]);
    assert.deepEqual(dns.applied, []);
  });

  it('of a name itself is joined with its interface id, or else with the host part of its AAAA', async () => {
    const { dns, update } = setUp(host(HOME, { interfaceId: '::12:0:0:0:1' }));
    dns.put(HOME, '2001:db8:1::7');
    dns.put(CAM, '2001:db8:1::7');
    assert.deepEqual(
      await update([HOME, CAM].map((name) => report(name, { ipv6: '2001:db8:2:ff00::/56' }))),
      ['changed 2001:db8:2:ff12::1', 'changed 2001:db8:2:ff00::7'],
    );
  });

  it('of a name itself without either is not done, and its IPv4 neither', async () => {
    const { dns, update } = setUp();
    assert.deepEqual(await update([report(HOME, { ipv4: '192.0.2.1', ipv6: '2001:db8:2::/64' })]), [
      'no-host-part',
    ]);
    assert.deepEqual(dns.applied, []);
  });
});

describe('an outcome speaks for the name alone', () => {
  it('when another name of the request follows it and is changed', async () => {
    const { dns, update } = setUp(host(CAM, { follows: HOME, interfaceId: '::c', prefixLength: 64 }));
    dns.put(HOME, '2001:db8:1::1');
    const asked = [report(HOME, { ipv6: '2001:db8:1::1' }), report(CAM, { ipv6: '2001:db8:9::c' })];
    assert.deepEqual(await update(asked), ['unchanged 2001:db8:1::1', 'changed 2001:db8:9::c']);
  });

  it('when another name of the request follows it and fails', async () => {
    const { dns, update } = setUp(host(CAM, { follows: HOME, interfaceId: '::c', prefixLength: 64 }));
    dns.fail('apply', CAM, 'DNS_TIMEOUT');
    const asked = [report(HOME, { ipv6: '2001:db8:1::1' }), report(CAM, { ipv6: '2001:db8:9::c' })];
    assert.deepEqual(await update(asked), ['changed 2001:db8:1::1', 'failed DNS_TIMEOUT']);
  });
});

describe('a host that follows and cannot be moved', () => {
  const nas = host(NAS, { follows: HOME, interfaceId: '::a' });
  const reported = [report(HOME, { ipv6: '2001:db8:1::1' })];
  const also = { prefix: '2001:db8:2::/64' };

  it('because the primary refused is told to the operator, and the name succeeds', async () => {
    const { dns, logger, update } = setUp(nas);
    dns.fail('apply', NAS, 'DNS_REFUSED');
    assert.deepEqual(await update(reported, also), ['changed 2001:db8:1::1']);
    assert.deepEqual(dns.addressesOf(HOME), ['2001:db8:1::1']);
    const [warning, ...others] = logger.at('warn');
    assert.deepEqual(others, []);
    assert.equal(warning?.fields['name'], NAS);
    assert.equal(warning?.fields['follows'], HOME);
    assert.match(String(warning?.fields['fault']), /told to fail/);
  });

  it('because it has no host part is told to the operator, and the name succeeds', async () => {
    const { logger, update } = setUp(host(NAS, { follows: HOME }));
    assert.deepEqual(await update(reported, also), ['changed 2001:db8:1::1']);
    assert.deepEqual(
      logger.at('warn').map(({ fields }) => fields),
      [{ name: NAS, follows: HOME }],
    );
  });

  for (const code of ['DNS_TIMEOUT', 'DNS_SERVER_FAILURE', 'DNS_CONFLICT'] as const) {
    it(`with an outcome that is not known (${code}) makes the client come back`, async () => {
      const { dns, update } = setUp(nas);
      dns.fail('apply', NAS, code);
      assert.deepEqual(await update(reported, also), [`failed ${code}`]);
      assert.deepEqual(dns.addressesOf(HOME), ['2001:db8:1::1']);
      dns.recover();
      assert.deepEqual(await update(reported, also), ['changed 2001:db8:1::1'], 'which moves it');
      assert.deepEqual(dns.addressesOf(NAS), ['2001:db8:2::a']);
    });
  }

  it('is the answer when nothing else was asked for', async () => {
    const { dns, update } = setUp(nas);
    dns.fail('apply', NAS, 'DNS_REFUSED');
    assert.deepEqual(await update([report(HOME)], also), ['failed DNS_REFUSED']);
    const without = setUp(host(NAS, { follows: HOME }));
    assert.deepEqual(await without.update([report(HOME)], also), ['no-host-part']);
  });

  it('does not spoil the others that follow', async () => {
    const { dns, update } = setUp(nas, host('printer.example.org', { follows: HOME, interfaceId: '::b' }));
    dns.fail('apply', NAS, 'DNS_REFUSED');
    assert.deepEqual(await update([report(HOME)], also), ['changed']);
    assert.deepEqual(dns.addressesOf('printer.example.org'), ['2001:db8:2::b']);
  });

  it('gives way to the fault of the name itself', async () => {
    const { dns, update } = setUp(nas);
    dns.fail('apply', HOME, 'DNS_REFUSED');
    dns.fail('apply', NAS, 'DNS_TIMEOUT');
    assert.deepEqual(await update(reported, also), ['failed DNS_REFUSED']);
  });
});

describe('what is told of a request', () => {
  const from = { address: valueIn(parseIpv4('198.51.100.7')), program: 'inadyn/2.12' };

  it('is the change with both addresses, and then the report with its origin', async () => {
    const { dns, clock, events, update } = setUp();
    dns.put(HOME, '192.0.2.1', '2001:db8::1');
    await update([report(HOME, { ipv4: '192.0.2.2' })], { from, as: { token: 'router' } });
    const told = { at: clock.now(), name: domainName(HOME) };
    assert.deepEqual(JSON.parse(JSON.stringify(events.told)), [
      {
        kind: 'changed',
        ...told,
        zone: 'example.org',
        before: { ipv4: ['192.0.2.1'] },
        after: { ipv4: ['192.0.2.2'] },
      },
      {
        kind: 'reported',
        ...told,
        ...{ user: 'alice', token: 'router', from: '198.51.100.7', program: 'inadyn/2.12' },
        asked: { ipv4: '192.0.2.2' },
        outcome: 'changed',
        addresses: { ipv4: ['192.0.2.2'] },
      },
    ]);
  });

  it('is the report alone where nothing was changed, where it was refused, and where it failed', async () => {
    const { dns, events, update } = setUp();
    dns.put(HOME, '192.0.2.1');
    dns.fail('lookUp', CAM, 'DNS_TIMEOUT');
    const asked = { ipv4: '192.0.2.1' };
    await update([report(HOME, asked), report(CAM, asked), report('bob.example.org', asked)]);
    assert.deepEqual(
      events.of('reported').map(({ name, outcome, reason }) => [name, outcome, reason]),
      [
        [HOME, 'unchanged', undefined],
        [CAM, 'failed', 'DNS_TIMEOUT'],
        ['bob.example.org', 'refused', 'not-yours'],
      ],
    );
    assert.deepEqual(events.of('changed'), []);
  });

  it('has a report for each host that moved with a name', async () => {
    const { events, update } = setUp(host(NAS, { follows: HOME, interfaceId: '::7' }));
    await update([report(HOME)], { prefix: '2001:db8:1::/64' });
    const [own, follower] = events.of('reported');
    assert.deepEqual([own?.name, own?.asked.prefix], [HOME, '2001:db8:1::/64']);
    assert.deepEqual([follower?.name, follower?.follows], [NAS, HOME]);
    assert.deepEqual(follower?.addresses?.ipv6, ['2001:db8:1::7']);
    assert.deepEqual(
      events.of('changed').map(({ name }) => name),
      [NAS],
    );
  });

  it('says that addresses are gone after a removal', async () => {
    const { dns, events, update } = setUp();
    dns.put(HOME, '192.0.2.1');
    await update([report(HOME, { ipv4: 'remove', ipv6: 'remove' })], { as: { offline: true } });
    assert.deepEqual(events.of('changed')[0]?.after, { ipv4: [], ipv6: [] });
    assert.deepEqual(events.of('reported')[0]?.asked, { offline: true });
  });

  it('has changes of one name in the order in which they were made', async () => {
    const { events, update } = setUp();
    await Promise.all([
      update([report(HOME, { ipv4: '192.0.2.1' })]),
      update([report(HOME, { ipv4: '192.0.2.2' })]),
    ]);
    assert.deepEqual(
      events.of('changed').map(({ after }) => after.ipv4),
      [['192.0.2.1'], ['192.0.2.2']],
    );
  });
});
