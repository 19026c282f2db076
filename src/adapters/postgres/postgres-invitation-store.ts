import type { InvitationStore } from '../../application/ports/invitation-store.ts';
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
    return rows.map(invitationOf);
  }

  async add({ digest, by, since, to }: Invitation, expired: number): Promise<void> {
    await this.#database.change(async (sql) => {
      await sql`delete from dynonym.invitations where since < ${expired}`;
      await sql`
        insert into dynonym.invitations (digest, made_by, since, offer)
        values (${digest}, ${by}, ${since}, ${sql.typed.json(to)})`;
    });
  }

  /** Of several who remove one row at once, PostgreSQL lets one of them remove it. */
  async take(digest: string): Promise<Invitation | undefined> {
    const rows = await this.#database.change(
      async (sql) => sql<Row[]>`delete from dynonym.invitations where digest = ${digest} returning *`,
    );
    return rows.map(invitationOf)[0];
  }
}

const invitationOf = ({ digest, made_by, since, offer }: Row): Invitation => ({
  digest,
  by: made_by,
  since: Number(since),
  to: offer,
});
