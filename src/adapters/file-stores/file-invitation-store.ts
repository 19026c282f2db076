import * as z from 'zod';
import {
  digestOfTaken,
  type InvitationStore,
  isTaken,
  type RemovedInvitation,
} from '../../application/ports/invitation-store.ts';
import { parseDomainName } from '../../domain/domain-name.ts';
import type { Invitation } from '../../domain/invitation.ts';
import { parseUserName } from '../../domain/user.ts';
import { JsonListFile } from '../files/json-list-file.ts';
import { textBy } from '../files/parsing.ts';

const INVITATIONS = z.array(
  z.object({
    digest: z.string(),
    by: textBy(parseUserName),
    since: z.number(),
    to: z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('join'),
        domains: z.array(textBy(parseDomainName)),
        below: textBy(parseDomainName).optional(),
      }),
      z.object({ kind: z.literal('password'), user: textBy(parseUserName), passwordMark: z.string() }),
    ]),
  }),
);

/**
 * Invitations in a small file beside the configuration. They are not in the configuration, because people write that by
 * hand, and an invitation is good for a day.
 */
export class FileInvitationStore implements InvitationStore {
  readonly #file: JsonListFile<Invitation>;

  constructor(path: string) {
    this.#file = new JsonListFile(path, {
      parse: (value) => INVITATIONS.parse(value),
      codes: { unreadable: 'INVITATIONS_UNREADABLE', unwritable: 'INVITATIONS_UNWRITABLE' },
      cure: 'remove it, and invite again',
    });
  }

  async find(digest: string): Promise<Invitation | undefined> {
    return (await this.#file.read()).find((one) => one.digest === digest);
  }

  async list(): Promise<readonly Invitation[]> {
    return (await this.#file.read()).filter((one) => !isTaken(one));
  }

  add(invitation: Invitation, expired: number): Promise<void> {
    return this.#file.change((all) => ({
      outcome: undefined,
      next: [...all.filter(({ since }) => since >= expired), invitation],
    }));
  }

  take(digest: string): Promise<Invitation | undefined> {
    return this.#file.change((all) => {
      const taken = all.find((one) => one.digest === digest);
      const next = renamed(all, digest, digestOfTaken(digest));
      return { outcome: taken, ...(taken !== undefined && { next }) };
    });
  }

  giveBack(digest: string): Promise<void> {
    return this.#file.change((all) => ({
      outcome: undefined,
      next: renamed(all, digestOfTaken(digest), digest),
    }));
  }

  remove(digest: string): Promise<RemovedInvitation | undefined> {
    return this.#file.change((all) => {
      const found = all.find((one) => one.digest === digest || one.digest === digestOfTaken(digest));
      if (found === undefined) return { outcome: undefined };
      const outcome = { invitation: { ...found, digest }, wasTaken: found.digest !== digest };
      return { outcome, next: all.filter((one) => one !== found) };
    });
  }
}

const renamed = (all: readonly Invitation[], from: string, to: string): readonly Invitation[] =>
  all.map((one) => (one.digest === from ? { ...one, digest: to } : one));
