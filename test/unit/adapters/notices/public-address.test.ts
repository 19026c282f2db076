import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mayReach, readAddress } from '../../../../src/adapters/notices/public-address.ts';
import { parseNetwork } from '../../../../src/domain/network.ts';
import { valueIn } from '../../../support/parsed.ts';

const networks = (...texts: readonly string[]) => texts.map((text) => valueIn(parseNetwork(text)));

function reaches(text: string, allow: readonly string[] = [], own: readonly string[] = []): boolean {
  const address = readAddress(text);
  return address !== undefined && mayReach(address, networks(...allow), networks(...own));
}

describe('notices may reach', () => {
  for (const address of ['1.1.1.1', '9.9.9.9', '172.15.0.1', '172.32.0.1', '192.0.1.1', '198.17.0.1']) {
    it(`${address}, which is public`, () => assert.equal(reaches(address), true));
  }
  for (const address of ['2606:4700::1111', '2a00:1450::1', '2001:200::1', '64:ff9b::9.9.9.9']) {
    it(`${address}, which is public`, () => assert.equal(reaches(address), true));
  }

  for (const address of [
    ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '100.100.100.200', '127.0.0.1', '127.255.255.254'],
    ...['168.63.129.16', '169.254.0.1', '169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.192'],
    ...['192.0.2.1', '192.88.99.1', '192.168.0.1', '198.18.0.1', '198.51.100.1', '203.0.113.1'],
    ...['224.0.0.1', '239.1.1.1', '240.0.0.1', '255.255.255.255'],
    ...['::', '::1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:9.9.9.9', '::ffff:0:9.9.9.9'],
    ...['64:ff9b::127.0.0.1', '64:ff9b::a00:1', '64:ff9b:1::9.9.9.9', '100::1'],
    ...['2001::1', '2001:0:4136:e378:8000:63bf:3fff:fdd2', '2001:2::1', '2001:20::1', '2001:db8::1'],
    ...['2002:7f00:1::', '2002:0909:0909::1', '3fff::1', '5f00::1', 'fc00::1', 'fd00:ec2::254'],
    ...['fe80::1', 'fec0::1', 'ff02::1', '4000::1'],
  ]) {
    it(`not ${address}, which is not public`, () => assert.equal(reaches(address), false));
  }

  it('not an address in a network of this machine, although it is public', () => {
    assert.equal(reaches('9.9.9.9', [], ['9.9.9.10/24']), false);
    assert.equal(reaches('2606:4700::1111', [], ['2606:4700::1/64']), false);
  });

  it('an address that is not public, where a network is allowed that has it', () => {
    assert.equal(reaches('10.1.2.3', ['10.1.0.0/16']), true);
    assert.equal(reaches('10.2.2.3', ['10.1.0.0/16']), false);
    assert.equal(reaches('::1', ['::1']), true);
    assert.equal(reaches('64:ff9b::10.1.2.3', ['10.1.0.0/16']), true, 'the IPv4 address in it is judged');
    assert.equal(reaches('9.9.9.9', ['9.9.9.0/24'], ['9.9.9.10/24']), true);
  });

  it('nothing that is no plain address', () => {
    for (const text of ['2130706433', '0x7f.1', '127.1', '010.0.0.1', 'fe80::1%lo', '', 'localhost']) {
      assert.equal(reaches(text, ['0.0.0.0/0', '::/0']), false, text);
    }
  });
});
