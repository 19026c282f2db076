import { Cli, type Command, type CommandClass, type Definition, UsageError } from 'clipanion';
import { COMMANDS } from './commands.ts';
import type { CliContext, CommandContext } from './context.ts';
import { commandHelp, overview, readOptions, usageLine } from './help.ts';
import { describeError, quoted, write } from './output.ts';
import { readCommandPath } from './prefix.ts';
import { closest, describeSyntaxError, describeUnknownOption, guessText } from './syntax-error.ts';
import { packageVersion } from './version.ts';

const PROGRAM = 'dynonym';
const PURPOSE = 'dynonym, an HTTP server that manages dynamic DNS records';

const cliOf = (...commands: readonly CommandClass<CommandContext>[]) =>
  Cli.from<CommandContext>([...commands], { binaryName: PROGRAM, enableColors: false });

/** The descriptions of all commands, in the order of the help. */
export const DEFINITIONS = cliOf(...COMMANDS).definitions();
const PATHS = DEFINITIONS.map(({ path }) => path.split(' ').slice(1));
const OPTIONS = DEFINITIONS.flatMap(readOptions);
const OPTIONS_WITH_VALUE = new Set(OPTIONS.flatMap(({ names, takesValue }) => (takesValue ? names : [])));

/** Runs one command line and resolves to the exit code. All output goes to the streams of the context. */
export async function runCli(argv: readonly string[], context: CliContext): Promise<number> {
  // `write` rejects with the error of a stream. Without a listener here, the error would also end the process.
  for (const stream of [context.stdout, context.stderr]) stream.on('error', () => {});
  try {
    return await run(argv, context);
  } catch (error) {
    const description = describeError(error, context.env);
    if (description !== undefined) context.stderr.write(`${PROGRAM}: ${description}\n`);
    return 1;
  }
}

async function run(argv: readonly string[], context: CliContext): Promise<number> {
  const [first, ...others] = argv;
  const asksForHelp = first === 'help';
  const reading = readCommandPath(asksForHelp ? others : argv, PATHS, (name) => OPTIONS_WITH_VALUE.has(name));
  const path = [PROGRAM, ...reading.path].join(' ');
  switch (reading.kind) {
    case 'unknown': {
      const { word, rest, candidates } = reading;
      const guess =
        deeperPath(reading.path, [word, ...rest]) ??
        closest(word, candidates) ??
        deeperPath(reading.path, [closestBelow(reading.path, word), ...rest]) ??
        closest(`--${word}`, ['--version']);
      throw new UsageError(`unknown command ${quoted(word)}${guessText(guess)} ${tryHelp(path)}`);
    }
    case 'ambiguous': {
      const candidates = reading.candidates.join(', ');
      throw new UsageError(`${quoted(reading.word)} may stand for ${candidates}. ${tryHelp(path)}`);
    }
    case 'group': {
      const purpose = reading.path.length === 0 ? PURPOSE : undefined;
      if (asksForHelp || reading.rest.some(isHelpOption)) {
        await write(context.stdout, overview(DEFINITIONS, path, purpose));
        return 0;
      }
      if (reading.rest.includes('--version')) {
        await write(context.stdout, `${packageVersion()}\n`);
        return 0;
      }
      if (argv.length === 0) {
        await write(context.stderr, overview(DEFINITIONS, path, purpose));
        return 1;
      }
      throw new UsageError(`${describeMissingCommand(reading.rest)} ${tryHelp(path)}`);
    }
    case 'command': {
      const definition = DEFINITIONS.find((candidate) => candidate.path === path);
      if (definition === undefined) throw new Error(`${path} has no description`);
      if (asksForHelp || optionsIn(reading.rest).some(isHelpOption)) {
        await write(context.stdout, commandHelp(definition));
        return 0;
      }
      return readCommand([...reading.path, ...reading.rest], definition, context).validateAndExecute();
    }
  }
}

const pathsBelow = (path: readonly string[]) =>
  PATHS.filter((words) => path.every((one, index) => words[index] === one));

/**
 * `configure users` when that is the only place below the path that has the first word; `configure users add` when the
 * next word goes with it.
 */
function deeperPath(path: readonly string[], [word = '', next = '']: readonly string[]): string | undefined {
  const places = new Set(
    pathsBelow(path)
      .map((words) => words.slice(0, words.indexOf(word, path.length) + 1).join(' '))
      .filter((place) => place !== ''),
  );
  const [place = ''] = places;
  if (places.size !== 1) return undefined;
  const longer = place.split(' ').concat(next);
  return PATHS.some((words) => longer.every((one, index) => words[index] === one)) ? longer.join(' ') : place;
}

/** The word of a longer command that was meant. */
const closestBelow = (path: readonly string[], word: string): string =>
  closest(word, [...new Set(pathsBelow(path).flatMap((words) => words.slice(path.length)))]) ?? '';

function readCommand(argv: string[], definition: Definition, context: CliContext): Command<CommandContext> {
  try {
    // Only this command is given to clipanion: its parser is built from all commands that it is given, which takes
    // long.
    return cliOf(...COMMANDS.filter((_, index) => DEFINITIONS[index] === definition)).process(argv, {
      ...context,
      definitions: DEFINITIONS,
    });
  } catch (error) {
    const description = describeSyntaxError(error, {
      argv: argv.slice(definition.path.split(' ').length - 1),
      usage: usageLine(definition),
      options: readOptions(definition),
    });
    if (description === undefined) throw error;
    throw new UsageError(`${description} ${tryHelp(definition.path)}`);
  }
}

/** What is wrong with a line that has options and no complete command. */
function describeMissingCommand(argv: readonly string[]): string {
  const known = ['--help', '--version', ...OPTIONS.flatMap(({ names }) => names)];
  const [first = ''] = optionsIn(argv);
  if (first === '' || known.includes(first.split('=')[0] ?? '')) return 'a command is needed.';
  // Many programs tell their version so.
  if (/^-v$/i.test(first)) return `unknown option ${quoted(first)}${guessText('--version')}`;
  return describeUnknownOption(first, known);
}

/** The arguments up to a `--`. What follows it is never an option. */
function optionsIn(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return end === -1 ? argv : argv.slice(0, end);
}

/** clipanion accepts `--help=1` too. */
function isHelpOption(argument: string): boolean {
  return /^(?:-h|--help)(?:=|$)/.test(argument);
}

function tryHelp(path: string): string {
  return `Try: ${path} --help`;
}
