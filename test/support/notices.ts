import { domainName } from '../../src/domain/domain-name.ts';
import { type Notice, type NoticeTarget, parseNoticeAddress } from '../../src/domain/notice.ts';
import { valueIn } from './parsed.ts';

/** The key that Standard Webhooks uses in its own examples. */
export const SIGNING_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** A target of all notices, at this address. */
export function targetAt(to: string, more: Partial<NoticeTarget> = {}): NoticeTarget {
  return {
    id: `target ${to}`,
    to: valueIn(parseNoticeAddress(to)),
    form: 'json',
    secret: SIGNING_SECRET,
    events: [],
    names: [],
    allow: [],
    ...more,
  };
}

/** A notice that something of `name` has happened; of no name where it is empty. */
export function noticeNamed(id: string, name = 'home.example.org', more: Partial<Notice> = {}): Notice {
  return {
    id,
    event: 'changed',
    at: Date.UTC(2026, 0, 1),
    name: name === '' ? undefined : domainName(name),
    text: id,
    facts: {},
    ...more,
  };
}
