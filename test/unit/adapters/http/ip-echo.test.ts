import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startService } from './service.ts';

const TEXT = 'text/plain; charset=utf-8';

describe('the routes that tell clients how they are seen', () => {
  it('/ip is the address without a line feed', async () => {
    const { ask } = await startService();
    const { status, headers, body } = await ask('/ip', { from: '127.0.0.7' });
    assert.deepEqual([status, body], [200, '127.0.0.7']);
    assert.equal(headers['content-type'], TEXT);
    assert.equal(headers['content-length'], '9');
    assert.equal(headers['transfer-encoding'], undefined);
  });

  it('/port and /socket are those of the connection', async () => {
    const { ask } = await startService();
    assert.match((await ask('/port')).body, /^\d{4,5}$/);
    assert.match((await ask('/socket')).body, /^127\.0\.0\.1:\d{4,5}$/);
  });

  for (const path of ['/checkip', '/myip', '/nic/checkip.html']) {
    it(`${path} is a line of text`, async () => {
      const { ask } = await startService();
      const { status, headers, body } = await ask(path);
      assert.deepEqual([status, body], [200, '127.0.0.1\n']);
      assert.equal(headers['content-type'], TEXT);
    });
  }

  it('slashes too many and a query change nothing', async () => {
    const { ask } = await startService();
    assert.equal((await ask('//ip?x=1')).body, '127.0.0.1');
    assert.equal((await ask('/nic//checkip.html?')).body, '127.0.0.1\n');
  });

  for (const path of ['/CheckIP', '/checkip/', '//MyIP/', '/NIC/checkip.HTML/']) {
    it(`case and a final slash change nothing either: ${path}`, async () => {
      const { ask } = await startService();
      const { status, body } = await ask(path);
      assert.deepEqual([status, body], [200, '127.0.0.1\n']);
      assert.equal((await ask(path, { method: 'POST' })).status, 405);
    });
  }

  it('HEAD has the headers of GET and no body', async () => {
    const { ask } = await startService();
    const { status, headers, body } = await ask('/ip', { method: 'HEAD' });
    assert.deepEqual([status, body, headers['content-length']], [200, '', '9']);
  });

  it('an answer is never taken from a cache', async () => {
    const { ask } = await startService();
    assert.equal((await ask('/ip')).headers['cache-control'], 'no-store');
  });

  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    it(`${method} is not allowed`, async () => {
      const { ask } = await startService();
      const { status, headers } = await ask('/checkip', { method });
      assert.deepEqual([status, headers['allow']], [405, 'GET, HEAD']);
    });
  }
});
