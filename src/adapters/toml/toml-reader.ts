import { parse } from '@iarna/toml';
import { UNUSABLE_KEYS } from '../../domain/user.ts';
import { ConfigurationFault, type ConfigurationProblem, faultOfProblems } from './configuration-fault.ts';
import { pathText } from './source-lines.ts';
import { syntaxProblem } from './syntax-problem.ts';
import { blocksOf, partsOf, withoutMark } from './toml-tree.ts';
import type { TomlTable } from './toml-value.ts';

/**
 * @iarna/toml mishandles these as keys: `[users.constructor]` vanishes from the result, and what stands below it
 * becomes a property of the global `Object`.
 */
export const isRefusedKey = (key: string | number): boolean => UNUSABLE_KEYS.has(String(key));
export const REFUSED_KEY = 'this name cannot be used here; choose another one';
/** Matches a text that may have such a key, perhaps with escapes. Most texts have none, and need no syntax tree. */
const MAY_HAVE_MISHANDLED = new RegExp(['\\\\[uU]', ...UNUSABLE_KEYS].join('|'));

/** Reads a text with @iarna/toml. `file` is its name in messages. Throws a ConfigurationFault. */
export function readToml(text: string, file = ''): TomlTable {
  return reading(file, text, () => {
    if (MAY_HAVE_MISHANDLED.test(text)) refuseMishandled(file, text);
    // @iarna/toml refuses a carriage return after a comment as a control character.
    return parse(withoutMark(text).replaceAll('\r\n', '\n')) as TomlTable;
  });
}

/**
 * Runs what reads or judges the text of `file`. Any error that it throws is a problem of the text, even a stack
 * overflow. Throws a ConfigurationFault.
 */
export function reading<Result>(file: string, text: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (error instanceof ConfigurationFault) throw error;
    throw faultOfProblems('CONFIG_INVALID', file, [syntaxProblem(text, error)]);
  }
}

function refuseMishandled(file: string, text: string): void {
  const problems: ConfigurationProblem[] = [];
  for (const { path, base, line } of partsOf(blocksOf(text))) {
    const at = path.findIndex((key, index) => index >= base.length && isRefusedKey(key));
    if (at === -1) continue;
    problems.push({ key: pathText(path.slice(0, at + 1)), line, message: REFUSED_KEY });
  }
  if (problems.length > 0) throw faultOfProblems('CONFIG_INVALID', file, problems);
}
