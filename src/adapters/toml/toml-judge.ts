import { type JsonMap, parse } from '@iarna/toml';

/** What a single value of a TOML text may mean. */
export type TomlScalar = string | number | bigint | boolean | Date;

/** Why @iarna/toml does not take a text: the reason alone, and the line, counted from 0. */
export class TomlVerdict extends Error {
  readonly line: number;

  constructor(line: number, reason: string) {
    super(reason);
    this.name = 'TomlVerdict';
    this.line = line;
  }
}

/** What a text means to @iarna/toml. Throws a TomlVerdict. */
export function judge(text: string): JsonMap {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // An impossible date has no position.
    const line = 'line' in error && typeof error.line === 'number' ? error.line : 0;
    // Behind the reason stand the position and the lines around it, which may hold a secret.
    const [reason = ''] = error.message.split(' at row ');
    throw new TomlVerdict(line, reason.charAt(0).toLowerCase() + reason.slice(1));
  }
}

/** What the text of one value means. Throws a TomlVerdict. */
export function judgeScalar(text: string): TomlScalar {
  return judge(`v=${text}`)['v'] as TomlScalar;
}
