import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { hash } from '@node-rs/bcrypt';
import { socketText } from '../../src/domain/socket-address.ts';
import { Installation } from '../support/installation.ts';
import { describeWithServers } from '../support/name-servers/describe-with-servers.ts';
import { KEYS } from '../support/name-servers/keys.ts';
import { runProcess } from '../support/run-process.ts';
import { until } from '../support/until.ts';

const HOME = 'home.dyn.example.test';
const basic = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

describe('a configuration of the original program', () => {
  describeWithServers(
    ['bind'],
    (server) => {
      const installation = new Installation();
      let url = '';

      before(async () => {
        // As that program writes it: no TSIG, bcrypt hashes of both spellings, and names as people type them.
        const twoB = (await hash('s3cret', 4)).replace(/^\$2.\$/, '$2b$');
        const twoY = (await hash('hunter2', 4)).replace(/^\$2.\$/, '$2y$');
        const toml = `[dns]
socket = "${socketText(server().socket)}"
ttl = 42

[http]
socket = "127.0.0.1:0"
workers = 1

[users.alice]
pw = "${twoB}"
domains = ["${HOME}", "Cam.Dyn.Example.Test."]

[users.bob]
pw = "${twoY}"
domains = []
`;
        writeFileSync(join(installation.folder, 'dynonym.toml'), toml);
        url = await installation.serve();
      });
      after(() => installation.stop());

      const update = (query: string, authorization?: string, method = 'GET') =>
        fetch(`${url}/dns/update?${query}`, {
          method,
          headers: authorization === undefined ? {} : { Authorization: authorization },
        });
      const alice = basic('alice', 's3cret');

      it('is served unchanged: an update reaches the DNS with the TTL that it says', async () => {
        assert.equal((await update(`domain=${HOME}&ipv4=203.0.113.7`, alice)).status, 200);
        const { answers } = await server().query(HOME, 'A');
        assert.deepEqual(
          answers.map(({ ttl, data }) => [ttl, data]),
          [[42, '203.0.113.7']],
        );
      });

      it('grants names in any spelling', async () => {
        assert.equal((await update('domain=CAM.dyn.example.test.&ipv6=2001:db8::7', alice)).status, 200);
        const { answers } = await server().query('cam.dyn.example.test', 'AAAA');
        assert.deepEqual(
          answers.map(({ data }) => data),
          ['2001:db8::7'],
        );
      });

      const table: readonly [
        status: number,
        what: string,
        query: string,
        authorization?: string,
        method?: string,
      ][] = [
        [200, 'the records already were so', `domain=${HOME}&ipv4=203.0.113.7`, alice],
        [200, 'without an address that of the client', `domain=${HOME}`, alice],
        [200, 'by POST', `domain=${HOME}&ipv4=203.0.113.7`, alice, 'POST'],
        [400, 'the domain is missing', 'ipv4=203.0.113.7', alice],
        [400, 'the domain is given twice', `domain=${HOME}&domain=${HOME}`, alice],
        [400, 'an address has an invalid form', `domain=${HOME}&ipv4=010.0.0.1`, alice],
        [400, 'an address is of the other family', `domain=${HOME}&ipv6=203.0.113.7`, alice],
        [401, 'the password is wrong', `domain=${HOME}`, basic('alice', 'S3cret')],
        [401, 'the user is unknown', `domain=${HOME}`, basic('carol', 's3cret')],
        [401, 'there are no credentials', `domain=${HOME}`],
        [401, 'credentials are judged before the form', 'nonsense=1'],
        [403, 'the name is another’s', `domain=${HOME}`, basic('bob', 'hunter2')],
        [403, 'the name is nobody’s', 'domain=other.example.test', alice],
        [405, 'HEAD never updates', `domain=${HOME}&ipv4=203.0.113.99`, alice, 'HEAD'],
        [405, 'another method', `domain=${HOME}&ipv4=203.0.113.99`, alice, 'DELETE'],
      ];
      for (const [status, what, query, authorization, method] of table) {
        it(`answers ${status} to this: ${what}`, async () => {
          const answer = await update(query, authorization, method);
          assert.equal(answer.status, status);
          assert.equal(
            answer.headers.get('www-authenticate'),
            status === 401 ? 'Basic realm="dynonym"' : null,
          );
          if (method !== 'HEAD')
            assert.match(answer.headers.get('content-type') ?? '', /^text\/plain; charset=utf-8$/);
        });
      }

      it('answers 404 to an unknown path', async () => {
        assert.equal((await fetch(`${url}/dns/updates`)).status, 404);
      });

      it('answers 500 where the name server would not, and the log says what to mend', async () => {
        await installation.addUser('dave', 'p4ss', 'alias.dyn.example.test');
        const answer = await update('domain=alias.dyn.example.test&ipv4=203.0.113.7', basic('dave', 'p4ss'));
        assert.equal(answer.status, 500);
        await until(
          () => /DNS_CNAME.*has an alias at alias\.dyn\.example\.test/.test(installation.server.stderr),
          {
            what: 'the log line',
          },
        );
      });

      it('shows clients their address and port', async () => {
        assert.equal(await (await fetch(`${url}/ip`)).text(), '127.0.0.1');
        assert.match(await (await fetch(`${url}/port`)).text(), /^\d+$/);
        assert.match(await (await fetch(`${url}/socket`)).text(), /^127\.0\.0\.1:\d+$/);
      });
    },
    { updateKeys: [] },
  );
});

describe('the lock', () => {
  describeWithServers(['bind'], (server) => {
    it('keeps a second server out, is taken over from a dead one, and is removed by a signal', async () => {
      const installation = await Installation.create(server(), KEYS.sha256);
      const lock = join(installation.folder, 'dynonym.lock');
      await installation.serve();
      assert.equal(readFileSync(lock, 'utf8'), `${installation.server.pid}\n`);

      const second = await installation.run(['serve']);
      assert.equal(second.status, 1);
      assert.match(
        second.stderr,
        new RegExp(`^dynonym: a server runs already, as process ${installation.server.pid} `, 'm'),
      );
      assert.ok(!/\n {4}at /.test(second.stderr), 'no stack trace');

      const dead = installation.server;
      dead.kill('SIGKILL');
      await dead.ended;
      await installation.serve();
      await until(() => /Took over the lock of a process that is dead/.test(installation.server.stderr), {
        what: 'the log line',
      });

      const { status } = await runProcess('bash', ['-c', 'kill -s SIGINT $(< dynonym.lock)'], {
        cwd: installation.folder,
      });
      assert.equal(status, 0);
      assert.equal((await installation.server.end()).status, 0);
      assert.ok(!existsSync(lock));

      await installation.serve();
      installation.server.kill('SIGTERM');
      assert.equal((await installation.server.end()).status, 0);
      await until(() => !existsSync(lock), { what: 'the lock is gone' });
    });
  });
});
