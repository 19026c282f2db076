import { hasSucceeded } from '../../application/history/watch-arrivals.ts';
import type { Arrival } from '../../application/ports/shared-arrivals.ts';
import { certifiedBy } from '../../domain/challenge-name.ts';
import type { Challenged, LoginFailed, Reported } from '../../domain/event.ts';
import type { Catalogue } from './catalogue.en.ts';
import { address, exactTime, sign } from './components.ts';
import { type Content, html, type Markup } from './html.ts';
import { addressesOf } from './words-of-event.ts';

/** A sentence, and what to do about it. */
type Said = readonly [sentence: Content, cure?: Content];

/** The live line: what has come so far, each cause of a failure with its cure beside it. */
export function liveLine(arrivals: readonly Arrival[], words: Catalogue): Markup {
  const { waiting, waitingCure } = words.arrivals;
  if (arrivals.length === 0) return line('care', 'waiting', [waiting, waitingCure]);
  return html`${arrivals.map((arrival) => {
    const said = wordsOf(arrival, words);
    const when = html` <span class="small quiet">${exactTime(arrival.at, words)}</span>`;
    return hasSucceeded(arrival) ? line('good', 'up-to-date', said, when) : line('bad', 'failed', said, when);
  })}`;
}

/** Has no role of its own, because the element around it announces changes. */
const line = (kind: string, name: string, [sentence, cure]: Said, when?: Markup): Markup =>
  html`<div class="note ${kind}">${sign(name)}<p>${sentence}${when}${cure !== undefined && html`<br><span class="small">${cure}</span>`}</p></div>`;

function wordsOf(arrival: Arrival, words: Catalogue): Said {
  switch (arrival.kind) {
    case 'login-failed':
      return loginWords(arrival, words);
    case 'reported':
      return reportWords(arrival, words);
    case 'challenged':
      return challengeWords(arrival, words);
  }
}

function loginWords({ why, from }: LoginFailed, { arrivals }: Catalogue): Said {
  return arrivals.logins[why](address(from));
}

function reportWords({ name, outcome, reason = '', addresses, asked }: Reported, words: Catalogue): Said {
  const { arrivals, reports } = words;
  const host = html`<a href="/hosts/${name}">${name}</a>`;
  if (outcome === 'changed' || outcome === 'unchanged') {
    return [asked.offline ? arrivals.off(host) : arrivals.good(host, addressesOf(addresses ?? {}, words))];
  }
  // Whether somebody else has the name is not told.
  if (reason === 'not-yours' || reason === 'unknown-name') return arrivals.notAllowed(name);
  return arrivals.notMade(host, reports[reason] ?? reason);
}

function challengeWords({ challenge, outcome, reason = '' }: Challenged, words: Catalogue): Said {
  const { arrivals, reports } = words;
  const name = certifiedBy(challenge) ?? challenge;
  if (outcome === 'presented') return [arrivals.presented(name)];
  return arrivals.notPresented(name, arrivals.challenges[reason] ?? reports[reason] ?? reason);
}
