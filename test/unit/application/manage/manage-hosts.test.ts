import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Deeds } from '../../../../src/application/manage/deeds.ts';
import { ManageHosts } from '../../../../src/application/manage/manage-hosts.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { type HostSettings, unknownHost } from '../../../../src/domain/host-settings.ts';
import type { Ipv6Address } from '../../../../src/domain/ip-address.ts';
import { ttl } from '../../../../src/domain/ttl.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { MemoryHostStore } from '../../../fakes/memory-host-store.ts';
import { RecordingEvents } from '../../../fakes/recording-events.ts';
import { OPERATOR } from '../../../support/fixtures.ts';

const NAS = domainName('nas.example.org');
const HOME = domainName('home.example.org');
const INTERFACE_ID: Ipv6Address = { family: 'ipv6', text: '::a:b:c:d' };

const PLAIN = unknownHost(NAS);

function setUp(...known: HostSettings[]) {
  const hosts = new MemoryHostStore(known);
  const events = new RecordingEvents();
  return { hosts, events, manage: new ManageHosts(hosts, new Deeds(events, new ManualClock(), OPERATOR)) };
}

describe('ManageHosts', () => {
  it('a first setting makes an entry', async () => {
    const { hosts, manage } = setUp();
    const host = { ...PLAIN, follows: HOME };
    assert.deepEqual(await manage.change(NAS, { follows: HOME }), { kind: 'changed', host });
    assert.deepEqual((await hosts.find([NAS])).get(NAS), host);
  });

  it('a further setting merges with what is known', async () => {
    const { hosts, manage } = setUp({ ...PLAIN, follows: HOME, ttl: ttl(30) });
    await manage.change(NAS, { interfaceId: INTERFACE_ID, offline: true });
    assert.deepEqual((await hosts.find([NAS])).get(NAS), {
      ...PLAIN,
      follows: HOME,
      ttl: ttl(30),
      interfaceId: INTERFACE_ID,
      offline: true,
    });
  });

  it('a setting taken back leaves the others', async () => {
    const { hosts, manage } = setUp({ ...PLAIN, follows: HOME, ttl: ttl(30) });
    assert.equal((await manage.change(NAS, { ttl: undefined })).kind, 'changed');
    assert.deepEqual((await hosts.find([NAS])).get(NAS), { ...PLAIN, follows: HOME });
  });

  it('the last setting taken back removes the entry', async () => {
    const { hosts, manage } = setUp({ ...PLAIN, offline: true });
    assert.equal((await manage.change(NAS, { offline: false })).kind, 'changed');
    assert.equal((await hosts.find([NAS])).get(NAS), undefined);
  });

  it('settings that are so already: unchanged', async () => {
    const host = { ...PLAIN, follows: HOME, interfaceId: INTERFACE_ID, prefixLength: 56, ttl: ttl(30) };
    const { manage } = setUp(host);
    const again = { ...host, interfaceId: { ...INTERFACE_ID } };
    assert.deepEqual(await manage.change(NAS, again), { kind: 'unchanged', host });
  });

  it('nothing taken back from an unknown name: unchanged, no entry', async () => {
    const { hosts, manage } = setUp();
    assert.equal((await manage.change(NAS, { ttl: undefined })).kind, 'unchanged');
    assert.equal((await hosts.find([NAS])).get(NAS), undefined);
  });

  it('a host that would follow itself: refused, what is known stays', async () => {
    const { hosts, manage } = setUp({ ...PLAIN, follows: HOME });
    assert.deepEqual(await manage.change(NAS, { follows: NAS, ttl: ttl(5) }), { kind: 'follows-itself' });
    assert.deepEqual((await hosts.find([NAS])).get(NAS), { ...PLAIN, follows: HOME });
  });

  it('a cleared host is unknown; a second time there is none', async () => {
    const { hosts, manage } = setUp({ ...PLAIN, follows: HOME });
    assert.equal(await manage.clear(NAS), 'cleared');
    assert.equal((await hosts.find([NAS])).get(NAS), undefined);
    assert.equal(await manage.clear(NAS), 'unknown-host');
  });

  it('what was changed is told once, and what was so already is not', async () => {
    const { events, manage } = setUp();
    await manage.change(NAS, { follows: HOME, ttl: ttl(5) });
    await manage.change(NAS, { follows: HOME });
    await manage.clear(NAS);
    await manage.clear(NAS);
    assert.deepEqual(
      events.of('managed').map(({ by, deed, name, settings }) => [by, deed, name, settings]),
      [
        [OPERATOR.by, 'host-set', NAS, ['follows', 'ttl']],
        [OPERATOR.by, 'host-cleared', NAS, undefined],
      ],
    );
  });
});
