import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NoticeTarget } from '../../../../src/domain/notice.ts';
import type { UserName } from '../../../../src/domain/user.ts';
import { SITE, Visitor } from '../../../support/visitor.ts';
import { HOME, type Service, startService, user } from '../http/service.ts';

const URL_OF_HOOK = 'https://hooks.example.org/a-secret-path';
const TARGET: NoticeTarget = {
  id: 'alerts',
  to: { kind: 'webhook', url: 'https://alerts.example.org/another-secret' },
  form: 'slack',
  secret: undefined,
  events: ['silent'],
  names: [],
  allow: [],
};

async function start(notices: readonly NoticeTarget[] = []) {
  const service = await startService({
    web: SITE,
    trustedProxies: ['127.0.0.1'],
    users: [user('alice', 's3cret', [HOME]), user('olga', 'correct horse', [], { admin: true })],
    notices,
  });
  const [alice, olga] = [new Visitor(service), new Visitor(service)];
  await alice.signIn('alice', 's3cret');
  await olga.signIn('olga', 'correct horse');
  await alice.open('/account');
  return { service, alice, olga };
}

describe('The notices of a user', () => {
  it('go to a webhook whose key is shown once, are tested, and end', async () => {
    const { service, alice } = await start();
    await alice.send('/account/notices', { to: URL_OF_HOOK, kind: 'json' });
    const [secret = ''] = /whsec_[\w+/=]+/.exec(alice.page.body) ?? [];
    assert.notEqual(secret, '');
    const [target] = (await service.users.find('alice' as UserName))?.notices ?? [];
    assert.equal(target?.secret, secret);
    await alice.open('/account');
    assert.match(alice.text, /https:\/\/hooks\.example\.org A program of your own/);
    for (const hidden of [secret, 'a-secret-path']) assert.ok(!alice.page.body.includes(hidden));

    await alice.send('/account/notices/test', {});
    assert.match(alice.text, /hooks\.example\.org has taken the test/);
    assert.deepEqual(service.noticeSender.texts, ['This is a test: notices of dynonym arrive here']);
    await alice.send('/account/notices/test', {});
    assert.equal(alice.page.status, 429);
    assert.equal(service.noticeSender.sent.length, 1);
    await service.clock.advance(5_000);
    service.noticeSender.answer = () => ({ kind: 'failed', reason: 'it answered 500', refused: false });
    await alice.send('/account/notices/test', {});
    assert.match(alice.text, /has not taken the test: it answered 500/);

    await alice.send('/account/notices/remove', {});
    assert.match(alice.text, /The target is removed/);
    assert.equal((await service.users.find('alice' as UserName))?.notices?.length ?? 0, 0);
    const deeds = service.events.told.flatMap((event) => (event.kind === 'managed' ? [event.deed] : []));
    assert.deepEqual(deeds, ['notice-added', 'notice-removed']);
  });

  it('say beside the field what is wrong, and keep what was typed', async () => {
    const { alice } = await start();
    for (const [form, sentence] of [
      [{ to: 'hooks.example.org', kind: 'json' }, /notices of users go to a URL/],
      [{ to: 'mailto:a@example.org', kind: 'json' }, /notices of users go to a URL/],
      [{ to: URL_OF_HOOK, kind: 'nothing' }, /Kind/],
      [{ to: URL_OF_HOOK, kind: 'gotify' }, /Gotify needs the token/],
      [{ to: URL_OF_HOOK, kind: 'ntfy', secret: 'two words' }, /a secret is one printable word/],
    ] as const) {
      await alice.open('/account');
      await alice.send('/account/notices', form);
      assert.equal(alice.page.status, 422);
      assert.match(alice.text, sentence);
      assert.ok(alice.page.body.includes(`value="${form.to}"`));
      assert.doesNotMatch(alice.page.body, /two words/);
    }
    await alice.send('/account/notices', { to: URL_OF_HOOK, kind: 'slack', secret: 'needless' });
    await alice.send('/account/notices', { to: URL_OF_HOOK, kind: 'slack' });
    assert.match(alice.text, /Your notices go there already/);
    for (let index = 0; index < 9; index += 1) {
      await alice.send('/account/notices', { to: `${URL_OF_HOOK}${index}`, kind: 'slack' });
      assert.equal(alice.page.status, 200);
    }
    await alice.send('/account/notices', { to: `${URL_OF_HOOK}x`, kind: 'slack' });
    assert.match(alice.text, /as many targets as a user may have/);
  });

  it('may be limited to events and names, which are kept where something else is wrong', async () => {
    const { service, alice } = await start();
    const formFor = (action: string) =>
      alice.page.body.split(`action="${action}"`)[1]?.split('</form>')[0] ?? '';
    assert.match(formFor('/account/notices'), /<details><summary>/);
    const filters = { 'event:silent': '1', 'event:back': '1', [`name:${HOME}`]: '1' };
    await alice.send('/account/notices', { ...filters, to: 'nowhere', kind: 'slack' });
    assert.equal(alice.page.status, 422);
    assert.match(formFor('/account/notices'), /<details open>/);
    for (const field of Object.keys(filters))
      assert.ok(formFor('/account/notices').includes(`name="${field}" value="1" checked`), field);
    assert.doesNotMatch(formFor('/account/notices/mail'), /checked|<details open>/);

    await alice.send('/account/notices', {
      to: URL_OF_HOOK,
      kind: 'slack',
      'name:other.example.org': '1',
      'event:paused': '1',
    });
    assert.match(
      alice.text,
      /Slack Only these events: Silent, Reported again\. Only these names: home\.example\.org\./,
    );
    const [target] = (await service.users.find('alice' as UserName))?.notices ?? [];
    assert.deepEqual([target?.events, target?.names], [['silent', 'back'], [HOME]]);
    await alice.send('/account/notices', { to: `${URL_OF_HOOK}/all`, kind: 'slack' });
    assert.match(alice.text, /Slack All events of all your names\./);
    const elsewhere = { ...TARGET, events: ['paused', 'failing'], names: [] } as const;
    await service.users.addNotice('alice' as UserName, elsewhere);
    await alice.open('/account');
    assert.match(alice.text, /Only these events: paused, Updates fail\. Nothing waits/);
  });

  it('are nobody else’s to test or to remove', async () => {
    const { service, alice, olga } = await start();
    await alice.send('/account/notices', { to: URL_OF_HOOK, kind: 'slack' });
    const [target] = (await service.users.find('alice' as UserName))?.notices ?? [];
    await olga.open('/account');
    const form = {
      form: /name="form" value="([^"]+)"/.exec(olga.page.body)?.[1] ?? '',
      id: target?.id ?? '',
    };
    await olga.open('/account/notices/test', { form });
    assert.equal(olga.page.status, 404);
    await olga.open('/account/notices/remove', { form });
    assert.equal((await service.users.find('alice' as UserName))?.notices?.length, 1);
    assert.equal(service.noticeSender.sent.length, 0);
  });
});

describe('The mailbox of a user', () => {
  const MAILBOX = 'alice@example.net';
  const confirmationOf = ({ confirmations }: Service) =>
    `/confirmation/${confirmations.asked.at(-1)?.secret}`;

  it('gets notices after the button of the mailed link was pressed, by whoever reads it', async () => {
    const { service, alice } = await start();
    await alice.send('/account/notices/mail', { mailbox: ` ${MAILBOX} ` });
    assert.match(alice.text, /The mail with the link is on its way.*alice@example\.net Not confirmed yet/);
    assert.ok(!alice.page.body.includes('/account/notices/test'), 'nothing can be sent there yet');

    const stranger = new Visitor(service);
    await stranger.open(confirmationOf(service));
    assert.match(stranger.text, /names of alice is to be mailed to alice@example\.net/);
    assert.equal(stranger.page.headers['referrer-policy'], 'same-origin');
    const unconfirmed = async () =>
      (await service.users.find('alice' as UserName))?.notices?.[0]?.unconfirmed;
    assert.notEqual(await unconfirmed(), undefined, 'to open the link changes nothing');
    await stranger.send(confirmationOf(service));
    assert.match(stranger.text, /Notices go to alice@example\.net from now on/);
    assert.equal(await unconfirmed(), undefined);
    await stranger.open(confirmationOf(service));
    assert.equal(stranger.page.status, 404);
    assert.match(stranger.text, /It was used or replaced, or a day has passed/);

    await alice.open('/account');
    assert.match(alice.text, /alice@example\.net A mail every quarter of an hour at most/);
    service.noticeSender.answer = () => ({ kind: 'failed', reason: '550 at 192.0.2.25', refused: false });
    await alice.send('/account/notices/test');
    assert.match(alice.text, /has not taken the test: the mail server did not take the mail/);
    assert.ok(!alice.page.body.includes('192.0.2.25'), 'what the mail server says is for the operator');
    await alice.send('/account/notices/remove');
    assert.equal((await service.users.find('alice' as UserName))?.notices, undefined);
  });

  it('may get some events and names alone, also when the link is sent again', async () => {
    const { service } = await start();
    const alice = new Visitor(service, { 'Accept-Language': 'de' });
    await alice.signIn('alice', 's3cret');
    await alice.open('/account');
    await alice.send('/account/notices/mail', { mailbox: 'alice', 'event:changed': '1' });
    assert.match(alice.page.body, /name="event:changed" value="1" checked/);
    await alice.send('/account/notices/mail', { mailbox: MAILBOX, [`name:${HOME}`]: '1' });
    const filter = /Nur diese Ereignisse: Adresse geändert\. Nur diese Namen: home\.example\.org\./;
    assert.match(alice.text, filter);
    await alice.send('/account/notices/mail/again');
    assert.match(alice.text, filter);
    assert.equal(service.confirmations.asked.length, 2);
    const stranger = new Visitor(service);
    await stranger.open(confirmationOf(service));
    await stranger.send(confirmationOf(service));
    const [target] = (await service.users.find('alice' as UserName))?.notices ?? [];
    assert.deepEqual([target?.events, target?.names, target?.language], [['changed'], [HOME], 'de']);
    const form = {
      form: /name="form" value="([^"]+)"/.exec(alice.page.body)?.[1] ?? '',
      id: target?.id ?? '',
    };
    await alice.open('/account/notices/mail/again', { form });
    assert.equal(alice.page.status, 404, 'a confirmed one is not asked again');
  });

  it('says beside the field what is wrong, in the language of the user', async () => {
    const { service } = await start();
    const alice = new Visitor(service, { 'Accept-Language': 'de' });
    await alice.signIn('alice', 's3cret');
    for (const mailbox of ['alice', 'a@example.org, b@example.org', 'a@example.org\r\nBcc: b@example.org']) {
      await alice.open('/account');
      await alice.send('/account/notices/mail', { mailbox });
      assert.equal(alice.page.status, 422);
      assert.match(alice.text, /eine E-Mail-Adresse wird wie alerts@example\.org geschrieben/);
    }
    assert.equal(service.confirmations.asked.length, 0);
    service.confirmations.takes = false;
    await alice.send('/account/notices/mail', { mailbox: MAILBOX });
    assert.equal(alice.page.status, 503);
    assert.match(alice.text, /Die Mail ließ sich nicht senden/);
    service.confirmations.takes = true;
    for (const _ of [1, 2]) await alice.send('/account/notices/mail', { mailbox: MAILBOX });
    assert.equal(service.confirmations.asked.at(-1)?.language, 'de');
    await alice.send('/account/notices/mail', { mailbox: MAILBOX });
    assert.equal(alice.page.status, 429);
    assert.match(alice.text, /versuchen Sie es in einer Stunde wieder/);
    await service.clock.advance(86_400_000);
    const stranger = new Visitor(service, { 'Accept-Language': 'de' });
    await stranger.open(confirmationOf(service));
    assert.match(stranger.text, /Dieser Link gilt nicht mehr|ein Tag ist vergangen/);
  });

  it('has no form where the settings have no mail server', async () => {
    const { service, alice } = await start();
    assert.ok(alice.page.body.includes('action="/account/notices/mail"'));
    service.confirmations.isPossible = false;
    await alice.open('/account');
    assert.ok(!alice.page.body.includes('action="/account/notices/mail"'));
  });

  it('is not confirmed by a form of another site', async () => {
    const { service, alice } = await start();
    await alice.send('/account/notices/mail', { mailbox: MAILBOX });
    const stranger = new Visitor(service);
    await stranger.open(confirmationOf(service), { form: {} });
    assert.notEqual(stranger.page.status, 200);
    assert.notEqual((await service.users.find('alice' as UserName))?.notices?.[0]?.unconfirmed, undefined);
  });
});

describe('The notices of the operator', () => {
  it('teach how to have some where there are none', async () => {
    const { olga } = await start();
    await olga.open('/operator/notices');
    assert.match(olga.text, /No target is configured.*\[\[notices\]\]/);
  });

  it('show what was sent, what failed, and what waits, and are tested', async () => {
    const { service, olga } = await start([TARGET]);
    await olga.open('/operator/notices');
    assert.match(olga.text, /https:\/\/alerts\.example\.org Only: silent\. Nothing waits\. Nothing was sent/);
    const notice = (id: string, text: string) =>
      ({ id, event: 'silent', at: service.clock.now(), text, facts: {} }) as const;
    service.sendNotices.add(TARGET, notice('1', '<b>home</b> is silent'));
    await service.clock.advance(0);
    service.noticeSender.answer = () => ({ kind: 'failed', reason: 'it answered 503', refused: false });
    service.sendNotices.add(TARGET, notice('2', 'cam is silent'));
    await service.clock.advance(0);
    await olga.open('/operator/notices');
    assert.match(
      olga.text,
      /One notice waits\..*cam is silent it answered 503 failed.*<b>home<\/b> is silent sent/,
    );
    assert.ok(!olga.page.body.includes('another-secret'));
    await olga.send('/operator/notices/test');
    assert.match(olga.text, /alerts\.example\.org has not taken the test: it answered 503\./);
  });

  it('are no page for others', async () => {
    const { alice } = await start([TARGET]);
    assert.equal((await alice.open('/operator/notices')).status, 404);
  });
});

describe('Today', () => {
  it('has the updates of the last 24 hours as a chart and as a table, and name servers that are behind', async () => {
    const { service, olga } = await start();
    await olga.open('/operator');
    assert.match(olga.text, /Updates in the last 24 hours: 0/);
    const authorization = `Basic ${Buffer.from('alice:s3cret').toString('base64')}`;
    for (const address of ['203.0.113.7', '203.0.113.8']) {
      await service.ask(`/nic/update?hostname=${HOME}&myip=${address}`, { as: authorization });
    }
    await service.ask('/nic/update?hostname=other.example.org&myip=203.0.113.8', { as: authorization });
    await olga.open('/operator');
    assert.match(olga.text, /Updates in the last 24 hours: 2, and 1 that were not made/);
    assert.match(olga.text, /12:00 AM UTC 2 1|00:00 UTC 2 1/);
  });
});
