import { createHmac } from 'node:crypto';
import type { Notice, NoticeForm, NoticeTarget } from '../../domain/notice.ts';

/** What is posted to a webhook. */
export type WebhookRequest = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

type Webhook = { readonly url: string; readonly secret: string | undefined };
type Written = { readonly url?: string; readonly headers?: Record<string, string>; readonly body: object };

/** Events that need no attention: good news, and changes that were asked for. */
const CALM: ReadonlySet<Notice['event']> = new Set(['changed', 'back', 'working', 'primary-back', 'test']);

const titleOf = ({ name, event }: Notice): string => `dynonym: ${name ?? event}`;
const priorityOf = (event: Notice['event'], calm: number, urgent: number): number =>
  CALM.has(event) ? calm : urgent;

/**
 * The text with backslashes before what has a meaning inside of a line of Markdown: a user name must not make links, and
 * a domain name keeps its asterisk. A text is one line, and begins with none of the characters that mark whole lines.
 */
const withoutMarkdown = (text: string): string => text.replace(/[\\`*_~|[\]]/g, '\\$&');

const WRITERS: Readonly<Record<NoticeForm, (notice: Notice, webhook: Webhook) => Written>> = {
  json: (notice) => ({ body: ownBody(notice) }),
  'home-assistant': (notice) => ({
    body: { title: titleOf(notice), message: notice.text, ...ownBody(notice) },
  }),
  /** https://docs.ntfy.sh/publish/#publish-as-json: the topic stands in the body, and not in the path. */
  ntfy(notice, { url, secret }) {
    const [, server = '', topic = ''] = /^(.*\/)([^/]*)$/.exec(new URL(url).pathname) ?? [];
    const priority = priorityOf(notice.event, 3, 4);
    return {
      url: new URL(server, url).href,
      headers: secret === undefined ? {} : { authorization: `Bearer ${secret}` },
      body: { topic, title: titleOf(notice), message: notice.text, priority, tags: [notice.event] },
    };
  },
  /** https://gotify.net/docs/pushmsg */
  gotify: (notice, { secret }) => ({
    headers: secret === undefined ? {} : { 'x-gotify-key': secret },
    body: { title: titleOf(notice), message: notice.text, priority: priorityOf(notice.event, 4, 8) },
  }),
  /** https://docs.slack.dev/messaging/formatting-message-text: three characters are escaped. */
  slack: ({ text }) => ({
    body: { text: text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') },
  }),
  /** Mattermost finds mentions in the text itself, also behind a backslash: an invisible character breaks them up. */
  mattermost: ({ text }) => ({ body: { text: withoutMarkdown(text).replaceAll('@', '@\u200d') } }),
  /**
   * https://docs.discord.com/developers/resources/webhook#execute-webhook: a text mentions nobody. `<@1>` would still
   * show the name of somebody.
   */
  discord: ({ text }) => ({
    body: { content: withoutMarkdown(text).replaceAll('<', '\\<'), allowed_mentions: { parse: [] } },
  }),
};

/** The request that tells a notice, in the form of the target. `now`: milliseconds since 1970-01-01 UTC. */
export function requestOf(
  { form, secret }: NoticeTarget,
  webhookUrl: string,
  notice: Notice,
  now: number,
): WebhookRequest {
  const { url = webhookUrl, headers = {}, body } = WRITERS[form](notice, { url: webhookUrl, secret });
  const text = JSON.stringify(body);
  const signature = form === 'json' && secret !== undefined ? signed(notice.id, text, secret, now) : {};
  return {
    url,
    body: text,
    headers: { 'content-type': 'application/json', 'user-agent': 'dynonym', ...headers, ...signature },
  };
}

/** The body of Standard Webhooks (https://www.standardwebhooks.com). Times are RFC 3339. */
function ownBody({ event, at, name, text, facts }: Notice): object {
  const times = Object.entries(facts).filter(([key]) => key === 'since' || key === 'until');
  const data = Object.fromEntries(times.map(([key, time]) => [key, new Date(Number(time)).toISOString()]));
  return { type: event, timestamp: new Date(at).toISOString(), data: { text, name, ...facts, ...data } };
}

/** The headers of Standard Webhooks. */
function signed(id: string, body: string, secret: string, now: number): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000));
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
