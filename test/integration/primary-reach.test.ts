import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Rfc2136PrimaryReach } from '../../src/adapters/rfc2136/probe/rfc2136-primary-reach.ts';
import { SystemClock } from '../../src/adapters/system/system-clock.ts';
import { freePort } from '../support/free-port.ts';
import { describeWithServers, PRIMARIES } from '../support/name-servers/describe-with-servers.ts';
import { DYN_ZONE } from '../support/name-servers/zones.ts';
import { primaryAt } from '../support/primary-at.ts';
import { ScriptedNameServer, type ServerScript } from '../support/scripted-name-server.ts';

const reach = new Rfc2136PrimaryReach(new SystemClock());

describeWithServers(PRIMARIES, (server) => {
  for (const transport of ['tcp', 'udp'] as const) {
    it(`is reached by ${transport}, whether its zones are known or not`, async () => {
      assert.equal(
        await reach.reach(primaryAt(server().socket, { transport, zones: [DYN_ZONE] })),
        undefined,
      );
      assert.equal(await reach.reach(primaryAt(server().socket, { transport })), undefined);
    });
  }
});

describe('a primary that is not there', () => {
  it('is told with the reason of the system', async () => {
    const port = await freePort();
    const socket = { address: { family: 'ipv4', text: '127.0.0.1' }, port } as const;
    assert.match((await reach.reach(primaryAt(socket))) ?? '', /ECONNREFUSED/);
  });

  for (const [situation, onRequest, trouble] of [
    ['is silent', () => [], 'no answer'],
    ['speaks something else', () => ['close'], 'what answers is no name server'],
  ] as const satisfies readonly (readonly [string, ServerScript['onRequest'], string])[]) {
    it(`but something that ${situation} is no name server`, async () => {
      const server = await ScriptedNameServer.start({ onRequest });
      assert.equal(await reach.reach(primaryAt(server.socket)), trouble);
      await server.stop();
    });
  }
});
