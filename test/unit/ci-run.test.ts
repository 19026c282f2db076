import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { REPOSITORY } from '../support/run-program.ts';

/** What `timeout --kill-after` grants each step beyond its bound. */
const KILL_AFTER = 15;
/** Seconds before the tests: to build the program, and to install packages of Debian, which the first step does. */
const BUILD = 60;
const INSTALLATION = 150;

test('.ci/run ends within 40 minutes, and its steps leave the tests the time that they are given', () => {
  const script = readFileSync(join(REPOSITORY, '.ci/run'), 'utf8');
  const steps = [...script.matchAll(/^step (\d+) (.*)$/gm)].map(([, seconds, command]) => ({
    seconds: Number(seconds),
    command: command ?? '',
  }));
  assert.ok(steps.length > 2);
  const all = Number(/^readonly ALL=(\d+)$/m.exec(script)?.[1]);
  assert.ok(all + KILL_AFTER <= 40 * 60);
  for (const [start, before] of [
    ['npm test', BUILD + INSTALLATION],
    ['npm run test:long', BUILD],
  ] as const) {
    const step = steps.find(({ command }) => command.startsWith(start));
    const minutes = Number(/--minutes=(\d+)/.exec(step?.command ?? '')?.[1]);
    assert.ok((step?.seconds ?? 0) >= before + minutes * 60, start);
  }
});
