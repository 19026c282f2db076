/**
 * A fault with a stable code. Expected outcomes (an unknown user, an unchanged record) are returned values. An error of
 * this class means that something did not work, and its message says what.
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

/** Says why a text from outside is not valid, in one sentence without a final dot. */
export type Invalid = { readonly ok: false; readonly reason: string };

/** What every `parse` function of the domain returns: the value of a text, or the reason why it has none. */
export type Parsed<Value> = { readonly ok: true; readonly value: Value } | Invalid;

export const valid = <Value>(value: Value): Parsed<Value> => ({ ok: true, value });

export const invalid = (reason: string): Invalid => ({ ok: false, reason });
