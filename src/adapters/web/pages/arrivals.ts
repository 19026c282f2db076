import type Router from '@koa/router';
import type { UpdateToken } from '../../../domain/update-token.ts';
import { needUser } from '../guard.ts';
import { type Content, html, type Markup } from '../html.ts';
import { createLiveLines } from '../live-lines.ts';
import type { PageServices } from '../page-services.ts';
import { cookiesOf, type PageContext, type PageState, signedInOf } from '../visit.ts';
import { liveLine } from '../words-of-arrival.ts';

/** What has come with a token, as events for a page that is open. */
export function arrivalEvents(router: Router<PageState>, services: PageServices): void {
  const { sessions, web } = services;
  const cookies = cookiesOf(web.url);
  const lines = createLiveLines(services);

  router.get('/setup/events', needUser, (context) => {
    const name = new URLSearchParams(context.state.query).get('token') ?? '';
    if (tokenOf(context, name) === undefined) {
      // Without content, the browser does not ask again.
      context.status = 204;
      return;
    }
    const secret = context.cookies.get(cookies.session) ?? '';
    const { address } = context.state.client;
    lines.follow(context, signedInOf(context).user.name, async () => {
      const signedIn = await sessions.find(secret, address);
      const token = signedIn?.user.tokens.find((one) => one.name === name);
      return token && lineOf(context, services, token);
    });
  });
}

/** Undefined where the user has no such token. */
export const tokenOf = (context: PageContext, name: string): UpdateToken | undefined =>
  signedInOf(context).user.tokens.find((token) => token.name === name);

/** What has come with a token so far. */
export async function lineOf(
  context: PageContext,
  { arrivals }: PageServices,
  { name: token, domains }: UpdateToken,
): Promise<Markup> {
  const { user } = signedInOf(context);
  const names = domains ?? user.domains;
  return liveLine(await arrivals.of({ user: user.name, token, names }), context.state.visit.words);
}

/** A script keeps the line up to date. Without one, a link to `path` shows the present state. */
export function liveSection(
  { state }: PageContext,
  { path, token, line }: { readonly path: string; readonly token: string; readonly line: Content },
): Content {
  const { setUp } = state.visit.words;
  const name = encodeURIComponent(token);
  return html`<section aria-labelledby="live"><h2 id="live">${setUp.live}</h2>
<div data-live="/setup/events?token=${name}" role="status">${line}</div>
<noscript><p><a class="button" href="${path}/${name}" target="setup-state">${setUp.lookAgain}</a></p></noscript></section>`;
}
