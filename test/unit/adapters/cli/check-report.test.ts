import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkText } from '../../../../src/adapters/cli/check-report.ts';

describe('The report of "dynonym check"', () => {
  it('begins each problem with a capital, and leaves a domain name as it is', () => {
    const finding = {
      code: 'host-of-nobody',
      subject: 'cn.dyn.example.org',
      severity: 'warning',
      cure: 'do so',
    } as const;
    const text = checkText(
      [
        { ...finding, problem: 'cn.dyn.example.org is an alias' },
        { ...finding, problem: 'the name is an alias' },
      ],
      [],
    );
    assert.match(text, /^ {2}cn\.dyn\.example\.org is an alias\.$/m);
    assert.match(text, /^ {2}The name is an alias\.$/m);
  });
});
