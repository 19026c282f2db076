import * as z from 'zod';
import { networkText } from '../../../domain/network.ts';
import { parseChosenPassword } from '../../../domain/password.ts';
import { API_SCOPES } from '../../../domain/update-token.ts';
import { invalidAt, notLookedAt } from '../problems.ts';
import { DONE, manage, route } from '../route.ts';
import { text } from '../schemas.ts';

const AccountSchema = z
  .object({
    user: z.string(),
    names: z.int().meta({ description: 'How many names this token sees.' }),
    offline: z.boolean().meta({ description: 'Whether addresses of all names may be removed.' }),
    networks: z
      .array(z.string())
      .meta({ description: 'From where the user may log in. None: from everywhere.' }),
    token: z.object({
      name: z.string(),
      scope: z.enum(API_SCOPES),
      whole_account: z.boolean().meta({ description: 'False where it is limited to names or networks.' }),
    }),
  })
  .meta({ id: 'Account' });

export const accountRoutes = [
  route({
    method: 'GET',
    path: '/account',
    scope: 'api:read',
    summary: 'Who you are, and what this token may do',
    shown: AccountSchema,
    async handle({ user, token, right }) {
      return {
        body: {
          user: user.name,
          names: right.domains.size,
          offline: user.offline,
          networks: user.networks.map(networkText),
          token: { name: token, scope: right.scope, whole_account: right.wholeAccount },
        },
      };
    },
  }),
  route({
    method: 'PUT',
    path: '/account/password',
    scope: 'api:write',
    wholeAccount: true,
    summary: 'Change your password',
    description: 'All sessions of the pages end. Tokens stay.',
    body: z.strictObject({
      current: z.string().meta({ description: 'The password until now.' }),
      next: text(parseChosenPassword, 'The new one.'),
    }),
    async handle(call, services) {
      const { user, body, from } = call;
      const credentials = { kind: 'password', user: user.name, password: body.current } as const;
      const outcome = await services.authenticateUser.execute(credentials, from.address);
      if (outcome.kind === 'paused' || outcome.kind === 'overloaded') return notLookedAt(outcome);
      // A token may stand for the password elsewhere. Here it must not.
      if (outcome.kind === 'rejected' || outcome.principal.token !== undefined) {
        return invalidAt('#/current', 'this is not your password');
      }
      await manage(call, services).users.changePassword(user.name, body.next);
      return DONE;
    },
  }),
];
