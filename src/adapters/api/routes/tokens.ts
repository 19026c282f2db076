import * as z from 'zod';
import { parseDomainName } from '../../../domain/domain-name.ts';
import { networkText } from '../../../domain/network.ts';
import {
  includesScope,
  isApiScope,
  parseChosenTokenName,
  TOKEN_USES,
  type UpdateToken,
} from '../../../domain/update-token.ts';
import type { User, UserName } from '../../../domain/user.ts';
import type { ApiServices } from '../api-services.ts';
import { problem } from '../problems.ts';
import { type Answer, type Caller, DONE, manage, route } from '../route.ts';
import { text } from '../schemas.ts';

const use = z.enum(TOKEN_USES).meta({ description: 'What it may do.' });

const TokenSchema = z
  .object({
    name: z.string(),
    use,
    names: z
      .array(z.string())
      .nullable()
      .meta({ description: 'The names that it may change. Null: all of yours.' }),
    networks: z.array(z.string()).nullable().meta({ description: 'From where it may be used.' }),
  })
  .meta({ id: 'Token' });

const shownToken = ({ name, use, domains, networks }: UpdateToken): z.input<typeof TokenSchema> => ({
  name,
  use: use ?? 'updates',
  names: domains === undefined ? null : [...domains],
  networks: networks?.map(networkText) ?? null,
});

export const TokensSchema = z.object({ tokens: z.array(TokenSchema) });
export const tokensOf = ({ tokens }: User): z.input<typeof TokensSchema> => ({
  tokens: tokens.map(shownToken),
});

/** What is asked for a new token. */
export const NewToken = z.strictObject({
  name: text(parseChosenTokenName, 'Without one, a name is chosen.').optional(),
  names: z.array(text(parseDomainName, 'A name that its owner has.')).min(1).max(1000).optional(),
  use: use.default('updates'),
});

export const MadeToken = z.object({ name: z.string(), secret: z.string() });

/** Makes a token of `owner`. `path` is where the tokens of that user are. */
export async function makeToken(
  owner: UserName,
  path: string,
  { name, names: domains, use }: z.output<typeof NewToken>,
  caller: Pick<Caller, 'right' | 'user'>,
  services: Pick<ApiServices, 'manageAs'>,
): Promise<Answer<z.input<typeof MadeToken>>> {
  const { right, user } = caller;
  // A token cannot make one that may do more than itself.
  if (isApiScope(use) && !includesScope(right.scope, use)) {
    return problem('not-allowed', { detail: 'This token cannot make one that may do more.' });
  }
  const request = { name, domains, use: use === 'updates' ? undefined : use };
  const outcome = await manage(caller, services).users.addToken(owner, request);
  switch (outcome.kind) {
    case 'added': {
      const { name, secret } = outcome;
      return { body: { name, secret }, headers: { Location: `/api/v1${path}/${name}` } };
    }
    case 'exists':
      return problem('exists');
    case 'not-granted': {
      const errors = outcome.domains.map((name) => ({
        pointer: `#/names/${domains?.indexOf(name)}`,
        detail: user.name === owner ? 'this is none of your names' : 'the user does not have this name',
      }));
      return problem('invalid', { errors });
    }
    case 'unknown-user':
      return problem('not-found');
  }
}

export const tokenRoutes = [
  route({
    method: 'GET',
    path: '/tokens',
    scope: 'api:read',
    wholeAccount: true,
    summary: 'Your tokens',
    shown: TokensSchema,
    handle: async ({ user }) => ({ body: tokensOf(user) }),
  }),
  route({
    method: 'POST',
    path: '/tokens',
    scope: 'api:write',
    wholeAccount: true,
    summary: 'Make a token',
    description: 'The secret is in this answer, and is never shown again.',
    body: NewToken,
    shown: MadeToken,
    status: 201,
    problems: ['exists'],
    handle: (call, services) => makeToken(call.user.name, '/tokens', call.body, call, services),
  }),
  route({
    method: 'DELETE',
    path: '/tokens/{name}',
    scope: 'api:write',
    wholeAccount: true,
    summary: 'Revoke a token',
    async handle(call, services) {
      const { users } = manage(call, services);
      const outcome = await users.removeToken(call.user.name, call.params['name'] ?? '');
      return outcome === 'removed' ? DONE : problem('not-found');
    },
  }),
];
