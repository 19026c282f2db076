import type { Actor } from '../../domain/event.ts';
import type { AcceptInvitation } from './accept-invitation.ts';
import type { Invitations } from './invitations.ts';
import type { ManageHosts } from './manage-hosts.ts';
import type { ManageUsers } from './manage-users.ts';

/** Changes of users and hosts in the name of somebody, who is told with each of them. */
export type ManageAs = (actor: Actor) => {
  readonly users: ManageUsers;
  readonly hosts: ManageHosts;
  readonly invitations: Invitations;
  readonly acceptInvitation: AcceptInvitation;
};
