import type { Definition } from 'clipanion';
import { addTo } from '../../domain/grouped.ts';
import { table } from './table.ts';

/** An option of a command: its names as they were declared, and whether a value follows. */
export type OptionHelp = {
  readonly names: readonly string[];
  readonly takesValue: boolean;
  readonly description: string;
};

export function readOptions({ options }: Definition): readonly OptionHelp[] {
  return options.map(({ definition, description = '' }) => {
    // clipanion describes an option as `-c,--config,--conf #0`.
    const [names = '', value] = definition.split(' ');
    return { names: names.split(','), takesValue: value !== undefined, description };
  });
}

/** The help of one command. That of clipanion says `--ttl #0`, and does not list --help. */
export function commandHelp(definition: Definition): string {
  const { description = '', details = '', examples = [] } = definition;
  const options = readOptions(definition).map(optionRow);
  return textOf([
    description,
    section('Usage', usageLine(definition)),
    details,
    section('Options', table([...options, ['-h, --help', 'print this help']])),
    section(
      'Examples',
      examples.map(([what, command]) => `${what.trim()}:\n${indented(command)}`).join('\n\n'),
    ),
  ]);
}

/** All commands that begin with the words of `group`, by category. */
export function overview(definitions: readonly Definition[], group: string, purpose = ''): string {
  const members = definitions.filter(({ path }) => path.startsWith(`${group} `));
  const width = Math.max(...members.map(({ path }) => path.length));
  const row = ({ path, description = '' }: Definition) => [path.padEnd(width), description.trim()];
  return textOf([
    purpose,
    section('Usage', `${group} <command> [options]`),
    ...Array.from(byCategory(members), ([category, commands]) => section(category, table(commands.map(row)))),
    'Words of a command may be shortened: dynonym conf u add alice\n' +
      'Every command explains itself: dynonym configure users add --help\n' +
      'The version: dynonym --version',
  ]);
}

/** Commands by their category, in the order of the help. */
export function byCategory(definitions: readonly Definition[]): ReadonlyMap<string, readonly Definition[]> {
  const categories = new Map<string, Definition[]>();
  for (const definition of definitions) addTo(categories, definition.category?.trim() ?? '', definition);
  return categories;
}

export function usageLine(definition: Definition): string {
  return `${definition.path} [options] ${argumentsText(definition)}`.trim();
}

/** The word in backquotes is the name of the option's value. */
export function valueName({ description }: OptionHelp): string {
  return /`([^`]+)`/.exec(description)?.[1] ?? 'VALUE';
}

/** The arguments of a command: `<USER> <DOMAIN>...`. */
export function argumentsText({ path, usage }: Definition): string {
  return usage.replace(path, '').replace('> ...', '>...').trim();
}

/** The names of arguments by their places: `USER`, `DOMAIN`. Undefined where a command takes none. */
export function argumentsOf(definition: Definition): (place: number) => string | undefined {
  const words = argumentsText(definition).replace('>...', '> ...').split(' ');
  const names = words.filter((word) => word !== '...').map((word) => word.slice(1, -1));
  const repeated = words.at(-1) === '...' ? names.at(-1) : undefined;
  return (place) => names[place] ?? repeated;
}

function optionRow(option: OptionHelp): [string, string] {
  const { names, takesValue, description } = option;
  const value = takesValue ? ` ${valueName(option)}` : '';
  return [`${names.join(', ')}${value}`, description.replaceAll('`', '')];
}

function section(heading: string, content: string): string {
  return `${heading}\n${indented(content)}`;
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}

/** Joins paragraphs. Empty ones are left out, and the spaces that clipanion leaves at the ends of lines. */
function textOf(paragraphs: readonly string[]): string {
  const written = paragraphs.map((paragraph) => paragraph.trim()).filter((paragraph) => paragraph !== '');
  return `${written.join('\n\n').replace(/ +$/gm, '')}\n`;
}
