import { DynonymError } from '../../domain/errors.ts';

export type ConfigurationFaultCode =
  /** The file does not exist. */
  | 'CONFIG_MISSING'
  /** The system refuses to read it, or it is not a regular file. */
  | 'CONFIG_UNREADABLE'
  /** The system refuses to write it. */
  | 'CONFIG_UNWRITABLE'
  /** It has problems, or would have them after the change. All of them are listed. */
  | 'CONFIG_INVALID'
  /** The change cannot be made safely in the form in which it is written. */
  | 'CONFIG_EDIT_REFUSED'
  /** Another process is changing it, and does not finish. */
  | 'CONFIG_BUSY';

/** A problem at one place of a configuration. No message repeats a value, because it may be a secret. */
export type ConfigurationProblem = {
  /** Path of the key (`users.alice.pw`). Empty when the text cannot be read at all. */
  readonly key: string;
  readonly line: number;
  readonly message: string;
};

/** The configuration is missing, has problems, or cannot be changed. The message has a line for each problem. */
export class ConfigurationFault extends DynonymError<ConfigurationFaultCode> {
  readonly problems: readonly ConfigurationProblem[];

  constructor(
    code: ConfigurationFaultCode,
    message: string,
    options: { readonly cause?: unknown; readonly problems?: readonly ConfigurationProblem[] } = {},
  ) {
    super(code, message, options.cause === undefined ? {} : { cause: options.cause });
    this.problems = options.problems ?? [];
  }
}

/** The fault for problems of `file`, in the order of their lines. */
export function faultOfProblems(
  code: ConfigurationFaultCode,
  file: string,
  problems: readonly ConfigurationProblem[],
): ConfigurationFault {
  const sorted = problems.toSorted((one, other) => one.line - other.line);
  const lines = sorted.map(
    ({ key, line, message }) => `${file}:${line}: ${key === '' ? '' : `${key}: `}${message}`,
  );
  return new ConfigurationFault(code, lines.join('\n'), { problems: sorted });
}
