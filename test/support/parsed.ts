import assert from 'node:assert/strict';
import type { Parsed } from '../../src/domain/errors.ts';

/** The value of what has to be valid. */
export function valueIn<Value>(parsed: Parsed<Value>): Value {
  if (!parsed.ok) assert.fail(`valid, but: ${parsed.reason}`);
  return parsed.value;
}

/** Why something is invalid, which it has to be. */
export function reasonIn(parsed: Parsed<unknown>): string {
  if (parsed.ok) assert.fail(`invalid, but it stands for ${JSON.stringify(parsed.value)}`);
  return parsed.reason;
}
