import assert from 'node:assert/strict';
import { it } from 'node:test';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { NameServer } from '../support/name-servers/name-server.ts';
import { POWERDNS, powerDnsWithPolicy } from '../support/name-servers/powerdns.ts';
import { DYN_ZONE } from '../support/name-servers/zones.ts';
import { primaryAt } from '../support/primary-at.ts';
import { UpdateClient } from '../support/update-client.ts';

const HOME = `home.${DYN_ZONE}`;
const CAM = `cam.${DYN_ZONE}`;

describeWithTools('a PowerDNS that acknowledges updates and drops them', POWERDNS.tools, () => {
  it('is never called good: the client hears that the change was not made', async (t) => {
    // Updates of one name are dropped, and those of all others are made.
    const script = `function updatepolicy(input) return input:getQName():toString() ~= "${HOME}." end`;
    const server = await NameServer.start(powerDnsWithPolicy(script));
    t.after(() => server.stop());
    const client = new UpdateClient([primaryAt(server.socket, { zones: [DYN_ZONE] })]);
    t.after(() => client.close());

    const { code, text } = await client.fail(HOME, '192.0.2.1');
    assert.equal(code, 'DNS_NOT_MADE');
    assert.match(text, /^home\.dyn\.example\.test was not changed: .* policy/);
    assert.deepEqual((await server.query(HOME, 'A')).answers, []);

    assert.equal(await client.update(CAM, '192.0.2.2'), 'changed');
    assert.deepEqual(
      (await server.query(CAM, 'A')).answers.map(({ data }) => data),
      ['192.0.2.2'],
    );
    assert.equal(await client.update(CAM, '192.0.2.2'), 'unchanged');
    assert.equal((await client.fail(HOME, '192.0.2.1')).code, 'DNS_NOT_MADE');
  });
});
