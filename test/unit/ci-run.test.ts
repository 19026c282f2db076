import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { REPOSITORY } from '../support/run-program.ts';

/** What `timeout --kill-after` grants each step beyond its bound. */
const KILL_AFTER = 15;
/** What `npm test` does before the tests: builds, and installs packages of Debian. */
const BEFORE_THE_TESTS = 60 + 150;

test('the steps of .ci/run end within 20 minutes, and leave the tests the time that they are given', () => {
  const script = readFileSync(join(REPOSITORY, '.ci/run'), 'utf8');
  const steps = [...script.matchAll(/^step (\d+) (.*)$/gm)].map(([, seconds, command]) => ({
    seconds: Number(seconds),
    command: command ?? '',
  }));
  assert.ok(steps.length > 2);
  assert.ok(steps.reduce((sum, { seconds }) => sum + seconds + KILL_AFTER, 0) <= 20 * 60);
  const tests = steps.find(({ command }) => command.startsWith('npm test'));
  const minutes = Number(/--minutes=(\d+)/.exec(tests?.command ?? '')?.[1]);
  assert.ok((tests?.seconds ?? 0) >= BEFORE_THE_TESTS + minutes * 60);
});
