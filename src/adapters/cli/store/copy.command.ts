import { Command, Option, UsageError } from 'clipanion';
import {
  COPIED_PARTS,
  type CopiedPart,
  type CopyCount,
  type CopyProblem,
} from '../../../application/manage/copy-store.ts';
import { BaseCommand } from '../base.command.ts';
import type { NamedPlace } from '../context.ts';
import { quoted } from '../output.ts';
import { Progress } from '../progress.ts';
import { readDatabaseAddress } from './read-database-address.ts';

/** One of each. */
const ONE: Readonly<Record<CopiedPart, string>> = {
  users: 'user',
  hosts: 'host',
  invitations: 'invitation',
  challenges: 'challenge',
};

export class StoreCopyCommand extends BaseCommand {
  static override paths = [['store', 'copy']];

  static override usage = Command.Usage({
    category: 'Database',
    description: 'Copy users and hosts between a configuration file and PostgreSQL',
    details: `
      Copies users with all that belongs to them, the settings of hosts, invitations that are still good, and the
      challenges that stand in the DNS. What the target has already stays as it is, so a copy that was interrupted is
      made again by the same command. In the end each record is read anew and compared. What differs is listed, and
      left.

      A place is toml:FILE, a configuration without [store]; postgres:FILE, the database whose address is in that file; or
      postgres, the database of [store] in the configuration. A file is for 10,000 users; more are refused.

      Exit code: 0 when the target has everything as the source has it, otherwise 1.
    `,
    examples: [
      [
        'Move to PostgreSQL, when its tables are made',
        '$0 store copy --from toml:dynonym.toml --to postgres:/etc/dynonym/database.url',
      ],
      ['Move back into a file', '$0 store copy --from postgres --to toml:new.toml'],
    ],
  });

  from = Option.String('--from', { required: true, description: 'the `PLACE` that has the records' });
  to = Option.String('--to', { required: true, description: 'the `PLACE` that gets them' });

  override async execute(): Promise<number> {
    const [from, to] = [await placeIn('--from', this.from), await placeIn('--to', this.to)];
    const opened = await this.context.openCopy(this.configFile, from, to);
    if ('unusable' in opened) return this.refuse(this.#unusable(opened.unusable));
    const progress = new Progress(this.context.stderr);
    const outcome = await opened.copyStore.execute({
      progress: (step, part, done) =>
        progress.show(`${step === 'copy' ? 'Copied or found' : 'Verified'} ${part}: ${done}`),
      problem: (problem) => progress.line(`dynonym: ${wordsOf(problem)}`),
    });
    await progress.end();
    if (outcome.kind === 'too-many') {
      return this.refuse(
        `a configuration file is for ${outcome.most} ${outcome.part}, and ${quoted(this.to)} would have more; ` +
          'nothing was copied',
      );
    }
    const counts = COPIED_PARTS.map((part) => [part, outcome.counts[part]] as const);
    await this.print(counts.map(lineOf).join('\n'));
    const problems = counts.reduce((sum, [, count]) => sum + count.problems, 0);
    if (problems === 0) return this.done('The target has everything as the source has it.');
    return this.refuse(
      `${problems} of the records above are not in the target as they are in the source; they were left as they are`,
    );
  }

  #unusable(place: NamedPlace): string {
    return place.kind === 'toml'
      ? `${quoted(place.file)} has [store]: users and hosts are in PostgreSQL, and not in that file`
      : `${quoted(this.configFile)} has no [store]; name a file that has the address of the database: postgres:FILE`;
  }
}

async function placeIn(option: string, text: string): Promise<NamedPlace> {
  const [, kind, file = ''] = /^(toml|postgres)(?::(.+))?$/s.exec(text) ?? [];
  if (kind === 'postgres') {
    if (file === '') return { kind };
    return { kind, address: await readDatabaseAddress(option, file) };
  }
  if (kind === 'toml' && file !== '') return { kind, file };
  throw new UsageError(`${option} ${quoted(text)}: a place is toml:FILE, postgres:FILE or postgres`);
}

const lineOf = ([part, { copied, verified }]: readonly [CopiedPart, CopyCount]): string =>
  `${part}: ${copied} copied, ${verified} verified`;

function wordsOf({ part, name, why }: CopyProblem): string {
  const about = `${ONE[part]} ${quoted(name)}`;
  switch (why.code) {
    case 'differs':
      return `${about} is there already, and differs in ${why.keys.join(', ')}`;
    case 'taken':
      return `${about} has something in ${why.key} that the user ${quoted(why.user)} has there`;
    case 'missing':
      return `${about} is not there`;
  }
}
