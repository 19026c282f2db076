import { Command, Option } from 'clipanion';
import { wordsOfStore } from '../../check-words/check-words.ts';
import { BaseCommand } from '../base.command.ts';
import { findingText } from '../check-report.ts';
import { noStore } from './no-store.ts';

export class StoreCheckCommand extends BaseCommand {
  static override paths = [['store', 'check']];

  static override usage = Command.Usage({
    category: 'Database',
    description: 'Find out what is wrong with the database, and what to do about it',
    details: `
      Looks at the hosts of the address, the tables, the rights of the role, clocks, latency, standbys, and at the work
      that one instance does for all. It changes nothing, and reads no whole table. A whole check includes it.

      Exit code: 0 when all is fine; 1 when something does not work; 2 when there are warnings.
    `,
    examples: [['Check the database of [store]', '$0 store check']],
  });

  json = Option.Boolean('--json', false, { description: 'print JSON, whose fields stay the same' });

  override async execute(): Promise<number> {
    const store = await this.context.openStore(this.configFile);
    if (store === undefined) return this.refuse(noStore(this.configFile));
    const findings = (await store.checkStore.run()).map((finding) => {
      const { problem, cure } = wordsOfStore(finding);
      return { ...finding, problem, cure: this.advise(cure) };
    });
    const severities = findings.map(({ severity }) => severity);
    if (this.json) await this.doneAsJson({ findings });
    else if (findings.length === 0) await this.print('All is fine.');
    else await this.print(findings.map(findingText).join('\n\n'));
    return severities.includes('problem') ? 1 : severities.length > 0 ? 2 : 0;
  }
}
