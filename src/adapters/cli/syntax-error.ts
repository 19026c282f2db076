import leven, { closestMatch } from 'leven';
import type { OptionHelp } from './help.ts';
import { quoted } from './output.ts';

/** `; did you mean "users"?` for "usr": at most two letters differ, and less than half of them. */
export const didYouMean = (word: string, known: readonly string[]): string => guessText(closest(word, known));

/** The one of `known` that was meant. */
export function closest(word: string, known: readonly string[]): string | undefined {
  const match = closestMatch(word, known, { maxDistance: 2 });
  return match !== undefined && leven(word, match) * 2 < match.length ? match : undefined;
}

/** The end of a sentence: a question about the guess, if there is one. */
export const guessText = (guess: string | undefined): string =>
  guess === undefined ? '.' : `; did you mean ${quoted(guess)}?`;

/** What is wrong with an option that is unknown, or that was given a value and takes none. */
export function describeUnknownOption(text: string, known: readonly string[]): string {
  // What follows = is not repeated, because it may be a secret.
  const [name = ''] = text.split('=');
  if (known.includes(name)) return `${name} takes no value.`;
  return `unknown option ${quoted(name)}${didYouMean(name, known)}`;
}

/** What a command was given behind its words, and what it takes. */
type CommandLine = {
  readonly argv: readonly string[];
  readonly usage: string;
  readonly options: readonly OptionHelp[];
};

/**
 * What is wrong with the arguments of a command. Undefined when the error is about something else. clipanion tells the
 * reason only in English words: a test fails when these change, and the last answer below is still true then.
 */
export function describeSyntaxError(error: unknown, command: CommandLine): string | undefined {
  if (!isSyntaxError(error)) return undefined;
  const options = command.options.flatMap(({ names }) => names);
  const reason = error.candidates.find((candidate) => candidate.reason !== null)?.reason ?? '';
  const about = /\("([\s\S]*)"\)\.$/.exec(reason)?.[1] ?? '';
  if (/^(Unsupported|Invalid) option name/.test(reason)) return describeUnknownOption(about, options);
  if (reason.startsWith('Extraneous positional argument')) return `unexpected argument ${quoted(about)}.`;
  if (reason.startsWith('Not enough positional arguments')) return describeMissing(command);
  const option = /^Not enough arguments to option (\S+)\.$/.exec(reason)?.[1];
  if (option !== undefined) {
    const next = command.argv[command.argv.indexOf(option) + 1] ?? '';
    // A value that begins with a dash is read as an option.
    return /^-./.test(next) && next !== '--' && !options.includes(next)
      ? `${option} needs a value; one that begins with a dash is written ${option}=-…`
      : `${option} needs a value.`;
  }
  return `the arguments are not understood (${command.usage}).`;
}

/** The arguments that a command needs and was not given: `USER and DOMAIN are missing.` */
function describeMissing({ argv, usage, options }: CommandLine): string {
  const needed = [...usage.matchAll(/<(\w+)>/g)].map(([, name]) => name);
  const withValue = new Set(options.flatMap(({ names, takesValue }) => (takesValue ? names : [])));
  const end = argv.indexOf('--');
  const before = end === -1 ? argv : argv.slice(0, end);
  const after = end === -1 ? [] : argv.slice(end + 1);
  const given = before.filter(
    (argument, index) => !/^-./.test(argument) && !withValue.has(before[index - 1] ?? ''),
  );
  const missing = needed.slice(given.length + after.length);
  return `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing.`;
}

/** clipanion does not export the class. */
function isSyntaxError(error: unknown): error is Error & { candidates: { reason: string | null }[] } {
  return error instanceof Error && error.name === 'UnknownSyntaxError' && 'candidates' in error;
}
