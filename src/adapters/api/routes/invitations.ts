import * as z from 'zod';
import { parseNameAbove } from '../../../domain/chosen-label.ts';
import { parseGrantedName } from '../../../domain/domain-name.ts';
import { INVITATION_LIFE, type Invitation } from '../../../domain/invitation.ts';
import { invalidAt, problem } from '../problems.ts';
import { DONE, manage, OPERATE, route } from '../route.ts';
import { LinkSchema, shownLink, text, time, timeText } from '../schemas.ts';

const InvitationSchema = z
  .object({
    id: z.string(),
    by: z.string().meta({ description: 'The operator who made the link.' }),
    until: time,
    password_of: z
      .string()
      .nullable()
      .meta({ description: 'The user who sets a lost password. Null: it is for somebody new.' }),
    names: z.array(z.string()).meta({ description: 'What somebody new may report.' }),
    below: z.string().nullable().meta({ description: 'Somebody new chooses a name below this one.' }),
  })
  .meta({ id: 'Invitation', description: 'A link that is good once. The link itself is not kept.' });

const shownInvitation = ({ digest, by, since, to }: Invitation): z.input<typeof InvitationSchema> => ({
  id: digest,
  by,
  until: timeText(since + INVITATION_LIFE),
  password_of: to.kind === 'password' ? to.user : null,
  names: to.kind === 'join' ? [...to.domains] : [],
  below: (to.kind === 'join' ? to.below : undefined) ?? null,
});

const SAID_OF = {
  'in-use':
    'Somebody is using this link at this moment, and nobody can after that. Look whether they are a user now, or have set a new password.',
  'unknown-invitation': undefined,
} as const;

export const invitationRoutes = [
  route({
    ...OPERATE,
    method: 'GET',
    path: '/invitations',
    summary: 'The links that are still good, the latest first',
    shown: z.object({ invitations: z.array(InvitationSchema) }),
    async handle(call, services) {
      const all = await manage(call, services).invitations.list();
      return { body: { invitations: all.map(shownInvitation) } };
    },
  }),
  route({
    ...OPERATE,
    method: 'POST',
    path: '/invitations',
    summary: 'Invite somebody',
    description: 'The link is good once, for a day. It is in this answer alone.',
    body: z.strictObject({
      names: z.array(text(parseGrantedName, 'A name that they get.')).max(1000).default([]),
      below: text(parseNameAbove, 'They choose a name below this one.').optional(),
    }),
    shown: LinkSchema,
    status: 201,
    async handle(call, services) {
      const { names: domains, below } = call.body;
      if (domains.length === 0 && below === undefined) {
        return invalidAt('#/names', 'names, or below, are needed');
      }
      const secret = await manage(call, services).invitations.invite(call.user.name, { domains, below });
      return { body: shownLink(secret, services.clock.now() + INVITATION_LIFE, services) };
    },
  }),
  route({
    ...OPERATE,
    method: 'DELETE',
    path: '/invitations/{id}',
    summary: 'Withdraw a link',
    async handle(call, services) {
      const outcome = await manage(call, services).invitations.revoke(call.params['id'] ?? '');
      return outcome === 'revoked' ? DONE : problem('not-found', { detail: SAID_OF[outcome] });
    },
  }),
];
