import type { Definition } from 'clipanion';
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
  const categories = new Map<string, [string, string][]>();
  for (const { path, category = '', description = '' } of members) {
    const rows = categories.get(category) ?? [];
    categories.set(category, rows);
    rows.push([path.padEnd(width), description.trim()]);
  }
  return textOf([
    purpose,
    section('Usage', `${group} <command> [options]`),
    ...Array.from(categories, ([category, rows]) => section(category.trim(), table(rows))),
    'Words of a command may be shortened: dynonym conf u add alice\n' +
      'Every command explains itself: dynonym configure users add --help\n' +
      'The version: dynonym --version',
  ]);
}

export function usageLine({ path, usage }: Definition): string {
  return usage.replace(path, `${path} [options]`).replace('> ...', '>...');
}

/** The word in backquotes is the name of the option's value. */
function optionRow({ names, takesValue, description }: OptionHelp): [string, string] {
  const value = takesValue ? ` ${/`([^`]+)`/.exec(description)?.[1] ?? 'VALUE'}` : '';
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
