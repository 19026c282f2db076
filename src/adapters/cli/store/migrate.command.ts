import { Command, Option } from 'clipanion';
import { BaseCommand } from '../base.command.ts';
import { noStore } from './no-store.ts';
import { readDatabaseAddress } from './read-database-address.ts';

export class StoreMigrateCommand extends BaseCommand {
  static override paths = [['store', 'migrate']];

  static override usage = Command.Usage({
    category: 'Database',
    description: 'Make the tables in PostgreSQL, or bring them to this version',
    details: `
      Does nothing when they are as they should be. Each step is made wholly or not at all, and only once, also when
      this is run on several machines at the same time. Nothing that is in the tables is lost.

      A server of an older version that runs meanwhile goes on. It does not start again on newer tables.
    `,
    examples: [
      ['With the role of the server', '$0 store migrate'],
      ['With a role that may make tables', '$0 store migrate --postgres-file /root/dynonym-owner'],
    ],
  });

  postgresFile = Option.String('--postgres-file', {
    description: 'a `FILE` with another address of the database than [store] has, for another role',
  });

  override async execute(): Promise<number> {
    const address =
      this.postgresFile === undefined
        ? undefined
        : await readDatabaseAddress('--postgres-file', this.postgresFile);
    const store = await this.context.openStore(this.configFile, address);
    if (store === undefined) {
      return this.refuse(noStore(this.configFile));
    }
    const steps = await store.migrate();
    return this.done(
      steps.length === 0
        ? 'The tables are as they should be.'
        : `Made ${steps.join(', ')}. The tables are ready.`,
    );
  }
}
