import type { Actor } from '../../domain/event.ts';
import type { Clock } from '../ports/clock.ts';
import type { ConfirmationSender } from '../ports/confirmation-sender.ts';
import type { Events } from '../ports/events.ts';
import type { HostStore } from '../ports/host-store.ts';
import type { InvitationStore } from '../ports/invitation-store.ts';
import type { PasswordHasher } from '../ports/password-hasher.ts';
import type { TokenMint } from '../ports/token-mint.ts';
import type { UserStore } from '../ports/user-store.ts';
import { AcceptInvitation } from './accept-invitation.ts';
import { Deeds } from './deeds.ts';
import { EndFollowing } from './end-following.ts';
import type { FreeNames } from './free-names.ts';
import { Invitations } from './invitations.ts';
import { Confirmations, Mailboxes } from './mailboxes.ts';
import { ManageHosts } from './manage-hosts.ts';
import { ManageUsers } from './manage-users.ts';

/** Changes of users and hosts in the name of somebody, who is told with each of them. */
export type ManageAs = (actor: Actor) => {
  readonly users: ManageUsers;
  readonly mailboxes: Mailboxes;
  readonly hosts: ManageHosts;
  readonly endFollowing: EndFollowing;
  readonly invitations: Invitations;
  readonly acceptInvitation: AcceptInvitation;
};

export type ManagementParts = {
  readonly users: UserStore;
  readonly hosts: HostStore;
  readonly invitationStore: InvitationStore;
  readonly passwords: PasswordHasher;
  readonly tokens: TokenMint;
  readonly freeNames: FreeNames;
  readonly confirmations: ConfirmationSender;
  readonly events: Events;
  readonly clock: Clock;
};

export function manageAsOn(parts: ManagementParts): ManageAs {
  const { users, hosts, invitationStore, passwords, tokens, freeNames, events, clock } = parts;
  const confirmations = new Confirmations(parts.confirmations, clock);
  return (actor) => {
    const deeds = new Deeds(events, clock, actor);
    const manageHosts = new ManageHosts(hosts, deeds);
    const endFollowing = new EndFollowing(users, hosts, manageHosts);
    const manageUsers = new ManageUsers(users, passwords, tokens, deeds, endFollowing);
    const invitations = new Invitations(invitationStore, users, tokens, clock, deeds);
    return {
      users: manageUsers,
      mailboxes: new Mailboxes(users, tokens, clock, deeds, confirmations),
      hosts: manageHosts,
      endFollowing,
      invitations,
      acceptInvitation: new AcceptInvitation(invitations, manageUsers, freeNames, users),
    };
  };
}
