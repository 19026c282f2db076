import type { MailLanguage, Notice } from '../../domain/notice.ts';
import { noticesDe } from '../notice-words/notice-words.de.ts';
import { type NoticeCatalogue, sentenceOfNotice } from '../notice-words/notice-words.ts';
import type { Mail } from './mail-sender.ts';

export type DigestReader = {
  /** The language of a user. Undefined: the mail is for an operator, in English, and does not say why it comes. */
  readonly language: MailLanguage | undefined;
  /** Where the pages are, if there are any. */
  readonly web: string | undefined;
};

/** All notices as one mail. A user reads at its end why it comes and how to stop it. */
export function digestOf(notices: readonly Notice[], { language, web }: DigestReader): Mail {
  const { told, several, why } = WORDS[language ?? 'en'];
  const sentences = notices.map((notice) => ({ at: notice.at, text: sentenceOfNotice(notice, told) }));
  const subject = notices.length === 1 ? sentences[0]?.text : several(notices.length);
  const lines = sentences.map(({ at, text }) => `${new Date(at).toISOString()}  ${text}.\n`).join('');
  const end = language === undefined ? '' : `\n-- \n${why(web)}\n`;
  const stopAt = language === undefined || web === undefined ? undefined : accountOn(web);
  return { subject: `dynonym: ${subject}`, text: `${lines}${end}`, stopAt };
}

type Words = {
  readonly told: NoticeCatalogue | undefined;
  readonly several: (count: number) => string;
  readonly why: (web: string | undefined) => string;
};

const WORDS: Readonly<Record<MailLanguage, Words>> = {
  en: {
    told: undefined,
    several: (count) => `${count} notices`,
    why: (web) =>
      web === undefined
        ? 'This comes because a user of this server has notices sent to this address. Its operator can stop it.'
        : `This comes because a user of ${new URL(web).host} has notices sent to this address. To stop it, remove the address there: ${accountOn(web)}`,
  },
  de: {
    told: noticesDe,
    several: (count) => `${count} Mitteilungen`,
    why: (web) =>
      web === undefined
        ? 'Diese Mail kommt, weil jemand Mitteilungen dieses Servers an diese Adresse senden lässt. Der Betreiber kann das beenden.'
        : `Diese Mail kommt, weil jemand Mitteilungen von ${new URL(web).host} an diese Adresse senden lässt. Um das zu beenden, entfernen Sie die Adresse dort: ${accountOn(web)}`,
  },
};

const accountOn = (web: string): string => new URL('/account', web).href;
