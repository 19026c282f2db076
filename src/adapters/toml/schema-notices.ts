import { hash } from 'node:crypto';
import type * as z from 'zod';
import type { MailSettings } from '../../application/manage/settings.ts';
import { parseDomainName } from '../../domain/domain-name.ts';
import { invalid, type Parsed, valid } from '../../domain/errors.ts';
import { parseIpAddress } from '../../domain/ip-address.ts';
import { isLoopback, type Network, parseNetwork } from '../../domain/network.ts';
import {
  MAIL_LANGUAGES,
  NOTICE_EVENTS,
  NOTICE_FORMS,
  type NoticeForm,
  type NoticeTarget,
  noticeId,
  parseMailAddress,
  parseNoticeAddress,
  parseNoticeSecret,
  parseSigningSecret,
  SECRET_OF_FORM,
} from '../../domain/notice.ts';
import { parseTokenDigest } from '../../domain/update-token.ts';
import { anyText, type Issue, listOf, oneOf, section, text } from './schema-parts.ts';
import { parseInstant } from './schema-values.ts';
import { findAll, isTable, member, type TomlTable } from './toml-value.ts';

// The sections [[notices]], [[users.NAME.notices]] and [mail]: docs/notices.md and docs/configuration.md describe the
// same keys.

const notice = {
  to: text(parseNoticeAddress),
  form: oneOf(NOTICE_FORMS).prefault('json'),
  events: listOf(oneOf(NOTICE_EVENTS)).prefault([]),
  names: listOf(text(parseDomainName)).prefault([]),
};

export const operatorsNotice = section({
  ...notice,
  secret_file: anyText.optional(),
  allow: listOf(text(parseNetwork)).prefault([]),
});

/** Set by the program while a mailbox is not confirmed. */
const unconfirmed = section({ sha256: text(parseTokenDigest), until: text(parseInstant) });

export const usersNotice = section({
  ...notice,
  secret: text(parseNoticeSecret).optional(),
  language: oneOf(MAIL_LANGUAGES).prefault('en'),
  unconfirmed: unconfirmed.optional(),
});

export const mail = section({
  smtp: text(parseMailServer),
  from: text(parseMailAddress),
  login: anyText.optional(),
  password_file: anyText.optional(),
});

type WrittenNotice = Omit<NoticeTarget, 'id' | 'secret' | 'allow'> & {
  readonly secret?: string | undefined;
  readonly allow: readonly Network[];
};

export function noticeTarget({ secret, ...written }: WrittenNotice, owner = ''): NoticeTarget {
  return { ...written, secret, id: noticeId(written.to, owner, sha256) };
}

type WrittenUsersNotice = z.output<typeof usersNotice>;

export function usersTarget(
  { unconfirmed, language, ...written }: WrittenUsersNotice,
  owner: string,
): NoticeTarget {
  return {
    ...noticeTarget({ ...written, allow: [] }, owner),
    ...(written.to.kind === 'mail' && { language }),
    ...(unconfirmed && { unconfirmed: { digest: unconfirmed.sha256, until: unconfirmed.until } }),
  };
}

const sha256 = (text: string): string => hash('sha256', text, 'hex');

/** Reads `smtps://host` (TLS from the first octet) or `smtp://host` (STARTTLS, and nothing on this machine). */
function parseMailServer(written: string): Parsed<Pick<MailSettings, 'host' | 'port' | 'tls'>> {
  const [, scheme, host = '', port] =
    /^(smtps?):\/\/(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?\/?$/i.exec(written) ?? [];
  if (host === '' || Number(port ?? 1) < 1 || Number(port ?? 1) > 65_535) {
    return invalid('a mail server is written like smtps://mail.example.org or smtp://mail.example.org:587');
  }
  const bare = host.replace(/^\[|\]$/g, '');
  const address = parseIpAddress(bare);
  const isImplicit = scheme?.toLowerCase() === 'smtps';
  const tls = isImplicit ? 'implicit' : address.ok && isLoopback(address.value) ? 'none' : 'starttls';
  return valid({ host: bare, port: Number(port ?? (isImplicit ? 465 : 587)), tls });
}

/** What does not fit together in the notices of the document. */
export function issuesOfNotices(all: TomlTable): Issue[] {
  return [
    ...findAll(all, 'notices.*').flatMap(({ path, value }) =>
      isTable(value) ? issuesOfNotice(value, 'secret_file', all).map(below(path)) : [],
    ),
    ...findAll(all, 'users.*.notices.*').flatMap(({ path, value }) =>
      isTable(value) ? issuesOfNotice(value, 'secret', undefined).map(below(path)) : [],
    ),
  ];
}

const below =
  (path: Issue['path']) =>
  ({ path: inside, message }: Issue): Issue => ({ path: [...path, ...inside], message });

/** @param all has [mail]; undefined for notices of users: what they have set does not keep the server from starting. */
function issuesOfNotice(
  notice: TomlTable,
  secretKey: 'secret' | 'secret_file',
  all: TomlTable | undefined,
): Issue[] {
  const written = member(notice, 'to');
  const address = typeof written === 'string' ? parseNoticeAddress(written) : undefined;
  if (!address?.ok) return [];
  const form = member(notice, 'form') ?? 'json';
  const secret = member(notice, secretKey);
  if (address.value.kind === 'mail') {
    const needless = ['form', secretKey, 'allow'].filter((key) => Object.hasOwn(notice, key));
    const issues = needless.map((key) => ({ path: [key], message: 'this has no meaning for mail' }));
    if (all === undefined || Object.hasOwn(all, 'mail')) return issues;
    return [...issues, { path: ['to'], message: 'mail needs a mail server: add [mail]' }];
  }
  const ofMail = ['language', 'unconfirmed'].filter((key) => Object.hasOwn(notice, key));
  if (ofMail.length > 0) {
    return ofMail.map((key) => ({ path: [key], message: 'this has a meaning for mail alone' }));
  }
  if (isForm(form) && SECRET_OF_FORM[form] === 'in the URL' && secret !== undefined) {
    return [{ path: [secretKey], message: 'this form has its secret in the URL' }];
  }
  if (form !== 'json') return [];
  if (secret === undefined) return [{ path: [], message: `${secretKey} is needed: it signs the notices` }];
  const parsed =
    secretKey === 'secret' && typeof secret === 'string' ? parseSigningSecret(secret) : undefined;
  return parsed?.ok === false ? [{ path: [secretKey], message: parsed.reason }] : [];
}

const isForm = (form: unknown): form is NoticeForm => NOTICE_FORMS.some((known) => known === form);

/** A login has a user name and a password, or there is none. */
export function loginOfMail(table: TomlTable): Issue[] {
  const has = (key: string) => Object.hasOwn(table, key);
  if (has('login') === has('password_file')) return [];
  return [{ path: [], message: 'login and password_file belong together' }];
}
