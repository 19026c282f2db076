import {
  digestOfTaken,
  type InvitationStore,
  isTaken,
  type RemovedInvitation,
} from '../../application/ports/invitation-store.ts';
import type { Invitation } from '../../domain/invitation.ts';
import type { UserName } from '../../domain/user.ts';
import type { Database } from './database.ts';

type Row = {
  readonly digest: string;
  readonly made_by: UserName;
  readonly since: string;
  readonly offer: Invitation['to'];
};

/** The table `invitations`. */
export class PostgresInvitationStore implements InvitationStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async find(digest: string): Promise<Invitation | undefined> {
    const rows = await this.#database.ask(
      (sql) => sql<Row[]>`select * from dynonym.invitations where digest = ${digest}`,
    );
    return rows.map(invitationOf)[0];
  }

  async list(): Promise<readonly Invitation[]> {
    const rows = await this.#database.ask(
      (sql) => sql<Row[]>`select * from dynonym.invitations order by number`,
    );
    return rows.map(invitationOf).filter((one) => !isTaken(one));
  }

  async add({ digest, by, since, to }: Invitation, expired: number): Promise<void> {
    await this.#database.change(async (sql) => {
      await sql`delete from dynonym.invitations where since < ${expired}`;
      await sql`
        insert into dynonym.invitations (digest, made_by, since, offer)
        values (${digest}, ${by}, ${since}, ${sql.typed.json(to)})`;
    });
  }

  /** Of several who change one row at once, PostgreSQL lets one do it, and the others look again. */
  async take(digest: string): Promise<Invitation | undefined> {
    const rows = await this.#database.change(
      async (sql) => sql<Row[]>`
        update dynonym.invitations set digest = ${digestOfTaken(digest)} where digest = ${digest} returning *`,
    );
    return rows.map((row) => invitationOf({ ...row, digest }))[0];
  }

  async giveBack(digest: string): Promise<void> {
    await this.#database.change(
      async (sql) =>
        sql`update dynonym.invitations set digest = ${digest} where digest = ${digestOfTaken(digest)}`,
    );
  }

  /** Also while somebody takes it or gives it back, which changes the digest by which it is looked for. */
  async remove(digest: string): Promise<RemovedInvitation | undefined> {
    const both = [digest, digestOfTaken(digest)];
    const rows = await this.#database.change(
      async (sql) => sql<Row[]>`delete from dynonym.invitations where digest = any(${both}) returning *`,
    );
    return rows.map((row) => ({
      invitation: invitationOf({ ...row, digest }),
      wasTaken: row.digest !== digest,
    }))[0];
  }
}

const invitationOf = ({ digest, made_by, since, offer }: Row): Invitation => ({
  digest,
  by: made_by,
  since: Number(since),
  to: offer,
});
