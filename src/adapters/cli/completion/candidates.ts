import type { Definition } from 'clipanion';
import { TSIG_ALGORITHMS } from '../../../domain/tsig-key.ts';
import type { ConfiguredNames } from '../context.ts';
import { argumentsOf, type OptionHelp, readOptions, valueName } from '../help.ts';
import { readCommandPath } from '../prefix.ts';
import { SNIPPETS } from '../snippet.command.ts';

/** What may stand where the cursor is. `files`: a path, which shells complete best. */
export type Candidates = readonly Candidate[] | 'files';
export type Candidate = { readonly value: string; readonly description?: string };

export type Place = {
  /** The words between `dynonym` and the one at the cursor. */
  readonly words: readonly string[];
  /** The word at the cursor, as far as it was typed. */
  readonly word: string;
  readonly definitions: readonly Definition[];
  /** Reads the configuration. It is asked only when the place needs it. */
  readonly names: (configFile: string | undefined) => Promise<ConfiguredNames>;
};

/** Commands whose first argument is a new name. */
const MAKERS = ['dynonym configure users add', 'dynonym configure nameserver add'];

export async function candidatesAt(place: Place): Promise<Candidates> {
  const found = await allAt(place);
  return found === 'files' ? found : found.filter(({ value }) => value.startsWith(place.word));
}

async function allAt({ words, word, definitions, names }: Place): Promise<Candidates> {
  const asksForHelp = words[0] === 'help';
  const all = definitions.flatMap(readOptions);
  const paths = definitions.map(({ path }) => path.split(' ').slice(1));
  const takesValue = (name: string) => all.some((option) => option.takesValue && option.names.includes(name));
  const reading = readCommandPath(asksForHelp ? words.slice(1) : words, paths, takesValue);
  if (reading.kind !== 'command' && reading.kind !== 'group') return [];

  const path = ['dynonym', ...reading.path].join(' ');
  const definition = definitions.find((candidate) => candidate.path === path);
  const options = definition === undefined ? all : readOptions(definition);
  const line = readLine(reading.rest, options);
  const [user = ''] = line.arguments;
  const valuesOf = (kind: string) => valuesOfKind(kind, user, () => names(line.configFile));

  if (line.waiting !== undefined) return valuesOf(kindOf(line.waiting));
  if (!line.endsOptions) {
    const [start, name = ''] = /^(--[a-z0-9-]+)=/.exec(word) ?? [];
    if (start !== undefined) {
      const option = options.find((each) => each.takesValue && each.names.includes(name));
      const values = option === undefined ? [] : await valuesOf(kindOf(option));
      return values === 'files' ? values : values.map(({ value }) => ({ value: `${start}${value}` }));
    }
    if (word.startsWith('-')) return definition === undefined ? [] : optionsOf(options);
  }
  if (definition === undefined) return nextWords(definitions, path, asksForHelp);
  if (asksForHelp || (MAKERS.includes(path) && line.arguments.length === 0)) return [];
  const kind = argumentsOf(definition)(line.arguments.length);
  if (kind === undefined) return [];
  if (path.endsWith(' deauth') && kind === 'DOMAIN') return valuesOf('GRANTED');
  return valuesOf(kind === 'NAME' ? 'DOMAIN' : kind);
}

type Line = {
  readonly arguments: readonly string[];
  readonly configFile: string | undefined;
  /** The option whose value is at the cursor. */
  readonly waiting: OptionHelp | undefined;
  /** True behind `--`. */
  readonly endsOptions: boolean;
};

function readLine(words: readonly string[], options: readonly OptionHelp[]): Line {
  const found: string[] = [];
  let configFile: string | undefined;
  let waiting: OptionHelp | undefined;
  let endsOptions = false;
  for (const word of words) {
    const [name = '', ...value] = word.split('=');
    const option = endsOptions ? undefined : options.find(({ names }) => names.includes(name));
    const isConfig = (each: OptionHelp | undefined) => each?.names.includes('--config') === true;
    if (waiting !== undefined) {
      if (isConfig(waiting)) configFile = word;
      waiting = undefined;
    } else if (!endsOptions && word === '--') endsOptions = true;
    else if (option?.takesValue === true && value.length === 0) waiting = option;
    else if (isConfig(option)) configFile = value.join('=');
    else if (endsOptions || !word.startsWith('-')) found.push(word);
  }
  return { arguments: found, configFile, waiting, endsOptions };
}

/** `tcp|udp|tls` when the description ends with these words, and the name of the value otherwise. */
function kindOf(option: OptionHelp): string {
  const [, listed] = /: ((?:\w+, )*\w+ or \w+)$/.exec(option.description) ?? [];
  return listed?.replace(' or ', ', ').replaceAll(', ', '|') ?? valueName(option);
}

/** What a value may be, by the name that the help gives it. */
async function valuesOfKind(
  kind: string,
  user: string,
  readNames: () => Promise<ConfiguredNames>,
): Promise<Candidates> {
  if (kind === 'FILE' || kind === 'FOLDER') return 'files';
  if (kind === 'CLIENT') return SNIPPETS.map(({ id, title }) => ({ value: id, description: title }));
  if (kind === 'ALGORITHM') return valued(TSIG_ALGORITHMS);
  if (/^[a-z]/.test(kind)) return valued(kind.split('|'));
  switch (kind) {
    case 'USER':
      return valued((await readNames()).users.keys());
    case 'DOMAIN':
    case 'HOST': {
      const { users, hosts } = await readNames();
      return valued([...Array.from(users.values(), ({ domains }) => domains).flat(), ...hosts]);
    }
    case 'GRANTED':
      return valued((await readNames()).users.get(user)?.domains ?? []);
    case 'TOKEN':
      return valued((await readNames()).users.get(user)?.tokens ?? []);
    case 'PASSKEY':
      return valued((await readNames()).users.get(user)?.passkeys ?? []);
    case 'ZONE':
      return valued((await readNames()).zones);
    case 'KEY':
      return valued((await readNames()).keys);
    default:
      return [];
  }
}

const valued = (values: Iterable<string>): readonly Candidate[] =>
  Array.from(new Set(values), (value) => ({ value }));

function optionsOf(options: readonly OptionHelp[]): readonly Candidate[] {
  const described = options.flatMap(({ names, description }) =>
    names.map((value) => ({ value, description: description.replaceAll('`', '') })),
  );
  return [...described, { value: '--help', description: 'print the help' }];
}

/** The words that may come after `group`, the words that are there already. */
function nextWords(
  definitions: readonly Definition[],
  group: string,
  asksForHelp: boolean,
): readonly Candidate[] {
  const words = new Map<string, Candidate>();
  for (const { path, description = '' } of definitions) {
    if (!path.startsWith(`${group} `)) continue;
    const [value = '', ...deeper] = path.slice(group.length + 1).split(' ');
    words.set(value, deeper.length === 0 ? { value, description: description.trim() } : { value });
  }
  if (group === 'dynonym' && !asksForHelp) {
    words.set('help', { value: 'help', description: 'Explain a command' });
  }
  return [...words.values()];
}
