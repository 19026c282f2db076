import type Router from '@koa/router';
import { parseDomainName, parseGrantedName } from '../../../../domain/domain-name.ts';
import { parseNetwork } from '../../../../domain/network.ts';
import { parseUserName, type User } from '../../../../domain/user.ts';
import { readForm, readList } from '../../forms.ts';
import { needUser } from '../../guard.ts';
import type { PageServices } from '../../page-services.ts';
import { goTo, manageBy, type PageContext, type PageState, signedInOf } from '../../visit.ts';
import { confirm, needOperator, personPath } from './frame.ts';
import { showLink } from './link.ts';
import { showPerson } from './person-view.ts';

const CERTIFICATES = new Map([
  ['default', undefined],
  ['on', true],
  ['off', false],
]);

/** One user: names, rights, tokens, a link for a lost password, removal. */
export function personPages(router: Router<PageState>, services: PageServices): void {
  const { users } = services;

  /** Calls `work` with the user whom the path names. Answers 404 if there is no such user. */
  const about =
    (work: (context: PageContext, user: User) => Promise<void> | void) => async (context: PageContext) => {
      const name = parseUserName(String(context['params']['user']));
      const user = name.ok ? await users.find(name.value) : undefined;
      if (user === undefined) return context.throw(404);
      return work(context, user);
    };
  const get = (path: string, work: Parameters<typeof about>[0]) =>
    router.get(`/operator/people/:user${path}`, needUser, needOperator, about(work));
  const post = (path: string, work: Parameters<typeof about>[0]) =>
    router.post(`/operator/people/:user${path}`, needUser, needOperator, about(work));
  const back = (context: PageContext, user: User, done: string) =>
    goTo(context, `${personPath(user.name)}?done=${done}`);

  get('', (context, user) => showPerson(context, services, user));

  post('/grant', async (context, user) => {
    const { reasons, operator } = context.state.visit.words;
    const typed = context.state.form;
    const read = readForm(typed, { name: parseGrantedName }, reasons);
    const wrong = (name: string) => showPerson(context, services, user, { typed, errors: { name } });
    if (!read.ok) return wrong(read.errors['name'] ?? '');
    const outcome = await manageBy(context, services).users.grant(user.name, read.values.name);
    return outcome === 'already-granted' ? wrong(operator.person.already) : back(context, user, 'saved');
  });

  get('/revoke/:name', (context, user) => {
    const { person } = context.state.visit.words.operator;
    const name = String(context['params']['name']);
    confirm(context, {
      title: person.revokeTitle(name, user.name),
      lead: person.revokeLead,
      action: `${personPath(user.name)}/revoke/${encodeURIComponent(name)}`,
      button: person.revoke,
      back: personPath(user.name),
    });
  });

  post('/revoke/:name', async (context, user) => {
    const name = parseDomainName(String(context['params']['name']));
    if (name.ok) await manageBy(context, services).users.revoke(user.name, name.value);
    back(context, user, 'saved');
  });

  post('/operator', async (context, user) => {
    const admin = context.state.form['admin'] === 'on';
    const condition = { keepsOperator: true };
    const outcome = await manageBy(context, services).users.setRights(user.name, { admin }, condition);
    if (outcome === 'last-operator') return showPerson(context, services, user, { isLast: true });
    // Whoever gave up their own right sees no page of the operator any more.
    if (!admin && user.name === signedInOf(context).user.name) return goTo(context, '/');
    back(context, user, 'saved');
  });

  post('/rights', async (context, user) => {
    const { reasons } = context.state.visit.words;
    const typed = context.state.form;
    const read = readForm(typed, { networks: readList(parseNetwork) }, reasons);
    if (!read.ok) return showPerson(context, services, user, { typed, errors: read.errors });
    const certificates = CERTIFICATES.get(typed['certificates'] ?? 'default');
    await manageBy(context, services).users.setRights(user.name, {
      networks: read.values.networks,
      ...(certificates !== user.certificates && { certificates }),
    });
    back(context, user, 'saved');
  });

  get('/tokens/:token/revoke', (context, user) => {
    const { operator, account } = context.state.visit.words;
    const token = String(context['params']['token']);
    confirm(context, {
      title: operator.person.revokeTokenTitle(token, user.name),
      lead: account.revokeLead,
      action: `${personPath(user.name)}/tokens/${encodeURIComponent(token)}/revoke`,
      button: account.revoke,
      back: personPath(user.name),
    });
  });

  post('/tokens/:token/revoke', async (context, user) => {
    await manageBy(context, services).users.removeToken(user.name, String(context['params']['token']));
    back(context, user, 'saved');
  });

  post('/password', async (context, user) => {
    const by = signedInOf(context).user.name;
    const secret = await manageBy(context, services).invitations.replacePassword(by, user);
    showLink(context, services, secret, { path: personPath(user.name), label: user.name });
  });

  get('/remove', (context, user) => {
    const { person, remove } = context.state.visit.words.operator;
    confirm(context, {
      title: person.removeTitle(user.name),
      lead: person.removeLead(user.domains.length),
      action: `${personPath(user.name)}/remove`,
      button: remove,
      back: personPath(user.name),
    });
  });

  post('/remove', async (context, user) => {
    const outcome = await manageBy(context, services).users.remove(user.name, { keepsOperator: true });
    if (outcome === 'last-operator') return showPerson(context, services, user, { isLast: true });
    goTo(context, '/operator/people?done=removed');
  });
}
