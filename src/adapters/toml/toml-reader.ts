import { parse } from '@iarna/toml';
import type { AST } from 'toml-eslint-parser';
import { ConfigurationFault, type ConfigurationProblem } from './configuration-fault.ts';
import { pathText } from './source-lines.ts';
import { syntaxProblem } from './syntax-problem.ts';
import { blocksOf, parseTree, partsOf, withoutMark } from './toml-tree.ts';
import type { TomlTable } from './toml-value.ts';

/** The text cannot be read as TOML. */
export class TomlFault extends Error {
  readonly problems: readonly ConfigurationProblem[];

  constructor(problems: readonly ConfigurationProblem[]) {
    super(problems.map(({ message }) => message).join('; '));
    this.name = 'TomlFault';
    this.problems = problems;
  }
}

/**
 * @iarna/toml mishandles these as keys: `[users.constructor]` vanishes from the result, and what stands below it
 * becomes a property of the global `Object`.
 */
const MISHANDLED = new Set(Object.getOwnPropertyNames(Object.prototype));
/** Matches a text that may have such a key, perhaps with escapes. Most texts have none, and need no syntax tree. */
const MAY_HAVE_MISHANDLED = new RegExp(['\\\\[uU]', ...MISHANDLED].join('|'));

/** Reads a text with @iarna/toml. Throws a TomlFault. */
export function readToml(text: string): TomlTable {
  return reading(text, () => {
    if (MAY_HAVE_MISHANDLED.test(text)) refuseMishandled(text, parseTree(text));
    // @iarna/toml refuses a carriage return after a comment as a control character.
    return parse(withoutMark(text).replaceAll('\r\n', '\n')) as TomlTable;
  });
}

/**
 * Runs an action on a text. Any error that it throws is a problem of the text, even a stack overflow. Throws a
 * TomlFault or a ConfigurationFault.
 */
export function reading<Result>(text: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (error instanceof TomlFault || error instanceof ConfigurationFault) throw error;
    throw new TomlFault([syntaxProblem(text, error)]);
  }
}

function refuseMishandled(text: string, tree: AST.TOMLProgram): void {
  const problems: ConfigurationProblem[] = [];
  for (const { path, base, line } of partsOf(blocksOf(text, tree))) {
    const at = path.findIndex((key, index) => index >= base.length && MISHANDLED.has(String(key)));
    if (at === -1) continue;
    const message = 'this name cannot be used here; choose another one';
    problems.push({ key: pathText(path.slice(0, at + 1)), line, message });
  }
  if (problems.length > 0) throw new TomlFault(problems);
}
