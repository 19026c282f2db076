import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConnectionsPerSite } from '../../../../src/adapters/http/connections-per-site.ts';
import { parseNetwork } from '../../../../src/domain/network.ts';
import { valueIn } from '../../../support/parsed.ts';

function limited(connectionsPerSite: number, trustedProxies: readonly string[] = []): ConnectionsPerSite {
  const networks = trustedProxies.map((text) => valueIn(parseNetwork(text)));
  return new ConnectionsPerSite(() => ({ connectionsPerSite, trustedProxies: networks }));
}

/** How many of `wanted` connections from there are let in. */
const admitted = (sites: ConnectionsPerSite, address: string, wanted = 5) =>
  Array.from({ length: wanted }, () => sites.admit(address)).filter((leave) => leave !== undefined);

describe('the connections of a site', () => {
  it('are bounded, whatever others have', () => {
    const sites = limited(2);
    assert.equal(admitted(sites, '203.0.113.7').length, 2);
    assert.equal(admitted(sites, '203.0.113.8').length, 2);
  });

  it('are those of a whole IPv6 /64, and of an IPv4 address in both spellings', () => {
    const sites = limited(3);
    assert.equal(admitted(sites, '2001:db8::7').length, 3);
    assert.equal(admitted(sites, '2001:db8::8').length, 0);
    assert.equal(admitted(sites, '2001:db8:0:1::7').length, 3);
    assert.equal(admitted(sites, '::ffff:203.0.113.7', 2).length, 2);
    assert.equal(admitted(sites, '203.0.113.7').length, 1);
  });

  it('make room when they end', () => {
    const sites = limited(2);
    const [leave] = admitted(sites, '203.0.113.7');
    leave?.();
    assert.equal(admitted(sites, '203.0.113.7').length, 1);
  });

  it('are as many as they like from the machine itself and from trusted proxies', () => {
    const sites = limited(2, ['192.0.2.0/24']);
    for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', '192.0.2.77']) {
      assert.equal(admitted(sites, address).length, 5, address);
    }
  });

  it('follow the settings that hold now', () => {
    const settings = { connectionsPerSite: 1, trustedProxies: [] };
    const sites = new ConnectionsPerSite(() => settings);
    assert.equal(admitted(sites, '203.0.113.7').length, 1);
    settings.connectionsPerSite = 3;
    assert.equal(admitted(sites, '203.0.113.7').length, 2);
  });
});
