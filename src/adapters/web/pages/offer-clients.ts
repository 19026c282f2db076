import type Router from '@koa/router';
import type { TokenUse, UpdateToken } from '../../../domain/update-token.ts';
import type { Catalogue } from '../catalogue.en.ts';
import { choiceForm, type Group, readChoice, type Typed } from '../choose-client.ts';
import { finishedText } from '../finished-text.ts';
import type { Errors } from '../forms.ts';
import { needUser } from '../guard.ts';
import { type Content, html } from '../html.ts';
import { show } from '../layout.ts';
import { createLiveLines } from '../live-line.ts';
import type { PageServices } from '../page-services.ts';
import { cookiesOf, type PageContext, type PageState, signedInOf } from '../visit.ts';
import { liveLine } from '../words-of-arrival.ts';
import { goTo } from './sign-in.ts';

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
  const { arrivals, sessions, web } = services;
  const lines = createLiveLines(services);
  const { path } = offer;
  const cookies = cookiesOf(web.url);

  router.get(path, needUser, (context) => showForm(context, offer));

  router.post(path, needUser, async (context) => {
    const { user } = signedInOf(context);
    const { visit } = context.state;
    const typed = context.state.form;
    const read = readChoice(typed, offer.groups(visit.words), { user, url: web.url }, visit.words);
    if (!read.ok) return showForm(context, offer, { typed, errors: read.errors });

    const { client, names } = read.choice;
    const token = await services.manageAs({ by: user.name, way: 'page' }).users.addToken(user.name, {
      name: freshName(client.id, services),
      domains: names,
      use: offer.use,
    });
    // The operator has taken a name away since the form was shown.
    if (token.kind !== 'added') return goTo(context, path);
    arrivals.expect(user.name);
    const account = { url: web.url, user: user.name, domains: names, secret: token.secret };
    const content = html`${finishedText(visit, client, account)}${liveSection(context, offer, token.name, liveLine([], visit.words))}`;
    return show(context, { title: offer.words(visit.words).title, menu: path, content });
  });

  router.get(`${path}/events`, needUser, (context) => {
    const name = new URLSearchParams(context.state.query).get('token') ?? '';
    // Without content, the browser does not ask again.
    if (tokenOf(context, name) === undefined) {
      context.status = 204;
      return;
    }
    const secret = context.cookies.get(cookies.session) ?? '';
    return lines.follow(context, signedInOf(context).user.name, async () => {
      const signedIn = await sessions.find(secret);
      const token = signedIn?.user.tokens.find((one) => one.name === name);
      return token === undefined ? undefined : lineOf(context, token);
    });
  });

  router.get(`${path}/:token`, needUser, async (context) => {
    const token = tokenOf(context, String(context.params['token']));
    if (token === undefined) return context.throw(404);
    const { words } = context.state.visit;
    const content = html`${liveSection(context, offer, token.name, await lineOf(context, token))}
<p><a href="${path}">${words.setUp.another}</a></p>`;
    return show(context, { title: words.setUp.arrivedWith(token.name), menu: path, content });
  });

  const lineOf = async (context: PageContext, { name: token, domains }: UpdateToken) => {
    const { user } = signedInOf(context);
    const names = domains ?? user.domains;
    return liveLine(await arrivals.of({ user: user.name, token, names }), context.state.visit.words);
  };
}

const tokenOf = (context: PageContext, name: string): UpdateToken | undefined =>
  signedInOf(context).user.tokens.find((token) => token.name === name);

/** It tells the device, and is never used again, so that what comes with it is from this device. */
const freshName = (client: string, { tokens }: PageServices): string =>
  `${client}-${tokens.digestOf(tokens.issue()).slice(0, 6)}`;

/** What comes with a token. A script keeps it up to date. Without one, a link shows the present state. */
function liveSection({ state }: PageContext, { path }: Offer, token: string, line: Content): Content {
  const { setUp } = state.visit.words;
  const name = encodeURIComponent(token);
  return html`<section aria-labelledby="live"><h2 id="live">${setUp.live}</h2>
<div data-live="${path}/events?token=${name}" role="status">${line}</div>
<noscript><p><a class="button" href="${path}/${name}" target="setup-state">${setUp.lookAgain}</a></p></noscript></section>`;
}

async function showForm(
  context: PageContext,
  { path, words, groups, empty, below }: Offer,
  { typed, errors }: { readonly typed?: Typed; readonly errors?: Errors } = {},
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
