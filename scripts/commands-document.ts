import { DEFINITIONS } from '../src/adapters/cli/cli.ts';
import { commandHelp } from '../src/adapters/cli/help.ts';

/** docs/commands.md: what each command says of itself with --help. */
export function commandsDocument(): string {
  const categories = new Map<string, string[]>();
  for (const definition of DEFINITIONS) {
    const category = definition.category?.trim() ?? '';
    const commands = categories.get(category) ?? [];
    categories.set(category, commands);
    commands.push(`### ${definition.path}`, '', '```', commandHelp(definition).trimEnd(), '```', '');
  }
  return [
    '# Commands',
    '',
    '<!-- Written by `npm run docs`; edit src/adapters/cli instead. -->',
    '',
    'What `dynonym COMMAND --help` says, for all of them. Words of a command may be shortened as long as they stand for',
    'one command alone (`dynonym conf u add alice`). A command that did what it is for exits with 0; otherwise it says in',
    'one line on standard error what is wrong and what to do, and exits with another code.',
    '',
    ...Array.from(categories, ([category, commands]) => [`## ${category}`, '', ...commands]).flat(),
  ].join('\n');
}
