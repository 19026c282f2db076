import type Router from '@koa/router';
import type { TokenUse } from '../../../domain/update-token.ts';
import type { Catalogue } from '../catalogue.en.ts';
import { choiceForm, type Group, readChoice } from '../choose-client.ts';
import { finishedText } from '../finished-text.ts';
import type { Tried } from '../forms.ts';
import { needUser } from '../guard.ts';
import { type Content, html } from '../html.ts';
import { show } from '../layout.ts';
import type { PageServices } from '../page-services.ts';
import { goTo, manageBy, type PageContext, type PageState, signedInOf } from '../visit.ts';
import { liveLine } from '../words-of-arrival.ts';
import { lineOf, liveSection, tokenOf } from './arrivals.ts';

/** What a page has to offer: configurations of some kind, with a fresh token in them. */
export type Offer = {
  readonly path: '/setup' | '/certificates';
  /** What the tokens are good for. */
  readonly use: TokenUse;
  readonly words: (words: Catalogue) => {
    readonly title: string;
    readonly lead: string;
    readonly which: string;
  };
  readonly groups: (words: Catalogue) => readonly Group[];
  /** Why there is nothing for this user. */
  readonly empty: (context: PageContext) => string | undefined;
  /** What stands below the form. */
  readonly below?: (context: PageContext) => Promise<Content>;
};

/** The pages of one offer: the form, the finished text, and what has come with a token. */
export function offerClients(router: Router<PageState>, services: PageServices, offer: Offer): void {
  const { path } = offer;

  router.get(path, needUser, (context) => showForm(context, offer));

  router.post(path, needUser, async (context) => {
    const { user } = signedInOf(context);
    const { visit, form: typed } = context.state;
    const { url } = services.web;
    const read = readChoice(typed, offer.groups(visit.words), { user, url }, visit.words);
    if (!read.ok) return showForm(context, offer, { typed, errors: read.errors });

    const { client, names } = read.choice;
    const token = await manageBy(context, services).users.addToken(user.name, {
      name: freshName(client.id, services),
      domains: names,
      use: offer.use,
    });
    // The operator has taken a name away since the form was shown.
    if (token.kind !== 'added') return goTo(context, path);
    services.arrivals.expect(user.name);
    const account = { url, user: user.name, domains: names, secret: token.secret };
    const line = liveLine([], visit.words);
    const content = html`${finishedText(visit, client, account)}${liveSection(context, { path, token: token.name, line })}`;
    show(context, { title: offer.words(visit.words).title, menu: path, content });
  });

  router.get(`${path}/:token`, needUser, async (context) => {
    const token = tokenOf(context, String(context.params['token']));
    if (token === undefined) return context.throw(404);
    const { setUp } = context.state.visit.words;
    const line = await lineOf(context, services, token);
    const content = html`${liveSection(context, { path, token: token.name, line })}
<p><a href="${path}">${setUp.another}</a></p>`;
    return show(context, { title: setUp.arrivedWith(token.name), menu: path, content });
  });
}

/** A name for a token. It has the name of the client, and a part that no other token has: it shows who reports. */
const freshName = (client: string, { tokens }: PageServices): string =>
  `${client}-${tokens.digestOf(tokens.issue()).slice(0, 6)}`;

async function showForm(
  context: PageContext,
  { path, words, groups, empty, below }: Offer,
  { typed, errors }: Tried = {},
): Promise<void> {
  const { visit } = context.state;
  const { title, lead, which } = words(visit.words);
  const nothing = empty(context);
  const names = signedInOf(context).user.domains;
  const options = { path, groups: groups(visit.words), which, names, typed, ...(errors && { errors }) };
  const content = html`<p class="quiet">${lead}</p>
${nothing === undefined ? choiceForm(visit, options) : html`<p>${nothing}</p>`}
${await below?.(context)}`;
  show(context, { title, menu: path, content, status: errors === undefined ? 200 : 422 });
}
