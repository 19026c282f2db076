import * as z from 'zod';
import { parseDomainName } from '../../../domain/domain-name.ts';
import { networkText } from '../../../domain/network.ts';
import { parseTokenName, TOKEN_USES, type UpdateToken } from '../../../domain/update-token.ts';
import { problem } from '../problems.ts';
import { DONE, route } from '../route.ts';
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

export const tokenRoutes = [
  route({
    method: 'GET',
    path: '/tokens',
    scope: 'api:read',
    wholeAccount: true,
    summary: 'Your tokens',
    shown: z.object({ tokens: z.array(TokenSchema) }),
    handle: async ({ user }) => ({ body: { tokens: user.tokens.map(shownToken) } }),
  }),
  route({
    method: 'POST',
    path: '/tokens',
    scope: 'api:write',
    wholeAccount: true,
    summary: 'Make a token',
    description: 'The secret is in this answer, and is never shown again.',
    body: z.strictObject({
      name: text(parseTokenName, 'Without one, a name is chosen.').optional(),
      names: z.array(text(parseDomainName, 'One of your names.')).min(1).max(1000).optional(),
      use: use.default('updates'),
    }),
    shown: z.object({ name: z.string(), secret: z.string() }),
    status: 201,
    problems: ['exists'],
    async handle({ user, body }, { manageAs }) {
      const { name, names: domains, use } = body;
      const request = { name, domains, use: use === 'updates' ? undefined : use };
      const outcome = await manageAs({ by: user.name, way: 'api' }).users.addToken(user.name, request);
      switch (outcome.kind) {
        case 'added': {
          const { name, secret } = outcome;
          return { body: { name, secret }, headers: { Location: `/api/v1/tokens/${name}` } };
        }
        case 'exists':
          return problem('exists');
        case 'not-granted': {
          const errors = outcome.domains.map((name) => ({
            pointer: `#/names/${domains?.indexOf(name)}`,
            detail: 'this is none of your names',
          }));
          return problem('invalid', { errors });
        }
        case 'unknown-user':
          return problem('unauthenticated');
      }
    },
  }),
  route({
    method: 'DELETE',
    path: '/tokens/{name}',
    scope: 'api:write',
    wholeAccount: true,
    summary: 'Revoke a token',
    async handle({ user, params }, { manageAs }) {
      const { users } = manageAs({ by: user.name, way: 'api' });
      const outcome = await users.removeToken(user.name, params['name'] ?? '');
      return outcome === 'removed' ? DONE : problem('not-found');
    },
  }),
];
