import type Router from '@koa/router';
import type { Person } from '../../../../application/manage/list-people.ts';
import { parseNameAbove } from '../../../../domain/chosen-label.ts';
import { parseGrantedName } from '../../../../domain/domain-name.ts';
import type { Invitation } from '../../../../domain/invitation.ts';
import { parseChosenPassword } from '../../../../domain/password.ts';
import { parseChosenUserName, type UserName } from '../../../../domain/user.ts';
import { field, form, note, table, timeAgo } from '../../components.ts';
import { readField, readForm, readList, type Tried } from '../../forms.ts';
import { needUser } from '../../guard.ts';
import { type Content, html } from '../../html.ts';
import type { PageServices } from '../../page-services.ts';
import { doneIn, goTo, manageBy, type PageContext, type PageState, signedInOf } from '../../visit.ts';
import {
  listLinks,
  listQuery,
  needOperator,
  personLink,
  personPath,
  searchForm,
  showOperator,
} from './frame.ts';
import { showLink } from './link.ts';

const PATH = '/operator/people';
/** How many names of a user are shown, and how many links. */
const MOST = { names: 3, links: 100 };

/** All users: search, add, invite; and the links that are open. */
export function peoplePage(router: Router<PageState>, services: PageServices): void {
  router.get(PATH, needUser, needOperator, (context) => showPeople(context, services));

  router.post(`${PATH}/invite`, needUser, needOperator, async (context) => {
    const { reasons, operator } = context.state.visit.words;
    const typed = context.state.form;
    const fields = { grants: readList(parseGrantedName), below: readField(parseNameAbove) };
    const read = readForm(typed, fields, reasons);
    if (!read.ok) return showPeople(context, services, { typed, errors: read.errors });
    const { grants: domains, below } = read.values;
    if (domains.length === 0 && below === undefined) {
      const errors = { grants: operator.people.eitherNeeded };
      return showPeople(context, services, { typed, errors });
    }
    const { invitations } = manageBy(context, services);
    const secret = await invitations.invite(signedInOf(context).user.name, { domains, below });
    showLink(context, services, secret, { path: PATH, label: operator.people.back });
  });

  router.post(`${PATH}/revoke-link`, needUser, needOperator, async (context) => {
    const { digest = '' } = context.state.form;
    const outcome = await manageBy(context, services).invitations.revoke(digest);
    goTo(context, `${PATH}?done=${outcome}`);
  });

  router.post(`${PATH}/add`, needUser, needOperator, async (context) => {
    const { reasons, operator } = context.state.visit.words;
    const typed = context.state.form;
    const read = readForm(typed, { user: parseChosenUserName, password: parseChosenPassword }, reasons);
    if (!read.ok) return showPeople(context, services, { typed, errors: read.errors });
    const { user, password } = read.values;
    if ((await manageBy(context, services).users.add(user, password)) !== 'added') {
      return showPeople(context, services, { typed, errors: { user: operator.people.exists } });
    }
    goTo(context, `${personPath(user)}?done=added`);
  });
}

async function showPeople(
  context: PageContext,
  services: PageServices,
  { typed = {}, errors = {} }: Tried = {},
): Promise<void> {
  const { visit } = context.state;
  const { words } = visit;
  const { people: said, nothingFound } = words.operator;
  const part = listQuery<UserName>(context);
  const people = await services.listPeople.execute(part);
  const links = await manageBy(context, services).invitations.list();
  const message = doneIn(context, {
    revoked: note('good', said.revoked),
    removed: note('good', words.operator.person.removed),
    'in-use': note('care', said.inUse),
    'unknown-invitation': note('care', said.notOpen),
  });
  const input = (name: string, label: string, hint?: string, type: 'text' | 'password' = 'text') =>
    field(name, label, {
      type,
      // A password is never sent back.
      ...(type === 'text' && { value: typed[name] ?? '' }),
      ...(hint !== undefined && { hint, optional: true }),
      ...(type === 'password' && { autocomplete: 'new-password' }),
      error: errors[name],
    });
  const content = html`${message}${searchForm(context, PATH, said.find, part.search)}
${people.rows.length === 0 ? html`<p>${nothingFound}</p>` : peopleTable(context, people.rows, services.clock.now())}
${listLinks(context, PATH, { ...people, rows: people.rows.map(({ user }) => user) })}
<div class="columns">
<section aria-labelledby="invite"><h2 id="invite">${said.invite}</h2><p class="quiet">${said.inviteLead}</p>
${form(
  visit,
  `${PATH}/invite`,
  html`${input('grants', said.grants, said.grantsHint)}
${input('below', said.below, said.belowHint)}
<div><button class="primary">${said.makeLink}</button></div>`,
  'stack',
)}</section>
<section aria-labelledby="add"><h2 id="add">${said.add}</h2><p class="quiet">${said.addLead}</p>
${form(
  visit,
  `${PATH}/add`,
  html`${input('user', said.userName)}
${input('password', said.password, undefined, 'password')}
<div><button>${said.addUser}</button></div>`,
  'stack',
)}</section></div>
<section aria-labelledby="links"><h2 id="links">${said.open}</h2>
${links.length === 0 ? html`<p class="quiet">${said.none}</p>` : linkTable(context, links.slice(0, MOST.links), services.clock.now())}</section>`;
  const status = Object.keys(errors).length > 0 ? 422 : 200;
  showOperator(context, PATH, { title: said.title, content, status });
}

function peopleTable({ state }: PageContext, people: readonly Person[], now: number): Content {
  const { words } = state.visit;
  const { people: said, user: userWord } = words.operator;
  const rows = people.map(({ user: { name, domains, admin }, reported }) => {
    const others = domains.length - MOST.names;
    const names = domains.slice(0, MOST.names).map((domain) => html`<span class="name">${domain}</span> `);
    return html`<tr><th scope="row">${personLink(name)}${admin === true && html` <span class="badge">${said.operator}</span>`}</th>
<td data-label="${said.names}">${domains.length === 0 ? html`<span class="quiet">${said.noNames}</span>` : names}${others > 0 && html`<span class="whole">${said.others(others)}</span>`}</td>
<td data-label="${said.reported}">${reported === undefined ? html`<span class="quiet">${said.never}</span>` : timeAgo(reported, now, words)}</td></tr>`;
  });
  return table([userWord, said.names, said.reported], rows);
}

function linkTable({ state }: PageContext, links: readonly Invitation[], now: number): Content {
  const { visit } = state;
  const { people: said } = visit.words.operator;
  const rows = links.map(
    ({ digest, by, since, to }) => html`<tr><th scope="row">${
      to.kind === 'password' ? said.newPasswordOf(to.user) : said.newUser
    }</th><td${to.kind === 'join' && html` data-label="${said.names}"`}>${
      to.kind === 'join' &&
      [...to.domains, ...(to.below === undefined ? [] : [said.chooses(to.below)])].map(
        (text) => html`<span class="name">${text}</span> `,
      )
    }</td><td data-label="${said.by}">${by}</td><td data-label="${said.since}">${timeAgo(since, now, visit.words)}</td>
<td>${form(visit, `${PATH}/revoke-link`, html`<input type="hidden" name="digest" value="${digest}"><button class="plain">${said.revoke}</button>`)}</td></tr>`,
  );
  return table([said.for, said.names, said.by, said.since, undefined], rows);
}
