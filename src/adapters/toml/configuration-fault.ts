import { DynonymError } from '../../domain/errors.ts';

/**
 * - `CONFIG_MISSING`: there is no file.
 * - `CONFIG_UNREADABLE`, `CONFIG_UNWRITABLE`: the system does not let it be read or written, or it is no file.
 * - `CONFIG_INVALID`: it has problems, or would have with the change; all of them are listed.
 * - `CONFIG_EDIT_REFUSED`: it is written in a form in which the change cannot be made safely.
 * - `CONFIG_BUSY`: another process is changing it, and does not end.
 */
export type ConfigurationFaultCode =
  | 'CONFIG_MISSING'
  | 'CONFIG_UNREADABLE'
  | 'CONFIG_UNWRITABLE'
  | 'CONFIG_INVALID'
  | 'CONFIG_EDIT_REFUSED'
  | 'CONFIG_BUSY';

/** Something wrong at one place of a configuration. No message repeats a value: it may be a secret. */
export type ConfigurationProblem = {
  /** Path of the key (`users.alice.pw`); empty when the text as such is wrong. */
  readonly key: string;
  readonly line: number;
  readonly message: string;
};

/** The configuration is not there, not right, or cannot be changed. The message has a line for each problem. */
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

/** A fault for problems at places of `file`, in the order of their lines. */
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
