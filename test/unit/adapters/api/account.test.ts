import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiClient, type Json } from '../../../support/api-client.ts';
import { Visitor } from '../../../support/visitor.ts';
import { BOBHOST, CAM, HOME, start } from './household.ts';

describe('The account of the API', () => {
  it('says who one is, and what the token may do', async () => {
    const { service, api } = await start();
    assert.deepEqual((await api.ask('GET', '/account')).json, {
      ...{ user: 'alice', names: 3, offline: true, networks: [] },
      token: { name: 'token-0', scope: 'api:write', whole_account: true },
    });
    const { json } = await new ApiClient(service, 'cam').ask('GET', '/account');
    assert.equal(json.names, 1);
    assert.deepEqual(json.token, { name: 'token-1', scope: 'api:write', whole_account: false });
  });

  it('changes the password for whoever knows it, and ends the sessions', async () => {
    const { service, api } = await start();
    const visitor = new Visitor(service);
    await visitor.signIn('alice', 's3cret');
    const change = (current: string, next: string) =>
      api.ask('PUT', '/account/password', { json: { current, next } });
    for (const wrong of ['wrong', 'updates', 'write']) {
      const { status, json } = await change(wrong, 'open sesame');
      assert.equal(status, 422);
      assert.equal(json.errors[0].pointer, '#/current');
    }
    assert.equal((await change('s3cret', '')).json.errors[0].pointer, '#/next');
    assert.equal((await change('s3cret', 'open sesame')).status, 204);
    await visitor.open('/account');
    assert.match(visitor.text, /Please sign in/);
    await visitor.signIn('alice', 'open sesame');
    assert.match(visitor.text, /^My hosts/);
  });

  it('pauses who guesses the password', async () => {
    const { service, api } = await start();
    const guess = (current: string) =>
      api.ask('PUT', '/account/password', { json: { current, next: 'open sesame' } });
    for (let index = 0; index < 10; index += 1) assert.equal((await guess(`wrong-${index}`)).status, 422);
    const { status, headers } = await guess('s3cret');
    assert.equal(status, 429);
    assert.equal(headers['retry-after'], '60');
    service.clock.advance(60_000);
    assert.equal((await guess('s3cret')).status, 204);
  });
});

describe('The tokens of the API', () => {
  it('are made, work at once, and are revoked', async () => {
    const { service, api } = await start();
    const json = { name: 'cam', names: [CAM], use: 'api:read' };
    const made = await api.ask('POST', '/tokens', { json });
    assert.equal(made.status, 201);
    assert.equal(made.headers['location'], '/api/v1/tokens/cam');
    const cam = new ApiClient(service, made.json.secret);
    assert.equal((await cam.ask('GET', `/hosts/${CAM}`)).status, 200);
    assert.equal((await cam.ask('GET', `/hosts/${HOME}`)).status, 404);
    const { tokens } = (await api.ask('GET', '/tokens')).json;
    assert.deepEqual(
      tokens.filter(({ name }: Json) => name === 'cam'),
      [{ ...json, networks: null }],
    );
    assert.equal((await api.ask('POST', '/tokens', { json })).status, 409);
    assert.equal((await api.ask('DELETE', '/tokens/cam')).status, 204);
    assert.equal((await api.ask('DELETE', '/tokens/cam')).status, 404);
    assert.equal((await cam.ask('GET', `/hosts/${CAM}`)).status, 401);
    const deeds = service.events.told.flatMap((event) =>
      event.kind === 'managed' ? [`${event.by} ${event.way} ${event.deed}`] : [],
    );
    assert.deepEqual(deeds, ['alice api token-added', 'alice api token-removed']);
  });

  it('report addresses where nothing else is said', async () => {
    const { service, api } = await start();
    const { json } = await api.ask('POST', '/tokens');
    const { body } = await service.ask(`/nic/update?hostname=${HOME}&myip=203.0.113.7`, {
      as: `Bearer ${json.secret}`,
    });
    assert.equal(body.trim(), 'good 203.0.113.7');
  });

  it('are good for names of their owner only', async () => {
    const { api } = await start();
    for (const name of ['.', '..']) {
      const { status, json } = await api.ask('POST', '/tokens', { json: { name } });
      assert.equal(status, 422);
      assert.equal(json.errors[0].pointer, '#/name');
    }
    const { status, json } = await api.ask('POST', '/tokens', { json: { names: [HOME, BOBHOST] } });
    assert.equal(status, 422);
    assert.deepEqual(json.errors, [{ pointer: '#/names/1', detail: 'this is none of your names' }]);
  });
});

describe('The sessions of the API', () => {
  it('are those of the pages, and end one by one', async () => {
    const { service, api } = await start();
    const [alice, bob] = [new Visitor(service, { 'User-Agent': 'a browser' }), new Visitor(service)];
    await alice.signIn('alice', 's3cret');
    await bob.signIn('bob', 'hunter2');
    const { sessions } = (await api.ask('GET', '/sessions')).json;
    assert.deepEqual(
      sessions.map(({ agent, from }: Json) => [agent, from]),
      [['a browser', '192.0.2.7']],
    );
    const [bobs] = (await new ApiClient(service, 'bob').ask('GET', '/sessions')).json.sessions;
    assert.equal((await api.ask('DELETE', `/sessions/${bobs.id}`)).status, 404);
    assert.equal((await api.ask('DELETE', `/sessions/${sessions[0].id}`)).status, 204);
    assert.equal((await api.ask('DELETE', `/sessions/${sessions[0].id}`)).status, 404);
    await alice.open('/account');
    assert.match(alice.text, /Please sign in/);
    await bob.open('/account');
    assert.match(bob.text, /^Account/);
  });
});
