import * as z from 'zod';
import type { UserCondition, UserRefusal } from '../../../application/ports/user-store.ts';
import { parseDomainName, parseGrantedName } from '../../../domain/domain-name.ts';
import { INVITATION_LIFE } from '../../../domain/invitation.ts';
import { networkText, parseNetwork } from '../../../domain/network.ts';
import { parseChosenPassword } from '../../../domain/password.ts';
import {
  parseChosenUserName,
  parseUserName,
  type User,
  type UserName,
  type UserRights,
} from '../../../domain/user.ts';
import type { ApiServices } from '../api-services.ts';
import { tagged, wasSeen } from '../entity-tag.ts';
import { type Problem, problem } from '../problems.ts';
import { type Answer, type AnyRoute, type Call, DONE, manage, OPERATE, route } from '../route.ts';
import {
  LinkSchema,
  listQuery,
  NextSchema,
  nextOf,
  partAsked,
  shownLink,
  text,
  time,
  timeText,
} from '../schemas.ts';
import { MadeToken, makeToken, NewToken, TokensSchema, tokensOf } from './tokens.ts';

const UserSchema = z
  .object({
    name: z.string(),
    names: z.array(z.string()).meta({ description: 'The names that the user may report.' }),
    operator: z.boolean(),
    certificates: z.boolean().nullable().meta({
      description:
        'Whether the user gets certificates for them. Null: unless others hold a name that such a one would cover.',
    }),
    networks: z
      .array(z.string())
      .meta({ description: 'From where the user may log in. None: from everywhere.' }),
  })
  .meta({ id: 'User' });

const ListedUser = UserSchema.extend({
  reported: time.nullable().meta({ description: 'When a device of the user reported last.' }),
}).meta({ id: 'ListedUser' });

const shownUser = ({ name, domains, admin, certificates, networks }: User): z.input<typeof UserSchema> => ({
  name,
  names: [...domains],
  operator: admin === true,
  certificates: certificates ?? null,
  networks: networks.map(networkText),
});

export const userRoutes: readonly AnyRoute[] = [
  route({
    ...OPERATE,
    method: 'GET',
    path: '/users',
    summary: 'All users, in the order of their names',
    query: listQuery('The beginning of a user name, or a whole name that was granted. Empty: all.'),
    shown: z.object({ users: z.array(ListedUser), next: NextSchema }),
    async handle({ query }, { listPeople }) {
      const { rows, hasMore } = await listPeople.execute(partAsked<UserName>(query));
      const users = rows.map(({ user, reported }) => ({
        ...shownUser(user),
        reported: reported === undefined ? null : timeText(reported),
      }));
      return { body: { users, next: nextOf({ rows: users, hasMore }) } };
    },
  }),
  route({
    ...OPERATE,
    method: 'POST',
    path: '/users',
    summary: 'Add a user',
    body: z.strictObject({
      name: text(parseChosenUserName, 'What the user logs in as.'),
      password: text(parseChosenPassword, 'The first password.'),
      names: z.array(text(parseGrantedName, 'A name that the user may report.')).max(1000).default([]),
    }),
    shown: UserSchema,
    status: 201,
    problems: ['exists'],
    async handle(call, services) {
      const { name, password, names: domains } = call.body;
      const outcome = await manage(call, services).users.add(name, password, { domains });
      const user = await services.users.find(name);
      if (outcome !== 'added' || user === undefined) return problem('exists');
      const { body, headers } = tagged(shownUser(user));
      return { body, headers: { ...headers, Location: `/api/v1/users/${encodeURIComponent(name)}` } };
    },
  }),
  route({
    ...OPERATE,
    method: 'GET',
    path: '/users/{user}',
    summary: 'A user',
    shown: UserSchema,
    tag: 'answered',
    handle: (call, services) => about(call, services, async (user) => tagged(shownUser(user))),
  }),
  route({
    ...OPERATE,
    method: 'PATCH',
    path: '/users/{user}',
    summary: 'Change the rights of a user',
    description: 'What is not given stays.',
    body: z.strictObject({
      operator: z.boolean().optional().meta({ description: 'The last operator stays one.' }),
      certificates: z.boolean().nullish().meta({ description: 'Null: unless others hold such a name.' }),
      networks: z.array(text(parseNetwork, 'Such as 192.0.2.0/24.')).max(100).optional(),
    }),
    shown: UserSchema,
    tag: 'needed',
    problems: ['last-operator'],
    handle: (call, services) =>
      about(call, services, async ({ name }) => {
        const { operator, certificates, networks } = call.body;
        const rights: UserRights = {
          ...(operator !== undefined && { admin: operator }),
          ...(certificates !== undefined && { certificates: certificates ?? undefined }),
          ...(networks !== undefined && { networks }),
        };
        const outcome = await manage(call, services).users.setRights(name, rights, conditionOf(call));
        const user = await services.users.find(name);
        if (outcome !== 'changed') return refused(outcome);
        return user === undefined ? problem('not-found') : tagged(shownUser(user));
      }),
  }),
  route({
    ...OPERATE,
    method: 'DELETE',
    path: '/users/{user}',
    summary: 'Remove a user',
    description: 'With all tokens and sessions. What their names have in the DNS stays.',
    tag: 'needed',
    problems: ['last-operator'],
    handle: (call, services) =>
      about(call, services, async ({ name }) => {
        const outcome = await manage(call, services).users.remove(name, conditionOf(call));
        return outcome === 'removed' ? DONE : refused(outcome);
      }),
  }),
  route({
    ...OPERATE,
    method: 'PUT',
    path: '/users/{user}/names/{name}',
    summary: 'Grant a name to a user',
    handle: (call, services) =>
      about(call, services, async (user) => {
        const name = parseGrantedName(call.params['name'] ?? '');
        if (!name.ok) return problem('not-found', { detail: name.reason });
        await manage(call, services).users.grant(user.name, name.value);
        return DONE;
      }),
  }),
  route({
    ...OPERATE,
    method: 'DELETE',
    path: '/users/{user}/names/{name}',
    summary: 'Revoke a name from a user',
    description: 'It keeps its present addresses, and does not follow other names of the user any more.',
    handle: (call, services) =>
      about(call, services, async (user) => {
        const name = parseDomainName(call.params['name'] ?? '');
        if (!name.ok) return problem('not-found');
        const outcome = await manage(call, services).users.revoke(user.name, name.value);
        return outcome === 'revoked' ? DONE : problem('not-found');
      }),
  }),
  route({
    ...OPERATE,
    method: 'PUT',
    path: '/users/{user}/password',
    summary: 'Set the password of a user',
    description: 'All sessions of the user end. Tokens stay.',
    body: z.strictObject({ next: text(parseChosenPassword, 'The new one.') }),
    handle: (call, services) =>
      about(call, services, async (user) => {
        await manage(call, services).users.changePassword(user.name, call.body.next);
        return DONE;
      }),
  }),
  route({
    ...OPERATE,
    method: 'POST',
    path: '/users/{user}/link',
    summary: 'Make a link for a lost password',
    description:
      'It is good once, for a day. It is in this answer alone, and gives the account to whoever opens it.',
    shown: LinkSchema,
    status: 201,
    handle: (call, services) =>
      about(call, services, async (user) => {
        const secret = await manage(call, services).invitations.replacePassword(call.user.name, user);
        return { body: shownLink(secret, services.clock.now() + INVITATION_LIFE, services) };
      }),
  }),
  route({
    ...OPERATE,
    method: 'GET',
    path: '/users/{user}/tokens',
    summary: 'The tokens of a user',
    shown: TokensSchema,
    handle: (call, services) => about(call, services, async (user) => ({ body: tokensOf(user) })),
  }),
  route({
    ...OPERATE,
    method: 'POST',
    path: '/users/{user}/tokens',
    summary: 'Make a token for a user',
    description: 'The secret is in this answer, and is never shown again.',
    body: NewToken,
    shown: MadeToken,
    status: 201,
    problems: ['exists'],
    handle: (call, services) =>
      about(call, services, (user) => {
        const path = `/users/${encodeURIComponent(user.name)}/tokens`;
        return makeToken(user.name, path, call.body, call, services);
      }),
  }),
  route({
    ...OPERATE,
    method: 'DELETE',
    path: '/users/{user}/tokens/{token}',
    summary: 'Revoke a token of a user',
    handle: (call, services) =>
      about(call, services, async (user) => {
        const { users } = manage(call, services);
        const outcome = await users.removeToken(user.name, call.params['token'] ?? '');
        return outcome === 'removed' ? DONE : problem('not-found');
      }),
  }),
];

/** Answers about the user whom the path names. Answers `not-found` if there is no such user. */
async function about<Shown>(
  { params }: Pick<Call, 'params'>,
  { users }: Pick<ApiServices, 'users'>,
  answer: (user: User) => Promise<Answer<Shown>>,
): Promise<Answer<Shown>> {
  const name = parseUserName(params['user'] ?? '');
  const user = name.ok ? await users.find(name.value) : undefined;
  return user === undefined ? problem('not-found') : answer(user);
}

const conditionOf = ({ ifMatch }: Pick<Call, 'ifMatch'>): UserCondition => ({
  isSeen: (user) => wasSeen(ifMatch, shownUser(user)),
  keepsOperator: true,
});

const refused = (outcome: 'unknown-user' | UserRefusal): Problem =>
  problem(outcome === 'unknown-user' ? 'not-found' : outcome);
