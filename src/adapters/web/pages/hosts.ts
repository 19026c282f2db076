import type Router from '@koa/router';
import type { ListedName } from '../../../application/history/list-names.ts';
import type { SignInByProvider } from '../../../application/login/sign-in-by-provider.ts';
import { parseDomainName } from '../../../domain/domain-name.ts';
import type { Catalogue } from '../catalogue.en.ts';
import { chain, lookOf, stateOfName } from '../chain.ts';
import { address, form, note } from '../components.ts';
import { needUser } from '../guard.ts';
import { type Content, html } from '../html.ts';
import { show } from '../layout.ts';
import type { PageServices } from '../page-services.ts';
import { reportAs } from '../report-as.ts';
import { doneIn, goTo, type PageContext, type PageState, signedInOf } from '../visit.ts';
import { showSignIn } from './sign-in.ts';

/** My hosts: what each name of a user resolves to, and whether all is well. */
export function hostsPage(router: Router<PageState>, services: PageServices): void {
  router.get('/', async (context) => {
    const query = new URLSearchParams(context.state.query);
    const { words, signedIn } = context.state.visit;
    if (signedIn !== undefined) return showHosts(context, services);
    const next = query.get('next') ?? undefined;
    const elsewhere = query.get('signed-out') === 'provider' && services.signInByProvider;
    const message = query.has('signed-out')
      ? note('good', [words.signIn.signedOut, elsewhere && signOutThere(elsewhere, words)])
      : next !== undefined && note('plain', words.signIn.needed);
    return showSignIn(context, services, { message, ...(next !== undefined && { next }) });
  });

  router.post('/hosts/address', needUser, async (context) => {
    const { user } = signedInOf(context);
    const name = parseDomainName(context.state.form['name'] ?? '');
    if (!name.ok || !user.domains.includes(name.value)) return context.throw(404);
    const outcome = await reportAs(context, services, name.value, [context.state.client.address]);
    goTo(
      context,
      outcome.kind === 'changed' || outcome.kind === 'unchanged' ? '/?done=set' : '/?done=failed',
    );
  });
}

async function showHosts(context: PageContext, services: PageServices): Promise<void> {
  const { visit, client } = context.state;
  const { hosts, frame } = visit.words;
  const { user } = signedInOf(context);
  const names = await services.listNames.ofUser(user);
  const [own, other] =
    client.address.family === 'ipv4' ? (['IPv4', 'IPv6'] as const) : (['IPv6', 'IPv4'] as const);
  const message = doneIn(context, {
    set: note('good', hosts.set(own, other)),
    failed: note('bad', hosts.notSet),
  });
  const content = html`${message}
<div class="here"><div><p>${hosts.yourAddress(own)} ${address(client.address.text)}</p>
<p class="small quiet">${hosts.otherFamily(other)}</p></div>
${
  user.domains.length > 0 &&
  form(
    visit,
    '/hosts/address',
    html`<label class="hidden" for="name">${hosts.host}</label>
<select id="name" name="name">${user.domains.map((name) => html`<option value="${name}">${name}</option>`)}</select>
<button>${hosts.setToIt(own)}</button>`,
    'line',
  )
}</div>
${names.length === 0 ? html`<p>${hosts.none}</p>` : html`<ul class="cards">${names.map((name) => card(context, services, name))}</ul>`}`;
  show(context, { title: frame.hosts, menu: '/', content });
}

function card(
  { state }: PageContext,
  { clock }: PageServices,
  { name, users, summary, state: how }: ListedName,
): Content {
  const { words } = state.visit;
  const isOwn = users.length > 0;
  return html`<li class="card ${lookOf(how)}"><header>
<h2>${isOwn ? html`<a href="/hosts/${name}">${name}</a>` : name}</h2>${stateOfName(summary, how, clock.now(), words)}</header>
${chain(summary, how, clock.now(), words)}</li>`;
}

/** A session at the provider outlives ours: the next one who sits here could sign in by it without a password. */
function signOutThere(provider: SignInByProvider, { signIn }: Catalogue): Content {
  const url = provider.signOutUrl();
  return url !== undefined && html` <a href="${url}">${signIn.signOutThere(provider.name)}</a>`;
}
