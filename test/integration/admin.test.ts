import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { hashSync } from '@node-rs/bcrypt';
import { userSection } from '../support/fixtures.ts';
import { freePort } from '../support/free-port.ts';
import { keepSecret, keepText } from '../support/kept-output.ts';
import { RawClient } from '../support/raw-client.ts';
import { ServedProgram } from '../support/served-program.ts';

const PASSWORD = 'secret-of-the-operator';
keepSecret(PASSWORD, 'wr0ng-password');
const LOGIN = { Authorization: `Basic ${Buffer.from(`watch:${PASSWORD}`).toString('base64')}` };

describe("the operator's socket of a running program", () => {
  let program: ServedProgram;
  let url = '';
  let admin = '';
  const ask = async (path: string, headers: Record<string, string> = LOGIN) => {
    const response = await fetch(`${admin}${path}`, { headers });
    const body = await response.text();
    keepText(path)(body);
    return { status: response.status, body };
  };

  before(async () => {
    program = await ServedProgram.start(
      `
[http]
socket = "127.0.0.1:0"
[dns]
socket = "127.0.0.1:${await freePort()}"
zones = ["example.org"]
[admin]
socket = "127.0.0.1:0"
user = "watch"
password = "${PASSWORD}"
${userSection('alice', hashSync('s3cret', 4), ['home.example.org'])}`,
      2,
    );
    [url = '', admin = ''] = program.urls;
  });
  after(() => program.stop());

  it('shows nothing without the password', async () => {
    for (const path of ['/healthz', '/readyz', '/metrics']) assert.equal((await ask(path, {})).status, 401);
  });

  it('says that the program is alive, and not ready while its primary is not there', async () => {
    assert.deepEqual(await ask('/healthz'), { status: 200, body: 'alive\n' });
    const { status, body } = await ask('/readyz');
    assert.equal(status, 503);
    assert.match(body, /^127\.0\.0\.1:\d+ .*ECONNREFUSED.*\n$/);
  });

  it('counts the requests, and shows no secret', async () => {
    const port = Number(new URL(url).port);
    for (let request = 0; request < 12; request += 1) {
      const client = await RawClient.open(port);
      client.send('GET /ip HTTP/1.0\r\n\r\n');
      await client.toTheEnd();
    }
    await fetch(`${url}/nic/update?hostname=home.example.org&username=alice&password=wr0ng-password`);
    const { status, body } = await ask('/metrics');
    assert.equal(status, 200);
    assert.match(body, /^dynonym_http_request_duration_seconds_count\{route="\/ip",status="200"\} 12$/m);
    assert.match(body, /^dynonym_logins_total\{outcome="rejected"\} 1$/m);
    assert.match(body, /^process_resident_memory_bytes \d+/m);
    assert.doesNotMatch(body + program.process.stderr, /s3cret|wr0ng|secret-of-the-operator|\$2b\$/);
  });
});

describe("the operator's socket where the built-in name server takes the updates", () => {
  it('says that the program is ready, and asks no primary', async (t) => {
    const program = await ServedProgram.start(
      `
[http]
socket = "127.0.0.1:0"
[admin]
socket = "127.0.0.1:0"
[nameserver]
sockets = ["127.0.0.1:${await freePort()}"]
data = "zones"
[[nameserver.zones]]
name = "dyn.example.org"
ns = ["ns.example.net"]
`,
      2,
    );
    t.after(() => program.stop());
    const [, admin] = program.urls;
    const response = await fetch(`${admin}/readyz`);
    assert.deepEqual(
      [response.status, response.headers.get('content-type'), await response.text()],
      [200, 'text/plain; charset=utf-8', 'the built-in name server takes the updates\n'],
    );
  });
});
