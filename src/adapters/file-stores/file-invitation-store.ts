import * as z from 'zod';
import type { InvitationStore } from '../../application/ports/invitation-store.ts';
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

  list(): Promise<readonly Invitation[]> {
    return this.#file.read();
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
      const next = all.filter((one) => one !== taken);
      return { outcome: taken, ...(taken !== undefined && { next }) };
    });
  }
}
