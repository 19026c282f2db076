import { describe, test } from 'node:test';
import { findTool, TOOLS, type Tool } from './tools.ts';

/**
 * A suite that needs programs of others. Where one is missing, the suite is skipped by name; on a machine that
 * judges changes (`CI` is set) that is a failure, because there a test that did not run must not look like one
 * that passed.
 */
export function describeWithTools(title: string, tools: readonly Tool[], suite: () => void): void {
  const missing = tools.filter((tool) => findTool(tool) === undefined);
  if (missing.length === 0) {
    describe(title, suite);
    return;
  }
  const reason = `not installed: ${missing.map((tool) => `${tool} (Debian package ${TOOLS[tool]})`).join(', ')}`;
  describe(title, process.env['CI'] ? {} : { skip: reason }, () => {
    test('has the programs that it needs', () => {
      throw new Error(reason);
    });
  });
}
