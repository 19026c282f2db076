import type Router from '@koa/router';
import { type Passkey, parsePasskeyName } from '../../../domain/passkey.ts';
import { field, passkeyForm, question, table, timeAgo } from '../components.ts';
import { needUser } from '../guard.ts';
import { type Content, html, type Markup } from '../html.ts';
import { show } from '../layout.ts';
import type { PageServices } from '../page-services.ts';
import { faultOfUser, type PasswordFault, passwordField } from '../surely-the-user.ts';
import { goTo, manageBy, type PageContext, type PageState, signedInOf } from '../visit.ts';

/** The input of the form for a new passkey, and the errors in it. */
export type PasskeyForm = {
  readonly name?: string;
  readonly errors?: { readonly name?: string | undefined; readonly current?: string | undefined };
};

/** Shows the account page, with what is wrong. */
type ShowAgain = (context: PageContext, form: PasskeyForm, status: number) => Promise<void>;

/** Adding passkeys to the account, and removing them. */
export function passkeyPages(router: Router<PageState>, services: PageServices, showAgain: ShowAgain): void {
  const { passkeys, tokens, web } = services;

  router.post('/account/passkeys/challenge', needUser, async (context) => {
    const { user } = signedInOf(context);
    const { visit, form } = context.state;
    if (!parsePasskeyName(form['name'] ?? '').ok) return void context.throw(422);
    // The script then sends the form without an answer, and the page says what is wrong.
    if ((await faultOfUser(context, services)) !== undefined) return void context.throw(422);
    context.body = {
      challenge: await passkeys.challenge(visit.formToken),
      rp: { id: web.url.hostname, name: 'dynonym' },
      user: { id: tokens.digestOf(`passkeys of ${user.name}`), name: user.name, displayName: user.name },
      // EdDSA, ES256, RS256: those that authenticators have.
      pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: 'public-key', alg })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      excludeCredentials: (user.passkeys ?? []).map(({ id }) => ({ type: 'public-key', id })),
      attestation: 'none',
    };
  });

  router.post('/account/passkeys', needUser, async (context) => {
    const { user } = signedInOf(context);
    const { visit, form } = context.state;
    const { account, reasons } = visit.words;
    const { name: typed = '', answer = '' } = form;
    const name = parsePasskeyName(typed);
    const wrong = (errors: NonNullable<PasskeyForm['errors']>, status = 422) =>
      showAgain(context, { name: typed, errors }, status);
    if (!name.ok) return wrong({ name: reasons[name.reason] ?? name.reason });
    const fault = await faultOfUser(context, services);
    if (fault !== undefined) return wrong({ current: fault.sentence }, fault.status);
    const passkey = await passkeys.readNew(visit.formToken, answer, name.value);
    if (passkey === undefined) return wrong({ name: account.passkeyNotMade });
    const outcome = await manageBy(context, services).users.addPasskey(user.name, passkey);
    if (outcome === 'exists') return wrong({ name: account.passkeyExists });
    goTo(context, '/account?done=passkey');
  });

  router.get('/account/passkeys/:name/remove', needUser, (context) =>
    showRemoval(context, services, context.params['name'] ?? ''),
  );

  router.post('/account/passkeys/:name/remove', needUser, async (context) => {
    const { name = '' } = context.params;
    const fault = await faultOfUser(context, services);
    if (fault !== undefined) return showRemoval(context, services, name, fault);
    await manageBy(context, services).users.removePasskey(signedInOf(context).user.name, name);
    goTo(context, '/account?done=passkey-removed');
  });
}

function showRemoval(
  context: PageContext,
  services: PageServices,
  name: string,
  fault?: PasswordFault,
): void {
  const { visit } = context.state;
  const { account } = visit.words;
  const content = question(visit, {
    lead: account.passkeyRemoveLead,
    action: removalPath(name),
    button: account.passkeyRemove,
    back: '/account',
    fields: passwordField(context, services, fault?.sentence),
    look: 'stack',
  });
  const status = fault?.status ?? 200;
  show(context, { title: account.passkeyRemoveTitle(name), menu: '/account', content, status });
}

const removalPath = (name: string): string => `/account/passkeys/${encodeURIComponent(name)}/remove`;

/** The passkeys of the user, and the form that adds one. */
export function passkeySection(context: PageContext, services: PageServices, typed: PasskeyForm): Markup {
  const { account } = context.state.visit.words;
  const { passkeys = [] } = signedInOf(context).user;
  return html`<section aria-labelledby="passkeys"><h2 id="passkeys">${account.passkeys}</h2>
<p class="quiet">${account.passkeysLead}</p>
${passkeys.length > 0 && passkeyTable(context, passkeys, services.clock.now())}
${newPasskeyForm(context, services, typed)}</section>`;
}

/** The form that adds a passkey. Its page needs the script `passkeys.js`. */
function newPasskeyForm(
  context: PageContext,
  services: PageServices,
  { name = '', errors = {} }: PasskeyForm,
): Markup {
  const { visit } = context.state;
  const { account } = visit.words;
  return html`<p class="quiet" data-no-passkeys>${account.passkeysNeedScript}</p>
${passkeyForm(
  visit,
  { action: '/account/passkeys', passkey: 'create', challenge: '/account/passkeys/challenge' },
  html`${field('name', account.passkeyName, { value: name, hint: account.passkeyNameHint, error: errors.name })}
${passwordField(context, services, errors.current)}
<p class="error" role="alert" hidden>${account.passkeyNotMade}</p>
<div><button>${account.passkeyAdd}</button></div>`,
)}`;
}

function passkeyTable({ state }: PageContext, passkeys: readonly Passkey[], now: number): Content {
  const { account } = state.visit.words;
  return table(
    [account.passkey, account.passkeyAdded, account.passkeyUsed, undefined],
    passkeys.map(
      ({ name, since, lastUse }) => html`<tr>
<th scope="row">${name}</th><td data-label="${account.passkeyAdded}">${timeAgo(since, now, state.visit.words)}</td><td data-label="${account.passkeyUsed}">${lastUse === undefined ? account.notSeen : timeAgo(lastUse, now, state.visit.words)}</td>
<td><a href="${removalPath(name)}">${account.passkeyRemove}<span class="hidden"> ${name}</span></a></td></tr>`,
    ),
  );
}
