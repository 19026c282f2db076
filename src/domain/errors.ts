/**
 * A fault with a stable name. Expected outcomes (an unknown user, an unchanged record) are returned values;
 * an error of this class means that something did not work, and says what.
 *
 * `code` never changes between releases: scripts and dashboards match it. Every code is explained in
 * docs/errors.md.
 */
export class DynonymError<Code extends string = string> extends Error {
  readonly code: Code;

  constructor(code: Code, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'DynonymError';
    this.code = code;
  }
}

/** Why a text that came from outside is not the value that it should be. One sentence, no final dot. */
export type Invalid = { readonly ok: false; readonly reason: string };

/** The value that a text stands for, or why it stands for none. What every `parse` of the domain returns. */
export type Parsed<Value> = { readonly ok: true; readonly value: Value } | Invalid;

export const valid = <Value>(value: Value): Parsed<Value> => ({ ok: true, value });

export const invalid = (reason: string): Invalid => ({ ok: false, reason });
