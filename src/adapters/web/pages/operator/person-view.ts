import type { DomainName } from '../../../../domain/domain-name.ts';
import { stateOf } from '../../../../domain/name-summary.ts';
import { networkText } from '../../../../domain/network.ts';
import type { SeenSummary } from '../../../../domain/seen-event.ts';
import type { User } from '../../../../domain/user.ts';
import { stateSign } from '../../chain.ts';
import { field, form, note, table } from '../../components.ts';
import type { Errors, Tried, Typed } from '../../forms.ts';
import { type Content, html } from '../../html.ts';
import type { PageServices } from '../../page-services.ts';
import { doneIn, type PageContext, signedInOf } from '../../visit.ts';
import { personPath, ROWS, showOperator } from './frame.ts';

type Refused = Tried & {
  /** The right of the last operator was to be taken away. */
  readonly isLast?: boolean;
};

/** The page of one user, with what was typed where something is wrong. */
export async function showPerson(
  context: PageContext,
  { history, watchedSince }: PageServices,
  user: User,
  { typed = {}, errors = {}, isLast = false }: Refused = {},
): Promise<void> {
  const { visit } = context.state;
  const { operator } = visit.words;
  const { person } = operator;
  const path = personPath(user.name);
  const states = await history.states(signedInOf(context).user, user.domains.slice(0, ROWS));
  const said = doneIn(context, { added: person.added, saved: person.saved });
  const content = html`${said && note('good', said)}${isLast && note('bad', person.lastOperator)}
<section aria-labelledby="names"><h2 id="names">${person.names}</h2>
${nameTable(context, user, states, watchedSince())}
${form(
  visit,
  `${path}/grant`,
  html`${field('name', person.grant, { value: typed['name'] ?? '', error: errors['name'] })}
<div><button>${person.grantButton}</button></div>`,
  'stack',
)}</section>
<div class="columns"><section aria-labelledby="rights"><h2 id="rights">${person.rights}</h2>
${rightsForm(context, user, typed, errors)}</section>
<section aria-labelledby="operator"><h2 id="operator">${person.operator}</h2><p class="quiet">${person.operatorLead}</p>
${form(visit, `${path}/operator`, user.admin === true ? html`<button class="danger" name="admin" value="off">${person.dismiss}</button>` : html`<button name="admin" value="on">${person.makeOperator}</button>`)}
<h2>${person.password}</h2><p class="quiet">${person.passwordLead}</p>
${form(visit, `${path}/password`, html`<button>${operator.people.makeLink}</button>`)}</section></div>
<section aria-labelledby="tokens"><h2 id="tokens">${person.tokens}</h2>
${tokenTable(context, user)}</section>
<section aria-labelledby="danger"><h2 id="danger">${person.danger}</h2>
<p><a class="button danger" href="${path}/remove">${person.remove}</a></p></section>`;
  const status = isLast ? 409 : Object.keys(errors).length > 0 ? 422 : 200;
  showOperator(context, '/operator/people', { title: user.name, content, status });
}

function nameTable(
  { state }: PageContext,
  { name: user, domains }: User,
  states: ReadonlyMap<DomainName, SeenSummary>,
  since: number | undefined,
): Content {
  const { words } = state.visit;
  const { person, people } = words.operator;
  if (domains.length === 0) return html`<p>${person.noNames}</p>`;
  const rows = domains.slice(0, ROWS).map((name) => {
    const summary = states.get(name);
    const revoke = `${personPath(user)}/revoke/${encodeURIComponent(name)}`;
    return html`<tr><th scope="row">${name}</th><td>${stateSign(summary && stateOf(summary, since), words)}</td>
<td><a href="${revoke}">${person.revoke}<span class="hidden"> ${name}</span></a></td></tr>`;
  });
  return html`${table([person.name, person.state, undefined], rows)}${domains.length > ROWS && html`<p><a href="/operator/names?${new URLSearchParams({ q: user }).toString()}">${people.others(domains.length - ROWS)}</a></p>`}`;
}

function rightsForm({ state }: PageContext, user: User, typed: Typed, errors: Errors): Content {
  const { visit } = state;
  const { person } = visit.words.operator;
  const present = user.certificates === undefined ? 'default' : user.certificates ? 'on' : 'off';
  const chosen = typed['certificates'] ?? present;
  const choices = (['default', 'on', 'off'] as const).map(
    (choice) =>
      html`<label class="choice"><input type="radio" name="certificates" value="${choice}"${choice === chosen && html` checked`}> ${person.certificatesChoices[choice]}</label>`,
  );
  return form(
    visit,
    `${personPath(user.name)}/rights`,
    html`<fieldset><legend>${person.certificates}</legend>${choices}<p class="hint">${person.certificatesHint}</p></fieldset>
${field('networks', person.networks, {
  value: typed['networks'] ?? user.networks.map(networkText).join(' '),
  error: errors['networks'],
  hint: person.networksHint,
  optional: true,
})}
<div><button>${person.save}</button></div>`,
    'stack',
  );
}

function tokenTable({ state }: PageContext, { name: user, tokens }: User): Content {
  const { account, operator } = state.visit.words;
  if (tokens.length === 0) return html`<p class="quiet">${operator.person.noTokens}</p>`;
  const rows = tokens.map(
    ({ name, domains, use = 'updates' }) => html`<tr><th scope="row">${name}</th>
<td data-label="${account.names}">${domains?.join(', ') ?? operator.person.allNames}</td><td data-label="${account.use}">${account.uses[use]}</td>
<td><a href="${personPath(user)}/tokens/${encodeURIComponent(name)}/revoke">${account.revoke}<span class="hidden"> ${name}</span></a></td></tr>`,
  );
  return table([account.token, account.names, account.use, undefined], rows);
}
