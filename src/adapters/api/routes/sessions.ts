import * as z from 'zod';
import { problem } from '../problems.ts';
import { DONE, route } from '../route.ts';
import { time, timeText } from '../schemas.ts';

const SessionSchema = z
  .object({
    id: z.string(),
    agent: z.string().meta({ description: 'The browser, as it calls itself.' }),
    from: z.string().meta({ description: 'The address from which it signed in.' }),
    since: time,
  })
  .meta({ id: 'Session' });

export const sessionRoutes = [
  route({
    method: 'GET',
    path: '/sessions',
    scope: 'api:read',
    wholeAccount: true,
    summary: 'Where you are signed in to the pages',
    shown: z.object({ sessions: z.array(SessionSchema) }),
    async handle({ user }, { sessions }) {
      const all = await sessions.of(user);
      const shown = all.map(({ digest, agent, from, since }) => ({
        id: digest,
        agent,
        from,
        since: timeText(since),
      }));
      return { body: { sessions: shown } };
    },
  }),
  route({
    method: 'DELETE',
    path: '/sessions/{id}',
    scope: 'api:write',
    wholeAccount: true,
    summary: 'End a session',
    async handle({ user, params }, { sessions }) {
      const { id = '' } = params;
      const all = await sessions.of(user);
      if (!all.some(({ digest }) => digest === id)) return problem('not-found');
      await sessions.end(user.name, [id]);
      return DONE;
    },
  }),
];
