import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BatchSize } from '../../../../src/application/update/batch-size.ts';

/** A message of so many names that took so many milliseconds. */
const sent = (count: number, time: number, acknowledged = true) => ({ count, time, acknowledged });

test('a batch starts at fifty names', () => {
  assert.equal(new BatchSize().most, 50);
});

test('full messages that are quick make it grow, up to 300 names', () => {
  const size = new BatchSize();
  size.observe(sent(50, 8));
  assert.equal(size.most, 60);
  for (let message = 0; message < 100; message += 1) size.observe(sent(size.most, 8));
  assert.equal(size.most, 300);
});

test('quick messages that are not full prove nothing', () => {
  const size = new BatchSize();
  size.observe(sent(49, 8));
  assert.equal(size.most, 50);
});

test('a slow message halves it, from what was in that message', () => {
  const size = new BatchSize();
  size.observe(sent(50, 600));
  assert.equal(size.most, 25);
  size.observe(sent(20, 600));
  assert.equal(size.most, 10);
});

test('a slow message that was far from full was slow for another reason', () => {
  const size = new BatchSize();
  size.observe(sent(25, 980));
  size.observe(sent(1, 980));
  assert.equal(size.most, 50);
});

test('a message that was refused quickly proves nothing', () => {
  const size = new BatchSize();
  size.observe(sent(50, 8, false));
  assert.equal(size.most, 50);
});

test('however slow the primary, one name is always sent', () => {
  const size = new BatchSize();
  for (let message = 0; message < 20; message += 1) size.observe(sent(size.most, 5_000));
  assert.equal(size.most, 1);
});
