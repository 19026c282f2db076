import { type MailLanguage, type NoticeTarget, noticeId } from '../../domain/notice.ts';
import type { User, UserName } from '../../domain/user.ts';
import type { Clock } from '../ports/clock.ts';
import type { ConfirmationSender } from '../ports/confirmation-sender.ts';
import type { TokenMint } from '../ports/token-mint.ts';
import { refusalOfNotice, type UserStore } from '../ports/user-store.ts';
import type { Deeds } from './deeds.ts';
import { HourlyLimit } from './hourly-limit.ts';

/** Milliseconds for which a link is good. */
export const CONFIRMATION_LIFE = 24 * 60 * 60 * 1000;

/** The most mails in an hour that ask for a confirmation, for one user and for one mailbox, whoever enters it. */
const MOST_ASKED = { user: 5, mailbox: 3 };

/** A mailbox that a user wants notices to go to. */
export type MailRequest = Pick<NoticeTarget, 'events' | 'names'> & {
  readonly mailbox: string;
  readonly language: MailLanguage;
};

export type MailOutcome =
  | { readonly kind: 'asked'; readonly target: NoticeTarget }
  /** `not-sent`: the mail server did not take the mail, and nothing is kept. */
  | { readonly kind: 'no-mail' | 'exists' | 'too-many' | 'too-often' | 'not-sent' | 'unknown-user' };

/** Whose notices would go where. */
export type AskedMailbox = { readonly user: UserName; readonly mailbox: string };

/** What all who enter mailboxes share. */
export class Confirmations {
  readonly sender: ConfirmationSender;
  readonly #ofUser: HourlyLimit;
  readonly #ofMailbox: HourlyLimit;

  constructor(sender: ConfirmationSender, clock: Clock) {
    this.sender = sender;
    this.#ofUser = new HourlyLimit(MOST_ASKED.user, clock);
    this.#ofMailbox = new HourlyLimit(MOST_ASKED.mailbox, clock);
  }

  /** Whether one more mail may be sent. If so, it is counted. */
  count(user: UserName, mailbox: string): boolean {
    const key = mailbox.toLowerCase();
    if (this.#ofUser.isReached(user) || this.#ofMailbox.isReached(key)) return false;
    this.#ofUser.count(user);
    this.#ofMailbox.count(key);
    return true;
  }
}

/**
 * Mailboxes for the notices of users. A link is mailed there, good once and for a day, and no notice goes there before
 * somebody has agreed by it.
 */
export class Mailboxes {
  readonly #users: UserStore;
  readonly #tokens: TokenMint;
  readonly #clock: Clock;
  readonly #deeds: Deeds;
  readonly #confirmations: Confirmations;

  constructor(users: UserStore, tokens: TokenMint, clock: Clock, deeds: Deeds, confirmations: Confirmations) {
    this.#users = users;
    this.#tokens = tokens;
    this.#clock = clock;
    this.#deeds = deeds;
    this.#confirmations = confirmations;
  }

  /** False where the settings have no mail server. */
  get arePossible(): boolean {
    return this.#confirmations.sender.isPossible;
  }

  /** Mails a link to the mailbox. If one was mailed before and not used, the new one takes its place. */
  async ask(owner: UserName, { mailbox, language, ...filters }: MailRequest): Promise<MailOutcome> {
    if (!this.arePossible) return { kind: 'no-mail' };
    const user = await this.#users.find(owner);
    if (user === undefined) return { kind: 'unknown-user' };
    const to = { kind: 'mail', mailbox } as const;
    const id = noticeId(to, owner, (text) => this.#tokens.digestOf(text));
    // Asked before the mail is counted. The store has the last word.
    const refusal = refusalOfNotice(user, { id });
    if (refusal !== undefined) return { kind: refusal };
    if (!this.#confirmations.count(owner, mailbox)) return { kind: 'too-often' };

    const secret = this.#tokens.issue();
    const unconfirmed = {
      digest: this.#tokens.digestOf(secret),
      until: this.#clock.now() + CONFIRMATION_LIFE,
    };
    const target: NoticeTarget = {
      ...filters,
      id,
      to,
      form: 'json',
      secret: undefined,
      allow: [],
      language,
      unconfirmed,
    };
    const outcome = await this.#users.addNotice(owner, target);
    if (outcome !== 'added') return { kind: outcome };
    if (!(await this.#confirmations.sender.ask(mailbox, { secret, language }))) {
      await this.#users.removeNotice(owner, id);
      return { kind: 'not-sent' };
    }
    const isNew = user.notices?.some((earlier) => earlier.id === id) !== true;
    if (isNew) this.#deeds.tell({ deed: 'notice-added', user: owner });
    return { kind: 'asked', target };
  }

  /** Undefined where the link is not good any more, or never was. */
  async look(secret: string): Promise<AskedMailbox | undefined> {
    const digest = this.#tokens.digestOf(secret);
    const user = await this.#users.findByConfirmation(digest);
    return user && this.#askedOf(user, digest);
  }

  /** Uses up a link. Of two who use it at once, one does. */
  async confirm(secret: string): Promise<'confirmed' | 'gone'> {
    const asked = await this.look(secret);
    if (asked === undefined) return 'gone';
    const change = this.#users.confirmNotice(asked.user, this.#tokens.digestOf(secret));
    const deed = { deed: 'notice-confirmed', user: asked.user } as const;
    const outcome = await this.#deeds.tellIf('confirmed', change, deed);
    return outcome === 'confirmed' ? 'confirmed' : 'gone';
  }

  #askedOf({ name: user, notices = [] }: User, digest: string): AskedMailbox | undefined {
    const target = notices.find(({ unconfirmed }) => unconfirmed?.digest === digest);
    if (target?.to.kind !== 'mail' || (target.unconfirmed?.until ?? 0) <= this.#clock.now()) return undefined;
    return { user, mailbox: target.to.mailbox };
  }
}
