import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiClient } from '../../../support/api-client.ts';
import { Visitor } from '../../../support/visitor.ts';
import { ALICE, BOB } from '../http/service.ts';
import { CAM, HOME, start } from './household.ts';

const WITH_ANY_TAG = { 'If-Match': '*' };
const PREFIX = `/nic/update?hostname=${HOME}&ip6lanprefix=2001:db8:666::/64`;

/** Alice lets cam follow home. Then the operator gives cam to bob. */
async function giveCamToBob() {
  const { service, api, operator } = await start();
  const json = { follows: HOME, interface_id: '::bad' };
  const set = await api.ask('PATCH', `/hosts/${CAM}/settings`, { json, headers: WITH_ANY_TAG });
  assert.equal(set.status, 200);
  assert.equal((await service.ask(PREFIX, { as: ALICE })).body.startsWith('good'), true);
  assert.deepEqual(service.dns.addressesOf(CAM), ['2001:db8:666::bad']);
  const revoked = await operator.ask('DELETE', `/users/alice/names/${CAM}`);
  const granted = await operator.ask('PUT', `/users/bob/names/${CAM}`);
  assert.deepEqual([revoked.status, granted.status], [204, 204]);
  return { service, api, operator, bob: new ApiClient(service, 'bob') };
}

describe('The former user of a name', () => {
  it('does not move it any more by another name that it followed', async () => {
    const { service, bob } = await giveCamToBob();
    const own = `/nic/update?hostname=${CAM}&myip=2001:db8::1`;
    assert.match((await service.ask(own, { as: BOB })).body, /^good/);
    assert.match((await service.ask(own, { as: ALICE })).body, /^!yours/);
    await service.ask(PREFIX.replace('666', '667'), { as: ALICE });
    assert.deepEqual(service.dns.addressesOf(CAM), ['2001:db8::1']);
    const { json } = await bob.ask('GET', `/hosts/${CAM}/settings`);
    assert.deepEqual([json.follows, json.interface_id], [null, null]);
    const deeds = service.events.told.flatMap((event) => (event.kind === 'managed' ? [event] : []));
    assert.deepEqual(
      deeds.filter(({ deed }) => deed === 'host-set').map(({ by, name }) => [by, name]),
      [
        ['alice', CAM],
        ['olga', CAM],
      ],
    );
  });

  it('is not shown to the next one: of the reports, only what the DNS has shown', async () => {
    const { service, bob, operator } = await giveCamToBob();
    await service.ask(`/nic/update?hostname=${CAM}&myip=2001:db8::1`, { as: BOB });
    const { json } = await bob.ask('GET', `/hosts/${CAM}/events`);
    const reports = json.events.filter(({ kind }: { kind: string }) => kind === 'reported');
    assert.deepEqual(
      reports.map(({ user }: { user?: string }) => user),
      ['bob', undefined],
    );
    assert.deepEqual(Object.keys(reports[1]).toSorted(), ['addresses', 'asked', 'at', 'kind', 'outcome']);
    assert.deepEqual(reports[1].addresses, { ipv6: ['2001:db8:666::bad'] });
    await operator.ask('PUT', `/users/alice/names/${CAM}`);
    const together = await bob.ask('GET', `/hosts/${CAM}/events`);
    assert.match(together.body, /"alice"/);
  });

  it('is not shown on the pages either, and an operator sees everything', async () => {
    const { service, bob, operator } = await giveCamToBob();
    assert.doesNotMatch((await bob.ask('GET', '/hosts')).body, /alice|"from"|"program"/);
    await operator.ask('PUT', `/users/olga/names/${CAM}`);
    assert.match((await operator.ask('GET', `/hosts/${CAM}/events`)).body, /"alice"/);
    const visitor = new Visitor(service);
    await visitor.signIn('bob', 'hunter2');
    for (const page of ['/', `/hosts/${CAM}`]) {
      const { body } = await visitor.open(page);
      assert.match(body, /somebody else/);
      assert.doesNotMatch(body, /alice/);
    }
  });
});
