import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { FileNoticeStore } from '../../src/adapters/file-stores/file-notice-store.ts';
import { noLogger } from '../../src/application/ports/logger.ts';
import { freePort } from '../support/free-port.ts';
import { Installation } from '../support/installation.ts';
import { SIGNING_SECRET } from '../support/notices.ts';
import { until } from '../support/until.ts';
import { webhookReceiver } from '../support/webhook-receiver.ts';

const HOST = 'home.dyn.example.test';

/** A server for a zone of its own, with this in its configuration too. */
async function installed(notices: string): Promise<Installation> {
  const installation = new Installation();
  writeFileSync(join(installation.folder, 'notices.key'), SIGNING_SECRET, { mode: 0o600 });
  writeFileSync(
    join(installation.folder, 'dynonym.toml'),
    `[http]
socket = "127.0.0.1:0"
[nameserver]
sockets = ["127.0.0.1:${await freePort()}"]
[[nameserver.zones]]
name = "dyn.example.test"
ns = ["ns1.example.test"]
${notices}`,
    { mode: 0o600 },
  );
  await installation.addUser('alice', 'correct-horse-battery', HOST);
  return installation;
}

async function report(url: string, address: string): Promise<void> {
  const answer = await fetch(`${url}/nic/update?hostname=${HOST}&myip=${address}`, {
    headers: { Authorization: `Basic ${Buffer.from('alice:correct-horse-battery').toString('base64')}` },
  });
  assert.equal(await answer.text(), `good ${address}\n`);
}

describe('the notices of a server', () => {
  it('come at least once and in order, whatever the receiver does and however often the server is killed', async () => {
    let isWell = false;
    const { received, port } = await webhookReceiver((_request, response) => {
      if (isWell) response.end();
      else if (received.length % 2 === 0) response.writeHead(503).end();
      // Else it hangs.
    });
    const installation = await installed(`[[notices]]
to = "http://127.0.0.1:${port}/path-that-is-secret"
secret_file = "notices.key"
events = ["changed"]
allow = ["127.0.0.0/8"]
`);
    const queue = join(installation.folder, 'dynonym.notices.jsonl');
    const addresses = Array.from({ length: 5 }, (_, index) => `203.0.113.${index + 1}`);
    for (const [index, address] of addresses.entries()) {
      const url = await installation.serve();
      await report(url, address);
      await until(() => existsSync(queue) && readFileSync(queue, 'utf8').includes(address), {
        what: 'the notice is in the file',
      });
      isWell = index === addresses.length - 1;
      installation.server.kill('SIGKILL');
      await installation.server.ended;
      assert.doesNotMatch(installation.server.stderr, /that-is-secret/);
    }
    await installation.serve();
    const told = () => received.map(({ body }) => JSON.parse(body).data.after.ipv4[0] as string);
    await until(() => told().at(-1) === addresses.at(-1), { what: 'the last notice' });
    assert.deepEqual([...new Set(told())], addresses);
    const ids = received.map(
      ({ head, body }) => `${head.headers['webhook-id']} ${JSON.parse(body).data.text}`,
    );
    assert.equal(new Set(ids).size, addresses.length, 'an id stands for one notice');
    await installation.stop();
    assert.deepEqual(await new FileNoticeStore(queue, noLogger).load(), []);
  });

  it('are tested by a command, which shows no path and ends with 1 where one is not taken', async () => {
    const { received, port } = await webhookReceiver((request, response) => {
      response.writeHead(request.url === '/hooks/x' ? 200 : 404).end();
    });
    const to = `http://127.0.0.1:${port}`;
    const installation = await installed(`[[notices]]
to = "${to}/hooks/x"
form = "slack"
events = ["silent"]
allow = ["127.0.0.1"]
[[notices]]
to = "http://localhost:${port}/path-that-is-secret"
form = "discord"
allow = ["127.0.0.1", "::1"]
[[notices]]
to = "http://127.0.0.1:${port}/not-allowed"
form = "discord"
`);
    const { status, stdout, stderr } = await installation.run(['notices', 'test']);
    assert.deepEqual([status, stderr], [1, '']);
    const barred = 'not sent: it is at 127.0.0.1, which is not public and not in allow';
    assert.equal(
      stdout,
      `${to}: sent\nhttp://localhost:${port}: not sent: it answers 404\n${to}: ${barred}\n`,
    );
    assert.deepEqual(received.map(({ head }) => head.url).toSorted(), ['/hooks/x', '/path-that-is-secret']);
    const one = await installation.run(['notices', 'test', '--to', `${to}/hooks/x`]);
    assert.deepEqual([one.status, one.stdout], [0, `${to}: sent\n`]);
  });
});
