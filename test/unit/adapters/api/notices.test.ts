import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { UserName } from '../../../../src/domain/user.ts';
import { ApiClient } from '../../../support/api-client.ts';
import { BOBHOST, HOME, start } from './household.ts';

const HOOK = 'https://hooks.example.org/a-secret-path';
const MAIL = 'mailto:alice@example.org';
const NOTICES = '/account/notices';

describe('The notices of a user, by the API', () => {
  it('go to a webhook with a key that is shown once, are tested, and end', async () => {
    const { service, api } = await start();
    const made = await api.ask('POST', NOTICES, { json: { to: HOOK, events: ['silent'], names: [HOME] } });
    assert.equal(made.status, 201);
    assert.match(made.json.secret, /^whsec_/);
    assert.equal(made.json.unconfirmed_until, null);
    const { json, body } = await api.ask('GET', NOTICES);
    assert.deepEqual(json.targets, [
      {
        ...{ id: made.json.id, target: 'https://hooks.example.org', events: ['silent'], names: [HOME] },
        ...{ waiting: 0, attempts: [], language: null, unconfirmed_until: null },
      },
    ]);
    for (const hidden of ['a-secret-path', made.json.secret]) assert.ok(!body.includes(hidden));
    const test = `${NOTICES}/${made.json.id}/test`;
    assert.deepEqual((await api.ask('POST', test)).json, { outcome: 'taken', reason: null });
    const again = await api.ask('POST', test);
    assert.equal(again.status, 429);
    assert.equal(again.headers['retry-after'], '5');
    const bob = new ApiClient(service, 'bob');
    assert.equal((await bob.ask('POST', test)).status, 404);
    assert.equal((await bob.ask('DELETE', `${NOTICES}/${made.json.id}`)).status, 404);
    assert.equal((await api.ask('DELETE', `${NOTICES}/${made.json.id}`)).status, 204);
    assert.equal((await api.ask('DELETE', `${NOTICES}/${made.json.id}`)).status, 404);
  });

  it('go by mail only after a link was opened, in the language that was asked for', async () => {
    const { service, api } = await start();
    const made = await api.ask('POST', NOTICES, { json: { to: MAIL, language: 'de' } });
    assert.equal(made.status, 201);
    assert.equal(made.json.secret, null);
    assert.equal(Date.parse(made.json.unconfirmed_until), service.clock.now() + 86_400_000);
    const [asked] = service.confirmations.asked;
    assert.deepEqual([asked?.mailbox, asked?.language], ['alice@example.org', 'de']);
    assert.ok(!made.body.includes(asked?.secret ?? '-'), 'whoever enters an address cannot confirm it');
    const test = `${NOTICES}/${made.json.id}/test`;
    assert.match((await api.ask('POST', test)).body, /The mail address is not confirmed/);
    assert.equal(service.noticeSender.sent.length, 0);
    const alice = 'alice' as UserName;
    const digest = (await service.users.find(alice))?.notices?.[0]?.unconfirmed?.digest ?? '';
    await service.users.confirmNotice(alice, digest);
    assert.equal((await api.ask('GET', NOTICES)).json.targets[0].unconfirmed_until, null);
    service.noticeSender.answer = () => ({ kind: 'failed', reason: '550 at 192.0.2.25', refused: false });
    const tested = await api.ask('POST', test);
    assert.deepEqual(tested.json, { outcome: 'failed', reason: 'the mail server did not take the mail' });
    assert.equal((await api.ask('POST', NOTICES, { json: { to: MAIL } })).status, 409);
  });

  for (const [json, place, words] of [
    [{ to: 'hooks.example.org' }, '#/to', /URL with https or http, or to a mail address/],
    [{ to: 'mailto:alice' }, '#/to', /a mail address is written like/],
    [{ to: 'mailto:a@example.org\r\nBcc: b@example.org' }, '#/to', /to a mail address after mailto:/],
    [{ to: 'mailto:a@example.org, b@example.org' }, '#/to', /a mail address is written like/],
    [{ to: MAIL, form: 'slack' }, '#/form', /no meaning for mail/],
    [{ to: MAIL, secret: 'hunter2' }, '#/secret', /no meaning for mail/],
    [{ to: HOOK, form: 'gotify' }, '#/secret', /needs the token/],
    [{ to: HOOK, secret: 'hunter2' }, '#/secret', /takes none/],
    [{ to: HOOK, events: ['everything'] }, '#/events/0', /./],
    [{ to: HOOK, events: ['silent', 'primary-away'] }, '#/events/1', /./],
    [{ to: HOOK, names: [HOME, BOBHOST] }, '#/names/1', /none of your names/],
    [{ to: MAIL, names: [`x.${HOME}`] }, '#/names/0', /none of your names/],
  ] as const) {
    it(`refuses ${JSON.stringify(json)}, and names the place`, async () => {
      const { service, api } = await start();
      const answer = await api.ask('POST', NOTICES, { json });
      assert.equal(answer.status, 422);
      assert.equal(answer.json.errors[0].pointer, place);
      assert.match(answer.json.errors[0].detail, words);
      assert.equal(service.confirmations.asked.length, 0);
    });
  }

  it('are of each name and event once, also of own names below a name', async () => {
    const { api } = await start();
    const filters = { events: ['silent', 'back', 'silent'], names: ['Example.org', HOME, 'example.org'] };
    assert.equal((await api.ask('POST', NOTICES, { json: { to: HOOK, ...filters } })).status, 201);
    const [target] = (await api.ask('GET', NOTICES)).json.targets;
    assert.deepEqual(target.events, ['silent', 'back']);
    assert.deepEqual(target.names, ['example.org', HOME]);
  });

  it('say why a mail is not sent', async () => {
    const { service, api } = await start();
    service.confirmations.takes = false;
    assert.equal((await api.ask('POST', NOTICES, { json: { to: MAIL } })).status, 503);
    service.confirmations.takes = true;
    for (const _ of [1, 2]) await api.ask('POST', NOTICES, { json: { to: MAIL } });
    const tooOften = await api.ask('POST', NOTICES, { json: { to: MAIL } });
    assert.equal(tooOften.status, 429);
    assert.match(tooOften.json.detail, /Several such mails/);
    service.confirmations.isPossible = false;
    const impossible = await api.ask('POST', NOTICES, { json: { to: MAIL } });
    assert.match(impossible.json.errors[0].detail, /sends no mail: its configuration has no \[mail\]/);
  });

  it('are none of the business of a token that is limited to names', async () => {
    const { service } = await start();
    const limited = new ApiClient(service, 'cam');
    assert.equal((await limited.ask('GET', NOTICES)).status, 403);
    assert.equal((await limited.ask('POST', NOTICES, { json: { to: MAIL } })).status, 403);
    assert.equal(
      (await new ApiClient(service, 'read').ask('POST', NOTICES, { json: { to: HOOK } })).status,
      403,
    );
  });
});
