import { type DomainName, isAtOrBelow } from './domain-name.ts';
import { invalid, type Parsed, valid } from './errors.ts';
import type { Network } from './network.ts';

/** What notices about single names tell. Filters have these words. Users get such notices only, operators all. */
export const NAME_EVENTS = [
  'changed',
  'silent',
  'back',
  'taken-off',
  'flapping',
  'failing',
  'working',
  'behind',
] as const;

export const NOTICE_EVENTS = [
  ...NAME_EVENTS,
  'primary-away',
  'primary-back',
  'secondary-behind',
  'certificate-ending',
  'paused',
  'test',
] as const;
export type NoticeEvent = (typeof NOTICE_EVENTS)[number];

/** Something that happened, told to people and their programs. */
export type Notice = {
  /** The same in every attempt to send it, and different from that of every other notice. */
  readonly id: string;
  readonly event: NoticeEvent;
  /** When it happened, in milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  /** Undefined where it concerns no single name. */
  readonly name?: DomainName | undefined;
  /** One sentence that says it all. */
  readonly text: string;
  /** The fields of the event, for programs. */
  readonly facts: Readonly<Record<string, unknown>>;
};

/** What the filters of targets look at. */
export type NoticeSubject = Pick<Notice, 'event' | 'name'>;

/** How the body of a webhook is written. `json` is our own, and signed. */
export const NOTICE_FORMS = [
  'json',
  'ntfy',
  'gotify',
  'slack',
  'mattermost',
  'discord',
  'home-assistant',
] as const;
export type NoticeForm = (typeof NOTICE_FORMS)[number];

/** What the secret of a form does: it signs the body, or it is a token of the receiver. Some have theirs in the URL. */
export const SECRET_OF_FORM: Readonly<
  Record<NoticeForm, 'signs' | 'needed token' | 'optional token' | 'in the URL'>
> = {
  json: 'signs',
  ntfy: 'optional token',
  gotify: 'needed token',
  slack: 'in the URL',
  mattermost: 'in the URL',
  discord: 'in the URL',
  'home-assistant': 'in the URL',
};

/** True for a form whose secret is a token of the receiver. */
export const takesToken = (form: NoticeForm): boolean =>
  SECRET_OF_FORM[form] === 'needed token' || SECRET_OF_FORM[form] === 'optional token';

export type NoticeAddress =
  | { readonly kind: 'webhook'; readonly url: string }
  | { readonly kind: 'mail'; readonly mailbox: string };

/** The languages of a mail to a user, as those of the pages. */
export const MAIL_LANGUAGES = ['en', 'de'] as const;
export type MailLanguage = (typeof MAIL_LANGUAGES)[number];

/** Where notices go, and which. */
export type NoticeTarget = {
  /** Stays the same as long as the address does, also over a restart. */
  readonly id: string;
  readonly to: NoticeAddress;
  readonly form: NoticeForm;
  /** The key of the signature for the form `json`, the access token for `ntfy` and `gotify`. */
  readonly secret: string | undefined;
  /** Empty: all. */
  readonly events: readonly NoticeEvent[];
  /** Only of these names, and of names below them. Empty: of all. */
  readonly names: readonly DomainName[];
  /** Networks that a webhook may lead to, although they are not public. */
  readonly allow: readonly Network[];
  /** Set until somebody who reads the mailbox has agreed. No notice goes there before. */
  readonly unconfirmed?: Unconfirmed | undefined;
  /** Every mailbox of a user has one. Undefined: a webhook, or a mailbox of the operator, who is written to in English. */
  readonly language?: MailLanguage | undefined;
};

/** A link was mailed to the mailbox: whoever opens it may agree. */
export type Unconfirmed = {
  /** Digest of the secret in the link. The secret itself is not kept. */
  readonly digest: string;
  /** Until when the link is good, in milliseconds since 1970-01-01 UTC. */
  readonly until: number;
};

/**
 * The id of a target: a digest, because the address may be a secret. `sha256` gives hexadecimal digits. `owner`: the user,
 * or nothing for the operator.
 */
export const noticeId = (to: NoticeAddress, owner: string, sha256: (text: string) => string): string =>
  sha256(JSON.stringify([owner, to])).slice(0, 32);

/**
 * True when the target is confirmed and its filters let the notice pass. A notice of no name is not judged by names.
 */
export function isWanted(
  { event, name }: NoticeSubject,
  target: Pick<NoticeTarget, 'events' | 'names' | 'unconfirmed'>,
): boolean {
  if (target.unconfirmed !== undefined) return false;
  if (target.events.length > 0 && !target.events.includes(event)) return false;
  if (name === undefined || target.names.length === 0) return true;
  return target.names.some((wanted) => isAtOrBelow(name, wanted));
}

/** The address as it is written in the configuration. It may be a secret. */
export const addressText = (to: NoticeAddress): string =>
  to.kind === 'mail' ? `mailto:${to.mailbox}` : to.url;

/** The target for the log. The path and the query of a URL may be secret, and so is a login in it. */
export const targetText = ({ to }: Pick<NoticeTarget, 'to'>): string =>
  to.kind === 'mail' ? addressText(to) : new URL(to.url).origin;

/** Reads the URL of a webhook, without the control characters that a URL parser drops, or `mailto:` and one mail address. */
export function parseNoticeAddress(text: string): Parsed<NoticeAddress> {
  const [, mailbox] = /^mailto:(.*)$/i.exec(text) ?? [];
  if (mailbox !== undefined) {
    const parsed = parseMailAddress(mailbox);
    return parsed.ok ? valid({ kind: 'mail', mailbox: parsed.value }) : parsed;
  }
  if (/[\p{Cc}\p{Cs}]/u.test(text) || !URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    return invalid('notices go to a URL with https or http, or to a mail address after mailto:');
  }
  return valid({ kind: 'webhook', url: text });
}

/** Reads one address (RFC 5321 section 4.1.2) without comments, quotes or a display name. */
export function parseMailAddress(text: string): Parsed<string> {
  return /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?$/i.test(text)
    ? valid(text)
    : invalid('a mail address is written like alerts@example.org');
}

/** Reads a key or token that can stand in a header. */
export function parseNoticeSecret(text: string): Parsed<string> {
  return /^[\x21-\x7e]{1,500}$/.test(text) ? valid(text) : invalid('a secret is one printable word');
}

/** A key of signatures. `random`: at least 192 random bits, as a TokenMint issues them. */
export const signingSecretOf = (random: string): string => {
  const base64 = random.replaceAll('-', '+').replaceAll('_', '/');
  return `whsec_${base64.padEnd(Math.ceil(base64.length / 4) * 4, '=')}`;
};

/** Reads the key of signatures in the form of Standard Webhooks: `whsec_` and 24 to 64 octets in base64. */
export function parseSigningSecret(text: string): Parsed<string> {
  return /^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/.test(text)
    ? valid(text)
    : invalid('a key for signatures is whsec_ and 24 to 64 octets in base64');
}
