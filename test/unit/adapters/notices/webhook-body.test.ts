import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { requestOf } from '../../../../src/adapters/notices/webhook-body.ts';
import type { NoticeForm } from '../../../../src/domain/notice.ts';
import { noticeNamed, SIGNING_SECRET, targetAt } from '../../../support/notices.ts';

const CHANGED = noticeNamed('n-1', 'home.example.org', {
  text: 'home.example.org has the address 192.0.2.7',
  facts: { name: 'home.example.org', after: { ipv4: ['192.0.2.7'] } },
});
const AWAY = noticeNamed('n-2', '', {
  event: 'primary-away',
  text: 'The primary <192.0.2.53:53> & co do not answer',
  facts: { server: '192.0.2.53:53', since: Date.UTC(2026, 0, 1, 1) },
});
const NOW = Date.UTC(2026, 0, 1, 0, 0, 5);

function written(form: NoticeForm, url: string, secret?: string, notice = CHANGED) {
  const { body, ...request } = requestOf(targetAt(url, { form, secret }), url, notice, NOW);
  return { ...request, body: JSON.parse(body) };
}

describe('the body of a webhook', () => {
  it('is a type, a time and data in our own form, signed as Standard Webhooks are', () => {
    const { url, headers, body } = written('json', 'https://hooks.example.org/x?y=1', SIGNING_SECRET);
    assert.equal(url, 'https://hooks.example.org/x?y=1');
    assert.deepEqual(body, {
      type: 'changed',
      timestamp: '2026-01-01T00:00:00.000Z',
      data: {
        text: 'home.example.org has the address 192.0.2.7',
        name: 'home.example.org',
        after: { ipv4: ['192.0.2.7'] },
      },
    });
    assert.equal(headers['content-type'], 'application/json');
    assert.equal(headers['webhook-id'], 'n-1');
    assert.equal(headers['webhook-timestamp'], '1767225605');
    assert.match(headers['webhook-signature'] ?? '', /^v1,[A-Za-z0-9+/]{43}=$/);
  });

  it('has moments as RFC 3339', () => {
    const { body } = written('json', 'https://hooks.example.org/', SIGNING_SECRET, AWAY);
    assert.equal(body.data.since, '2026-01-01T01:00:00.000Z');
  });

  it('for ntfy names the topic, the last part of the path, and goes to its server', () => {
    const { url, headers, body } = written('ntfy', 'https://ntfy.example.org/sub/topic', 'tk_1', AWAY);
    assert.equal(url, 'https://ntfy.example.org/sub/');
    assert.equal(headers['authorization'], 'Bearer tk_1');
    assert.deepEqual(body, {
      topic: 'topic',
      title: 'dynonym: primary-away',
      message: AWAY.text,
      priority: 4,
      tags: ['primary-away'],
    });
    assert.equal(written('ntfy', 'https://ntfy.example.org/topic').headers['authorization'], undefined);
  });

  it('for Gotify has a title, a message and a priority, and the token stands in a header', () => {
    const { url, headers, body } = written('gotify', 'https://gotify.example.org/message', 'A.token');
    assert.equal(url, 'https://gotify.example.org/message');
    assert.equal(headers['x-gotify-key'], 'A.token');
    assert.deepEqual(body, { title: 'dynonym: home.example.org', message: CHANGED.text, priority: 4 });
  });

  it('for Slack is a text in which three characters are escaped', () => {
    assert.deepEqual(written('slack', 'https://hooks.slack.example/x', undefined, AWAY).body, {
      text: 'The primary &lt;192.0.2.53:53&gt; &amp; co do not answer',
    });
  });

  it('for Mattermost is a text', () => {
    assert.deepEqual(written('mattermost', 'https://chat.example.org/hooks/x').body, { text: CHANGED.text });
  });

  it('for Discord is a content that mentions nobody', () => {
    const { body } = written('discord', 'https://discord.example/api/webhooks/1/x');
    assert.deepEqual(body, { content: CHANGED.text, allowed_mentions: { parse: [] } });
  });

  /** What an invited person may choose as a user name, and a wildcard name. */
  const chosen = (user: string) =>
    noticeNamed('n-3', '*.lab.example.org', {
      text: `Logins of the user ${user} from 198.51.100.7 are paused; _acme-challenge.*.lab.example.org`,
    });
  const userIn = (form: NoticeForm, user: string) => {
    const { body } = written(form, 'https://chat.example.org/hooks/x', undefined, chosen(user));
    return (body.text ?? body.content).replace(
      /^Logins of the user | from 198\.51\.100\.7 are paused; .*$/g,
      '',
    );
  };

  for (const [user, mattermost, discord] of [
    ['alice', 'alice', 'alice'],
    ['jo.doe-2 (home), #1 > x!', 'jo.doe-2 (home), #1 > x!', 'jo.doe-2 (home), #1 > x!'],
    [
      '@channel [reset](www.evil.example)',
      '@\u200dchannel \\[reset\\](www.evil.example)',
      '@channel \\[reset\\](www.evil.example)',
    ],
    ['a@b@all', 'a@\u200db@\u200dall', 'a@b@all'],
    ['![x](y)', '!\\[x\\](y)', '!\\[x\\](y)'],
    ['**a** __b__ ~~c~~ `d`', '\\*\\*a\\*\\* \\_\\_b\\_\\_ \\~\\~c\\~\\~ \\`d\\`', undefined],
    ['\\[x](y)', '\\\\\\[x\\](y)', '\\\\\\[x\\](y)'],
    ['||a|| <@1> <#2>', '\\|\\|a\\|\\| <@\u200d1> <#2>', '\\|\\|a\\|\\| \\<@1> \\<#2>'],
  ] as const) {
    it(`shows the user name ${user} in Mattermost and Discord as it is, and not as Markdown`, () => {
      assert.equal(userIn('mattermost', user), mattermost);
      assert.equal(userIn('discord', user), discord ?? mattermost);
    });
  }

  it('keeps the asterisks and underscores of domain names in Mattermost and Discord', () => {
    for (const form of ['mattermost', 'discord'] as const) {
      const { body } = written(form, 'https://chat.example.org/hooks/x', undefined, chosen('alice'));
      assert.ok((body.text ?? body.content).endsWith('; \\_acme-challenge.\\*.lab.example.org'));
    }
  });

  it('leaves the texts of other forms as they are', () => {
    const notice = chosen('@channel [reset](www.evil.example)');
    for (const form of ['json', 'ntfy', 'gotify', 'slack', 'home-assistant'] as const) {
      const { body } = written(
        form,
        'https://chat.example.org/x',
        form === 'json' ? SIGNING_SECRET : undefined,
        notice,
      );
      assert.equal(body.message ?? body.text ?? body.data.text, notice.text);
    }
  });

  it('for Home Assistant has a title and a message for automations, and all else', () => {
    const { body, headers } = written('home-assistant', 'http://ha.example.org:8123/api/webhook/x');
    assert.deepEqual([body.title, body.message], ['dynonym: home.example.org', CHANGED.text]);
    assert.deepEqual([body.type, body.data.name], ['changed', 'home.example.org']);
    assert.equal(headers['webhook-signature'], undefined);
  });
});
