import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BatchSize } from '../../../src/application/batch-size.ts';

test('a batch starts at fifty names', () => {
  assert.equal(new BatchSize().names, 50);
});

test('full messages that are quick make it grow, up to 300 names', () => {
  const size = new BatchSize();
  size.observe(50, 8);
  assert.equal(size.names, 60);
  for (let message = 0; message < 100; message += 1) size.observe(size.names, 8);
  assert.equal(size.names, 300);
});

test('quick messages that are not full prove nothing', () => {
  const size = new BatchSize();
  size.observe(49, 8);
  assert.equal(size.names, 50);
});

test('a slow message halves it, from what was in that message', () => {
  const size = new BatchSize();
  size.observe(50, 600);
  assert.equal(size.names, 25);
  size.observe(10, 600);
  assert.equal(size.names, 5);
});

test('however slow the primary, one name is always sent', () => {
  const size = new BatchSize();
  for (let message = 0; message < 20; message += 1) size.observe(1, 5_000);
  assert.equal(size.names, 1);
});
