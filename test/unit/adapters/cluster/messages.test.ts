import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readFromFirstProcess, readFromWorker } from '../../../../src/adapters/cluster/messages.ts';
import { onWire, resultOnWire } from '../../../../src/adapters/cluster/wire-values.ts';
import { DNS_FAULT_CODES, DnsFault } from '../../../../src/application/ports/dns-fault.ts';
import { DynonymError } from '../../../../src/domain/errors.ts';

const throughJson = (message: object): unknown => JSON.parse(JSON.stringify(message));
const hasCode = (code: string) => (error: unknown) => error instanceof DynonymError && error.code === code;

const A = { type: 'A', ttl: 60, addresses: [{ family: 'ipv4', text: '192.0.2.1' }] };
const request = (recordSet: object, rest: object = {}) => ({
  kind: 'reconcile',
  id: 1,
  left: 10_000,
  wanted: [{ name: 'home.example.org', recordSets: [recordSet] }],
  ...rest,
});
const welcome = (http: object) => ({
  kind: 'welcome',
  ttl: 60,
  pauses: [],
  http: {
    socket: { address: { family: 'ipv4', text: '127.0.0.1' }, port: 8053 },
    workers: 2,
    trustedProxies: [],
    connectionsPerSite: 128,
    listeners: [],
    ...http,
  },
});

describe('a fault that travels', () => {
  it('is the same fault, whichever it is', () => {
    for (const code of DNS_FAULT_CODES) {
      const fault = new DnsFault(code, `could not confirm ${code}`);
      const message = { kind: 'reconciled', id: 7, results: [resultOnWire({ kind: 'failed', fault })] };
      assert.deepEqual(readFromFirstProcess(throughJson(message)), {
        kind: 'reconciled',
        id: 7,
        results: [{ kind: 'failed', fault }],
      });
    }
  });

  it('keeps its causes, for the log, and nothing that hangs on them', () => {
    const refused = Object.assign(new TypeError('connect ECONNREFUSED 192.0.2.53:53'), {
      code: 'ECONNREFUSED',
      secret: 'swordfish',
    });
    const cause = new Error('no connection', { cause: refused });
    const fault = new DnsFault('DNS_UNREACHABLE', 'could not confirm home.example.org', { cause });
    const message = { kind: 'reconciled', id: 7, results: [resultOnWire({ kind: 'failed', fault })] };
    assert.doesNotMatch(JSON.stringify(message), /swordfish/);
    const heard = readFromFirstProcess(throughJson(message));
    assert.ok(heard.kind === 'reconciled' && heard.results[0]?.kind === 'failed');
    const arrived = heard.results[0].fault.cause;
    assert.ok(arrived instanceof Error && arrived.cause instanceof Error);
    assert.equal(arrived.message, 'no connection');
    assert.equal(arrived.cause.name, 'TypeError');
    assert.equal(arrived.cause.message, 'connect ECONNREFUSED 192.0.2.53:53');
    assert.ok('code' in arrived.cause && arrived.cause.code === 'ECONNREFUSED');
  });

  it('ends where its causes run in a circle', () => {
    const one = new Error('one');
    one.cause = new Error('other', { cause: one });
    const text = JSON.stringify(onWire(one));
    assert.ok(text.length < 1_000, text);
  });

  it('of a listener keeps its code and its words', () => {
    const fault = new DynonymError('HTTP_ADDRESS_IN_USE', 'http.socket 127.0.0.1:8053: another program');
    const heard = readFromWorker(throughJson({ kind: 'cannot-listen', fault: onWire(fault) }));
    assert.deepEqual(heard, { kind: 'cannot-listen', fault });
  });
});

describe('a message that is not understood', () => {
  const cases: readonly (readonly [string, unknown, RegExp])[] = [
    ['is no object', 'hello', /message/],
    ['is nothing', null, /message/],
    ['is of no kind', {}, /kind/],
    ['is of a kind of another program', { kind: 'online', cmd: 'NODE_CLUSTER' }, /kind/],
    ['is of a kind that only the other side says', { kind: 'stop' }, /kind/],
    ['has no id', request(A, { id: undefined }), /id/],
    ['has an id that is no number', request(A, { id: '1' }), /id/],
    ['has no end', request(A, { left: null }), /left/],
    ['has an end in the past', request(A, { left: -1 }), /left/],
    ['names nothing', request(A, { wanted: undefined }), /wanted/],
    [
      'names what is no name',
      request(A, { wanted: [{ name: 'a..b', recordSets: [] }] }),
      /wanted\.0\.name: .*empty labels/,
    ],
    ['has a TTL out of range', request({ ...A, ttl: 2 ** 31 }), /recordSets\.0/],
    ['has an address that is none', request({ ...A, addresses: [{ text: '192.0.2.256' }] }), /recordSets\.0/],
    ['has an address of the other family', request({ ...A, type: 'AAAA' }), /recordSets\.0/],
    ['wants neither addresses nor a prefix', request({ type: 'AAAA', ttl: 60 }), /neither/],
    ['has a type that is not ours', request({ ...A, type: 'TXT' }), /recordSets\.0/],
    ['fails to login from nowhere', { kind: 'login-failed', address: { text: '' } }, /address/],
    ['has a fault without code', { kind: 'cannot-listen', fault: onWire(new Error('?')) }, /fault/],
  ];
  for (const [situation, message, where] of cases) {
    it(`because it ${situation}, is refused with the place named`, () => {
      assert.throws(
        () => readFromWorker(message),
        (error) => {
          assert.ok(hasCode('WORKER_MESSAGE')(error) && error instanceof Error);
          assert.match(error.message, where);
          return true;
        },
      );
    });
  }

  it('is refused by a worker too', () => {
    const fault = { name: 'DynonymError', code: 'HTTP_LISTEN_FAILED', message: '' };
    const messages = [
      { kind: 'reconciled', id: 1, results: [{ kind: 'failed', fault }] },
      { kind: 'reconciled', id: 1, results: [{ kind: 'changed' }] },
      { kind: 'paused', pause: { site: '192.0.2.1' } },
      { kind: 'hello' },
      welcome({ workers: 0 }),
      welcome({ socket: { address: { text: '127.0.0.1' }, port: 65_536 } }),
    ];
    for (const message of messages) {
      assert.throws(() => readFromFirstProcess(message), hasCode('WORKER_MESSAGE'), JSON.stringify(message));
    }
    assert.equal(readFromFirstProcess(welcome({})).kind, 'welcome');
  });
});
