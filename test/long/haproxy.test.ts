import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { answerTo } from '../support/dns-answers.ts';
import { freePort } from '../support/free-port.ts';
import { type ReverseProxy, startHaproxyForTwo } from '../support/reverse-proxies.ts';
import { ScriptedNameServer } from '../support/scripted-name-server.ts';
import { ServedProgram } from '../support/served-program.ts';
import { until } from '../support/until.ts';

describeWithTools('HAProxy in front of two instances, as docs/reverse-proxies.md has it', ['haproxy'], () => {
  let primary: ScriptedNameServer;
  let ready: ServedProgram;
  let unready: ServedProgram;
  let proxy: ReverseProxy;
  let sent = 0;

  before(async () => {
    primary = await ScriptedNameServer.start({ onRequest: ({ message }) => [{ send: answerTo(message) }] });
    const [one, two] = [await freePort(), await freePort()] as const;
    ready = await ServedProgram.start(configuration(one, primary.socket.port), 2);
    unready = await ServedProgram.start(configuration(two, await freePort()), 2);
    proxy = await startHaproxyForTwo([portOf(ready), one], [portOf(unready), two]);
  });
  after(async () => {
    await proxy?.stop();
    await unready?.stop();
    await primary?.stop();
  });

  /** Sends as many requests as bring one to each instance. Gives the statuses. */
  const round = () =>
    Promise.all(
      Array.from({ length: 4 }, async () => {
        sent += 1;
        const answer = await fetch(`http://127.0.0.1:${proxy.port}/nic/update?hostname=home.example.org`, {
          headers: { 'X-Forwarded-For': '198.51.100.7' },
        });
        await answer.text();
        return answer.status;
      }),
    );

  test('an instance that does not reach its primary gets no requests while the other one does', async () => {
    await until(
      async () => {
        const before = answered(unready);
        assert.deepEqual(await round(), [401, 401, 401, 401]);
        await until(() => answered(ready) + answered(unready) === sent, { what: 'both logs' });
        return answered(unready) === before;
      },
      { what: 'HAProxy to leave the instance out' },
    );
    assert.ok(answered(ready) >= 4);
    assert.match(ready.process.stderr, /"client":"127\.0\.0\.1"/);
  });

  test('when no instance is ready, those that live answer clients in their protocol', async () => {
    ready.process.kill('SIGKILL');
    await ready.process.end();
    await until(async () => (await round()).every((status) => status === 401), {
      what: 'the other instance to answer',
    });
  });
});

const configuration = (adminPort: number, primaryPort: number) => `
[http]
socket = "127.0.0.1:0"
trusted_proxies = ["127.0.0.1/32"]
[admin]
socket = "127.0.0.1:${adminPort}"
[dns]
socket = "127.0.0.1:${primaryPort}"
`;

const portOf = ({ urls }: ServedProgram): number => Number(new URL(urls[0] ?? '').port);

const answered = ({ process }: ServedProgram): number =>
  process.stderr.split('\n').filter((line) => line.includes('An update request was answered')).length;
