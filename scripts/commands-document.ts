import type { Definition } from 'clipanion';
import { DEFINITIONS } from '../src/adapters/cli/cli.ts';
import { byCategory, commandHelp } from '../src/adapters/cli/help.ts';

/** docs/commands.md: what each command says of itself with --help. */
export function commandsDocument(): string {
  const commandPart = (definition: Definition) => [
    `### ${definition.path}`,
    '',
    '```',
    commandHelp(definition).trimEnd(),
    '```',
    '',
  ];
  return [
    '# Commands',
    '',
    '<!-- Written by `npm run docs`; edit src/adapters/cli instead. -->',
    '',
    'What `dynonym COMMAND --help` says, for all of them. Words of a command may be shortened as long as they stand for',
    'one command alone (`dynonym conf u add alice`). A command that did what it is for exits with 0; otherwise it says in',
    'one line on standard error what is wrong and what to do, and exits with another code.',
    '',
    ...Array.from(byCategory(DEFINITIONS), ([category, commands]) => [
      `## ${category}`,
      '',
      ...commands.flatMap(commandPart),
    ]).flat(),
  ].join('\n');
}
