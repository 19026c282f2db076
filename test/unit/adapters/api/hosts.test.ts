import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiClient, type Json } from '../../../support/api-client.ts';
import { SITE } from '../../../support/visitor.ts';
import { startService, updatesSent, user } from '../http/service.ts';
import { CAM, HOME, NAS, start } from './household.ts';

const ADDRESSES = `/hosts/${HOME}/addresses`;
const SETTINGS = `/hosts/${HOME}/settings`;
const namesIn = ({ hosts }: Json): readonly string[] => hosts.map(({ name }: Json) => name);

describe('The hosts of the API', () => {
  it('come in the order of their names, page by page', async () => {
    const { api } = await start();
    const first = await api.ask('GET', '/hosts?limit=2');
    assert.deepEqual(namesIn(first.json), [CAM, HOME]);
    assert.equal(first.json.next, HOME);
    const second = await api.ask('GET', `/hosts?limit=2&after=${first.json.next}`);
    assert.deepEqual(namesIn(second.json), [NAS]);
    assert.equal(second.json.next, null);
    assert.deepEqual((await api.ask('GET', `/hosts?after=${NAS}`)).json, { hosts: [], next: null });
  });

  it('tell their state, their addresses and their last report', async () => {
    const { api } = await start();
    assert.equal((await api.ask('GET', `/hosts/${HOME}`)).json.state, 'new');
    const headers = { 'User-Agent': 'a program' };
    await api.ask('PUT', ADDRESSES, { json: { ipv4: '203.0.113.7' }, headers });
    const { json } = await api.ask('GET', `/hosts/${HOME}`);
    assert.equal(json.state, 'up-to-date');
    assert.deepEqual(json.addresses, { ipv4: ['203.0.113.7'], ipv6: [] });
    const { user, token, from, program, outcome } = json.report;
    assert.deepEqual([user, token, from, program], ['alice', 'token-0', '192.0.2.7', 'a program']);
    assert.equal(outcome, 'changed');
    const events = (await api.ask('GET', `/hosts/${HOME}/events?limit=1`)).json.events;
    assert.deepEqual(events, [json.report]);
  });

  it('get the addresses that are given, keep what is not given, and lose what is null', async () => {
    const { api } = await start();
    const both = { ipv4: '203.0.113.7', ipv6: '2001:db8::7' };
    assert.deepEqual((await api.ask('PUT', ADDRESSES, { json: both })).json, {
      outcome: 'changed',
      addresses: { ipv4: ['203.0.113.7'], ipv6: ['2001:db8::7'] },
    });
    assert.equal((await api.ask('PUT', ADDRESSES, { json: both })).json.outcome, 'unchanged');
    await api.ask('PUT', ADDRESSES, { json: { ipv6: '2001:db8::8' } });
    await api.ask('PUT', ADDRESSES, { json: { ipv4: null } });
    const { json } = await api.ask('GET', `/hosts/${HOME}`);
    assert.deepEqual(json.addresses, { ipv4: [], ipv6: ['2001:db8::8'] });
  });

  it('get the address of the caller where none is given', async () => {
    const { service, api } = await start();
    for (const sent of [{}, { json: {} }]) {
      assert.deepEqual((await api.ask('PUT', ADDRESSES, sent)).json.addresses.ipv4, ['192.0.2.7']);
    }
    const { json } = await new ApiClient(service, 'write', '2001:db8::99').ask('PUT', ADDRESSES);
    assert.deepEqual(json.addresses, { ipv4: [], ipv6: ['2001:db8::99'] });
  });

  it('are taken off the DNS, where that is allowed', async () => {
    const { api } = await start();
    await api.ask('PUT', ADDRESSES, { json: { ipv4: '203.0.113.7' } });
    assert.equal((await api.ask('DELETE', ADDRESSES)).status, 204);
    assert.equal((await api.ask('GET', `/hosts/${HOME}`)).json.state, 'off');

    const users = [user('carol', 'x', [HOME], { use: 'api:write', tokens: { carol: undefined } })];
    const strict = await startService({ web: SITE, trustedProxies: ['127.0.0.1'], users });
    const carol = new ApiClient(strict, 'carol');
    assert.equal((await carol.ask('DELETE', ADDRESSES)).status, 403);
    assert.equal((await carol.ask('PUT', ADDRESSES, { json: { ipv4: null } })).status, 403);
    assert.deepEqual(updatesSent(strict.dns), []);
  });

  it('say whether the name server refused, or whether asking again may help', async () => {
    const { service, api } = await start();
    for (const [code, status, type] of [
      ['DNS_REFUSED', 502, 'refused'],
      ['DNS_TIMEOUT', 503, 'not-confirmed'],
    ] as const) {
      service.dns.fail('apply', HOME, code);
      const { json, headers, ...answer } = await api.ask('PUT', ADDRESSES, { json: { ipv4: '203.0.113.7' } });
      assert.equal(answer.status, status);
      assert.equal(json.type, `/api/v1/#${type}`);
      assert.equal(json.detail, code);
      assert.equal(headers['retry-after'], status === 503 ? '60' : undefined);
    }
  });
});

describe('The settings of a host', () => {
  it('are changed one by one, and removed with null', async () => {
    const { api } = await start();
    const headers = { 'If-Match': '*' };
    const json = { ttl: 300, expect: '1h', follows: CAM, interface_id: '::1:2:3:4' };
    const changed = await api.ask('PATCH', SETTINGS, { json, headers });
    const none = { offline: false, offline_after: null, prefix_length: null };
    assert.deepEqual(changed.json, { ...json, ...none });
    await api.ask('PATCH', SETTINGS, { json: { follows: null, ttl: 60 }, headers });
    assert.deepEqual((await api.ask('GET', SETTINGS)).json, { ...json, ...none, follows: null, ttl: 60 });
  });

  it('are changed only by somebody who has seen them as they are', async () => {
    const { api } = await start();
    const { headers } = await api.ask('GET', SETTINGS);
    const seen = String(headers['etag']);
    const patch = (ttl: number, tag?: string) =>
      api.ask('PATCH', SETTINGS, {
        json: { ttl },
        ...(tag !== undefined && { headers: { 'If-Match': tag } }),
      });
    assert.equal((await patch(1)).status, 428);
    assert.equal((await patch(1, '"other"')).status, 412);
    const first = await patch(2, `"other", ${seen}`);
    assert.equal(first.status, 200);
    assert.equal((await patch(3, seen)).status, 412);
    assert.equal((await patch(4, String(first.headers['etag']))).status, 200);
    assert.equal((await api.ask('GET', SETTINGS)).json.ttl, 4);
  });

  it('of two who change them at once, one is told to look again', async () => {
    const { api } = await start();
    const tag = String((await api.ask('GET', SETTINGS)).headers['etag']);
    const patches = [1, 2].map((ttl) =>
      api.ask('PATCH', SETTINGS, { json: { ttl }, headers: { 'If-Match': tag } }),
    );
    const statuses = (await Promise.all(patches)).map(({ status }) => status);
    assert.deepEqual(statuses.toSorted(), [200, 412]);
  });

  it('follow a name of the same user, and never themselves', async () => {
    const { api } = await start();
    for (const follows of ['bobhost.example.org', HOME]) {
      const sent = { json: { follows }, headers: { 'If-Match': '*' } };
      const { status, json } = await api.ask('PATCH', SETTINGS, sent);
      assert.equal(status, 422);
      assert.equal(json.errors[0].pointer, '#/follows');
    }
  });
});
