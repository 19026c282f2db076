import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { after, describe, it } from 'node:test';
import { FrameReader, frame } from '../../../../src/adapters/dns-wire/frame-reader.ts';
import { StreamTransport } from '../../../../src/adapters/rfc2136/stream-transport.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { freePort } from '../../../support/free-port.ts';
import { idOf, TextExchange, textOf, withId } from '../../../support/text-exchange.ts';
import { until } from '../../../support/until.ts';

const PATIENCE = { answerTime: 1_000, deadline: 60_000 };
/** As the transport has them. */
const CONNECTIONS = 4;
const UNDER_WAY = 16;

/** A message that arrived, and how it may be answered. */
type Question = {
  readonly id: number;
  readonly text: string;
  readonly socket: Socket;
  answer(text?: string): void;
};

class TextServer {
  readonly sockets: Socket[] = [];
  readonly questions: Question[] = [];
  onQuestion: (question: Question) => unknown = () => {};
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((socket) => this.#serve(socket));
  }

  static async start(port = 0): Promise<TextServer> {
    const server = new TextServer();
    server.#server.listen(port, '127.0.0.1');
    await once(server.#server, 'listening');
    running.add(server);
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The texts that came, all of them as soon as there are `count`. */
  async texts(count: number): Promise<readonly string[]> {
    await until(() => this.questions.length >= count, { what: `${count} questions` });
    return this.questions.map(({ text }) => text);
  }

  stop(): void {
    running.delete(this);
    for (const socket of this.sockets) socket.destroy();
    this.#server.close();
  }

  #serve(socket: Socket): void {
    this.sockets.push(socket);
    socket.setNoDelay(true);
    socket.on('error', () => {});
    const frames = new FrameReader();
    socket.on('data', (chunk: Buffer) => {
      for (const octets of frames.push(chunk)) {
        const [id, text] = [idOf(octets), textOf(octets)];
        const answer = (said = `${text}!`) => void socket.write(frame(withId(id, said)));
        const question = { id, text, socket, answer };
        this.questions.push(question);
        this.onQuestion(question);
      }
    });
  }
}

const running = new Set<TextServer>();
after(() => {
  for (const server of running) server.stop();
});

async function setUp() {
  const server = await TextServer.start();
  return { server, ...transportTo(server.port) };
}

function transportTo(port: number) {
  const clock = new ManualClock();
  let opened = 0;
  const transport = new StreamTransport(() => {
    opened += 1;
    return { socket: connect(port, '127.0.0.1'), secure: false };
  }, clock);
  after(() => transport.close());
  const ask = (text: string, patience = PATIENCE) => transport.exchange(new TextExchange(text), patience);
  return { transport, clock, ask, opened: () => opened };
}

const answered = (reply: string) => ({ kind: 'answered', reply }) as const;
const texts = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `${from + index}`);

describe('questions on a stream', () => {
  it('one after another share a connection', async () => {
    const { server, ask, opened } = await setUp();
    server.onQuestion = (question) => question.answer();
    for (const text of texts(5)) assert.deepEqual(await ask(text), answered(`${text}!`));
    assert.equal(opened(), 1);
  });

  it('at once have connections of their own, up to four, and then share these', async () => {
    const { server, ask, opened } = await setUp();
    const deliveries = Promise.all(texts(10).map((text) => ask(text)));
    await server.texts(10);
    assert.equal(opened(), CONNECTIONS);
    const load = server.sockets.map(
      (socket) => server.questions.filter((one) => one.socket === socket).length,
    );
    assert.deepEqual(load.sort(), [2, 2, 3, 3]);
    for (const question of server.questions) question.answer();
    assert.deepEqual(
      await deliveries,
      texts(10).map((text) => answered(`${text}!`)),
    );
  });

  it('get each its own answer, in whatever order these come, past what is for none', async () => {
    const { server, ask } = await setUp();
    const deliveries = Promise.all(texts(40).map((text) => ask(text)));
    await server.texts(40);
    const ids = new Set(server.questions.map(({ id }) => id));
    const free = Array.from({ length: 0x10000 }, (_, id) => id).find((id) => !ids.has(id)) ?? 0;
    for (const question of server.questions.reverse()) {
      const { socket } = question;
      for (const noise of [Buffer.alloc(0), Buffer.of(7), withId(free, 'of nobody')])
        socket.write(frame(noise));
      question.answer('not yours');
      question.answer();
      question.answer('too late');
    }
    assert.deepEqual(
      await deliveries,
      texts(40).map((text) => answered(`${text}!`)),
    );
  });

  it('have ids that differ on a connection, and cannot be foretold from one another', async () => {
    const { server, ask } = await setUp();
    const all = CONNECTIONS * UNDER_WAY;
    const deliveries = Promise.all(texts(all).map((text) => ask(text)));
    await server.texts(all);
    for (const socket of server.sockets) {
      const ids = server.questions.filter((one) => one.socket === socket).map(({ id }) => id);
      assert.equal(new Set(ids).size, UNDER_WAY);
    }
    const ids = server.questions.map(({ id }) => id);
    const steps = new Set(ids.map((id, index) => id - (ids[index - 1] ?? 0)));
    // Drawn from 65,536 at random, a step comes twice now and then, and hardly ever ten times.
    assert.ok(steps.size > all - 10, `${steps.size} different steps`);
    for (const question of server.questions) question.answer();
    await deliveries;
  });

  it('beyond those that may be under way wait, and go out in their order as soon as there is a place', async () => {
    const { server, ask, opened } = await setUp();
    const all = CONNECTIONS * UNDER_WAY;
    const deliveries = Promise.all(texts(all + 3).map((text) => ask(text)));
    await server.texts(all);
    assert.deepEqual([...(await server.texts(all))].sort(), texts(all).sort());
    for (const [index, late] of texts(3, all).entries()) {
      server.questions[index]?.answer();
      assert.equal((await server.texts(all + index + 1)).at(-1), late);
    }
    for (const question of server.questions.slice(3)) question.answer();
    assert.deepEqual(
      await deliveries,
      texts(all + 3).map((text) => answered(`${text}!`)),
    );
    assert.equal(opened(), CONNECTIONS);
  });

  it('over an unused connection that the server closed get a new one', async () => {
    const { server, ask, opened } = await setUp();
    server.onQuestion = (question) => question.answer();
    await ask('first');
    const [socket] = server.sockets;
    socket?.end();
    await until(() => socket?.destroyed, { what: 'the connection to end' });
    assert.deepEqual(await ask('second'), answered('second!'));
    assert.equal(opened(), 2);
  });
});

describe('a question on a stream without an answer', () => {
  it('is silent after the time for it, connecting included', async () => {
    const { server, clock, ask } = await setUp();
    const delivery = ask('x');
    await server.texts(1);
    await clock.advance(PATIENCE.answerTime - 1);
    assert.equal(clock.pending > 0, true);
    await clock.advance(1);
    assert.deepEqual(await delivery, { kind: 'silent' });
  });

  it('takes its connection with it, and what else is under way there is lost at once', async () => {
    const { server, clock, ask, opened } = await setUp();
    // The fifth shares the connection of the first.
    const deliveries = texts(4).map((text) => ask(text));
    await server.texts(4);
    await clock.advance(500);
    const fifth = ask('4');
    await server.texts(5);
    const shared = server.questions[4]?.socket;
    for (const question of server.questions) if (question.socket !== shared) question.answer();

    await clock.advance(500);
    assert.deepEqual(await fifth, { kind: 'lost' });
    const kinds = (await Promise.all(deliveries)).map(({ kind }) => kind).sort();
    assert.deepEqual(kinds, ['answered', 'answered', 'answered', 'silent']);
    await until(() => shared?.destroyed, { what: 'the connection to end' });
    assert.equal(opened(), 4);
  });

  it('resets its connection, so that the server does not do later what it has not read yet', async () => {
    const { server, clock, ask } = await setUp();
    const delivery = ask('x');
    await server.texts(1);
    const [socket] = server.sockets;
    assert.ok(socket !== undefined);
    const failure = once(socket, 'error');
    await clock.advance(PATIENCE.answerTime);
    await delivery;
    assert.equal((await failure)[0].code, 'ECONNRESET');
  });

  it('whose time ends at the deadline is silent then, and leaves the connection to the others', async () => {
    const { server, clock, ask, opened } = await setUp();
    const patient = texts(4).map((text) => ask(text));
    const impatient = ask('impatient', { ...PATIENCE, deadline: 100 });
    await server.texts(5);
    await clock.advance(100);
    assert.deepEqual(await impatient, { kind: 'silent' });
    // Its own answer comes late, and is for nobody.
    for (const question of server.questions.reverse()) question.answer();
    assert.deepEqual(
      await Promise.all(patient),
      texts(4).map((text) => answered(`${text}!`)),
    );
    assert.equal(opened(), CONNECTIONS);
  });

  it('is lost when the server closes the connection, and the next one has a new connection', async () => {
    const { server, ask, opened } = await setUp();
    server.onQuestion = ({ text, answer, socket }) => (text === 'first' ? socket.end() : answer());
    assert.deepEqual(await ask('first'), { kind: 'lost' });
    assert.deepEqual(await ask('second'), answered('second!'));
    assert.equal(opened(), 2);
  });

  it('is lost when the server closes the connection within its answer', async () => {
    const { server, ask } = await setUp();
    server.onQuestion = ({ id, socket }) => socket.end(frame(withId(id, 'half')).subarray(0, 5));
    assert.deepEqual(await ask('x'), { kind: 'lost' });
  });

  it('is unreachable where nobody listens, and found again as soon as somebody does', async () => {
    const port = await freePort();
    const { ask } = transportTo(port);
    const delivery = await ask('x');
    assert.ok(delivery.kind === 'unreachable');
    assert.match(delivery.cause.message, /ECONNREFUSED/);
    const server = await TextServer.start(port);
    server.onQuestion = (question) => question.answer();
    assert.deepEqual(await ask('y'), answered('y!'));
  });

  it('is unreachable when there is no connection in time', async () => {
    const clock = new ManualClock();
    // Whoever never learns the address stays connecting, as with a server that drops what comes.
    const socket = () => connect({ host: 'never.example.test', port: 53, lookup: () => {} });
    const transport = new StreamTransport(() => ({ socket: socket(), secure: false }), clock);
    const deliveries = [PATIENCE, { ...PATIENCE, deadline: 300 }].map((patience) =>
      transport.exchange(new TextExchange('x'), patience),
    );
    await clock.advance(PATIENCE.answerTime);
    for (const delivery of await Promise.all(deliveries)) {
      assert.ok(delivery.kind === 'unreachable');
      assert.equal(delivery.cause.message, 'no connection in time');
    }
    transport.close();
  });
});

describe('a question that waits for a place', () => {
  /** All places are taken by questions that nobody answers in time. */
  async function setUpFull() {
    const all = CONNECTIONS * UNDER_WAY;
    const { server, clock, ask, transport } = await setUp();
    const patient = { answerTime: 50_000, deadline: 60_000 };
    const full = Promise.all(texts(all).map((text) => ask(text, patient)));
    await server.texts(all);
    return { server, clock, ask, transport, all, full };
  }

  it('has all its time for the answer once it is sent', async () => {
    const { server, clock, ask, all } = await setUpFull();
    const delivery = ask('late');
    await clock.advance(10 * PATIENCE.answerTime);
    server.questions[0]?.answer();
    await server.texts(all + 1);
    await clock.advance(PATIENCE.answerTime - 1);
    server.questions.at(-1)?.answer();
    assert.deepEqual(await delivery, answered('late!'));
  });

  it('until its deadline was not sent', async () => {
    const { server, clock, ask, all } = await setUpFull();
    const delivery = ask('late', { ...PATIENCE, deadline: 700 });
    await clock.advance(700);
    assert.deepEqual(await delivery, { kind: 'crowded' });
    server.questions[0]?.answer();
    const next = ask('next');
    assert.equal((await server.texts(all + 1)).at(-1), 'next');
    server.questions.at(-1)?.answer();
    assert.deepEqual(await next, answered('next!'));
  });

  it('goes out by a new connection when the old ones are lost', async () => {
    const { server, ask, all, full } = await setUpFull();
    const deliveries = ['a', 'b'].map((text) => ask(text));
    for (const socket of [...server.sockets]) socket.destroy();
    assert.ok((await full).every(({ kind }) => kind === 'lost'));
    assert.deepEqual((await server.texts(all + 2)).slice(-2).sort(), ['a', 'b']);
    for (const question of server.questions.slice(-2)) question.answer();
    assert.deepEqual(await Promise.all(deliveries), [answered('a!'), answered('b!')]);
  });

  it('ends when the transport is closed, like those under way and all later ones', async () => {
    const { server, clock, ask, all, full, transport } = await setUpFull();
    const waiting = ask('waiting');
    transport.close();
    assert.deepEqual(await waiting, { kind: 'closed' });
    assert.deepEqual(
      await full,
      texts(all).map(() => ({ kind: 'closed' })),
    );
    assert.deepEqual(await ask('later'), { kind: 'closed' });
    assert.equal(server.questions.length, all);
    assert.equal(clock.pending, 0);
  });
});

describe('an unused connection', () => {
  it('is closed in good order after three seconds without use', async () => {
    const { server, clock, ask } = await setUp();
    server.onQuestion = (question) => question.answer();
    await ask('first');
    await clock.advance(2_999);
    await ask('second');
    await clock.advance(2_999);
    const [socket] = server.sockets;
    assert.ok(socket !== undefined);
    assert.equal(socket.readableEnded, false);
    const end = once(socket, 'end');
    await clock.advance(1);
    await end;
    assert.equal(clock.pending, 0);
  });

  it('is not closed while something is under way', async () => {
    const { server, clock, ask, opened } = await setUp();
    server.onQuestion = (question) => question.text === 'quick' && question.answer();
    await ask('quick');
    const patience = { answerTime: 20_000, deadline: 60_000 };
    const slow = ask('slow', patience);
    await server.texts(2);
    await clock.advance(10_000);
    server.questions.at(-1)?.answer();
    assert.deepEqual(await slow, answered('slow!'));
    assert.equal(opened(), 1);
  });
});
