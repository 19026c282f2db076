import type Router from '@koa/router';
import { parseChosenLabel } from '../../../domain/chosen-label.ts';
import { valid } from '../../../domain/errors.ts';
import type { Invitation, JoinOffer, NewPassword } from '../../../domain/invitation.ts';
import { parseChosenPassword } from '../../../domain/password.ts';
import { parseChosenUserName, type UserName } from '../../../domain/user.ts';
import { beginSession } from '../begin-session.ts';
import { field, form, note } from '../components.ts';
import { type Errors, readForm, type Tried } from '../forms.ts';
import { type Content, html } from '../html.ts';
import { show, showNoLink } from '../layout.ts';
import type { PageServices } from '../page-services.ts';
import { goTo, type PageContext, type PageState } from '../visit.ts';

/** What a link leads to: become a user, or set a lost password. Both sign in at once. */
export function invitationPage(router: Router<PageState>, services: PageServices): void {
  const { manageAs, users } = services;
  const secretOf = (context: PageContext) => String(context['params']['secret']);
  /** To look changes nothing, so nobody is named. */
  const look = (context: PageContext) =>
    manageAs({ by: '', way: 'page' }).invitations.look(secretOf(context));

  router.get('/invitation/:secret', async (context) => {
    const invitation = await look(context);
    if (invitation === undefined) return showGone(context);
    const { to } = invitation;
    const { acceptInvitation } = manageAs({ by: '', way: 'page' });
    if (to.kind === 'password' && !(await acceptInvitation.maySetFrom(to, context.state.client.address))) {
      return showElsewhere(context, to);
    }
    return showInvitation(context, invitation);
  });

  router.post('/invitation/:secret', async (context) => {
    const invitation = await look(context);
    if (invitation === undefined) return showGone(context);
    const { to } = invitation;
    if (to.kind === 'password') return setPassword(context, invitation, to);
    return join(context, invitation, to);
  });

  async function join(context: PageContext, invitation: Invitation, { below }: JoinOffer): Promise<void> {
    const { reasons, invitation: words } = context.state.visit.words;
    const typed = context.state.form;
    const name = (text: string) => (below === undefined ? valid(undefined) : parseChosenLabel(text, below));
    const read = readForm(typed, { user: parseChosenUserName, password: parseChosenPassword, name }, reasons);
    const wrong = (errors: Errors) => showInvitation(context, invitation, { typed, errors });
    if (!read.ok) return wrong(read.errors);
    const { user } = read.values;
    const { acceptInvitation } = manageAs({ by: user, way: 'page' });
    switch (await acceptInvitation.join(secretOf(context), read.values)) {
      case 'joined':
        return enter(context, user, '/setup');
      case 'gone':
        return showGone(context);
      case 'user-exists':
        return wrong({ user: words.userExists });
      case 'name-taken':
        return wrong({ name: words.nameTaken });
      case 'name-unknown':
        return wrong({ name: words.nameUnknown });
    }
  }

  async function setPassword(context: PageContext, invitation: Invitation, to: NewPassword): Promise<void> {
    const { user } = to;
    const typed = context.state.form;
    const read = readForm(typed, { password: parseChosenPassword }, context.state.visit.words.reasons);
    if (!read.ok) return showInvitation(context, invitation, { typed, errors: read.errors });
    const { acceptInvitation } = manageAs({ by: user, way: 'page' });
    const { password } = read.values;
    const { address } = context.state.client;
    switch (await acceptInvitation.setPassword(secretOf(context), password, address)) {
      case 'changed':
        return enter(context, user, '/');
      case 'gone':
        return showGone(context);
      case 'elsewhere':
        return showElsewhere(context, to);
    }
  }

  async function enter(context: PageContext, name: UserName, path: string): Promise<void> {
    const user = await users.find(name);
    if (user === undefined) return showGone(context);
    await beginSession(context, services, user);
    goTo(context, path);
  }
}

const showGone = (context: PageContext): void => showNoLink(context, context.state.visit.words.invitation);

/** The link sets a password, and signs its user in: not from where the user may not sign in. */
function showElsewhere(context: PageContext, { user }: NewPassword): void {
  const { invitation: words } = context.state.visit.words;
  const content = note('bad', words.elsewhere(user));
  show(context, { title: words.passwordTitle(user), content, status: 403, isNarrow: true });
}

function showInvitation(context: PageContext, { by, to }: Invitation, tried: Tried = {}): void {
  const { visit } = context.state;
  const { invitation: words } = visit.words;
  const isJoin = to.kind === 'join';
  const content = isJoin
    ? html`<p>${words.by(by)}</p>${offerOf(to, context)}${joinForm(context, to, tried)}`
    : html`${note('plain', words.passwordLead)}${passwordForm(context, to, tried)}`;
  const status = tried.errors === undefined ? 200 : 422;
  show(context, {
    title: isJoin ? words.title : words.passwordTitle(to.user),
    content,
    status,
    isNarrow: true,
  });
}

function offerOf({ domains, below }: JoinOffer, { state }: PageContext): Content {
  const { invitation: words } = state.visit.words;
  return html`${domains.length > 0 && html`<p>${words.names}</p><ul>${domains.map((name) => html`<li><strong>${name}</strong></li>`)}</ul>`}${
    below !== undefined && html`<p>${words.chooses(below)}</p>`
  }`;
}

function joinForm(context: PageContext, { below }: JoinOffer, { typed = {}, errors = {} }: Tried): Content {
  const { visit } = context.state;
  const { invitation: words } = visit.words;
  return form(
    visit,
    context.path,
    html`${
      below !== undefined &&
      field('name', words.name, {
        value: typed['name'] ?? '',
        error: errors['name'],
        hint: words.nameHint(below),
      })
    }
${field('user', words.user, { value: typed['user'] ?? '', error: errors['user'], hint: words.userHint, autocomplete: 'username' })}
${field('password', words.password, { type: 'password', error: errors['password'], autocomplete: 'new-password' })}
<div><button class="primary">${words.accept}</button></div>`,
    'stack',
  );
}

function passwordForm(context: PageContext, { user }: NewPassword, { errors = {} }: Tried): Content {
  const { visit } = context.state;
  const { invitation: words } = visit.words;
  return form(
    visit,
    context.path,
    html`<input type="text" name="user" value="${user}" autocomplete="username" hidden>
${field('password', words.password, { type: 'password', error: errors['password'], autocomplete: 'new-password' })}
<div><button class="primary">${words.setPassword}</button></div>`,
    'stack',
  );
}
