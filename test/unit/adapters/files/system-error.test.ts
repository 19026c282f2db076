import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { describe, it } from 'node:test';
import {
  isDiskClosed,
  isMissing,
  reasonAndPathOf,
  reasonOf,
  systemCodeOf,
} from '../../../../src/adapters/files/system-error.ts';

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return assert.fail('nothing was thrown');
}

const quota = Object.assign(new Error('Unknown system error -122: Unknown system error -122, write'), {
  code: 'Unknown system error -122',
  errno: -constants.errno.EDQUOT,
  syscall: 'write',
});

describe('an error of the system', () => {
  it('is told in its words, with its code, and with its path where nobody named it', () => {
    const error = thrownBy(() => readFileSync('/nowhere/key'));
    assert.equal(isMissing(error), true);
    assert.equal(systemCodeOf(error), 'ENOENT');
    assert.equal(reasonOf(error), 'no such file or directory (ENOENT)');
    assert.equal(reasonAndPathOf(error), 'no such file or directory (ENOENT, /nowhere/key)');
  });

  it('of a quota has a name and words, which Node does not know', () => {
    assert.equal(systemCodeOf(quota), 'EDQUOT');
    assert.equal(reasonOf(quota), 'disk quota exceeded (EDQUOT)');
    assert.equal(isDiskClosed(quota), true);
  });
});

describe('an error of the program', () => {
  it('is told by its message, and has no code of the system', () => {
    const error = Object.assign(new Error('it has become shorter'), { code: 'ENOSPC' });
    assert.equal(systemCodeOf(error), undefined);
    assert.equal(isDiskClosed(error), false);
    assert.equal(reasonOf(error), 'it has become shorter');
    assert.equal(reasonAndPathOf('odd'), 'odd');
  });
});
