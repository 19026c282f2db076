import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { BareUpdater } from './bare-updater.ts';
import { type Answer, HttpConnection } from './http-connection.ts';
import type {
  FloodJob,
  FloodResult,
  GuessJob,
  GuessResult,
  LoadJob,
  LoadReply,
  LoadResult,
  PacedJob,
  PacedResult,
  PipelineJob,
  PipelineResult,
  PlannedRequest,
} from './load-job.ts';
import { get } from './requests.ts';
import { basicAuthorization } from './users.ts';

/** The load generator: a process of its own that gets jobs from the benchmark and tells what became of them. */

const SAMPLES = 5;
/** More than the queue of hashes takes. */
const GUESSES_AT_ONCE = 500;

const saidBy = (answer: Answer | undefined): string =>
  answer === undefined ? 'connection lost' : `${answer.status} ${answer.body}`.trim();

/** Counts as success nothing but status 200 with exactly the body that was expected. */
class Tally {
  successes = 0;
  readonly failed = new Set<number>();
  readonly samples: string[] = [];

  judge(index: number, expected: PlannedRequest, answer: Answer | undefined): boolean {
    const succeeded = answer?.status === '200' && answer.body === expected.body;
    if (succeeded) {
      this.successes += 1;
    } else {
      this.failed.add(index);
      if (this.samples.length < SAMPLES) {
        this.samples.push(saidBy(answer));
      }
    }
    return succeeded;
  }

  result(since: number): FloodResult {
    const seconds = (performance.now() - since) / 1000;
    return { successes: this.successes, seconds, failed: [...this.failed], samples: this.samples };
  }
}

async function flood({ port, connections, requests, seconds }: FloodJob): Promise<FloodResult> {
  const tally = new Tally();
  const start = performance.now();
  const end = seconds === undefined ? undefined : start + seconds * 1000;
  let sent = 0;
  const run = (connection: HttpConnection, done: () => void) => {
    const sendNext = () => {
      const over = end === undefined ? sent >= requests.length : performance.now() >= end;
      const index = sent % requests.length;
      const request = requests[index];
      if (over || request === undefined) return done();
      sent += 1;
      connection.send(request.text, (answer) => {
        tally.judge(index, request, answer);
        sendNext();
      });
    };
    sendNext();
  };
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const connection = new HttpConnection(port);
      await new Promise<void>((resolve) => run(connection, resolve));
      connection.close();
    }),
  );
  return tally.result(start);
}

async function paced({ port, perSecond, requests, bare }: PacedJob): Promise<PacedResult> {
  const tally = new Tally();
  const connection = new HttpConnection(port);
  const updater = bare && new BareUpdater(bare);
  const times: { http: number[]; bare: number[] } = { http: [], bare: [] };
  const start = performance.now();
  // Where there are two, half of the time for each of them.
  const interval = (bare === undefined ? 1_000 : 500) / perSecond;
  let turn = start;
  for (const [index, request] of requests.entries()) {
    const sentAt = await atTurn(turn);
    const answer = await new Promise<Answer | undefined>((resolve) => connection.send(request.text, resolve));
    if (tally.judge(index, request, answer)) times.http.push(performance.now() - sentAt);
    turn += interval;

    const change = bare?.changes[index];
    if (updater !== undefined && change !== undefined) {
      const bareSentAt = await atTurn(turn);
      await updater.change(change);
      times.bare.push(performance.now() - bareSentAt);
    }
    if (bare !== undefined) turn += interval;
  }
  connection.close();
  updater?.close();
  return { ...tally.result(start), ...times };
}

/** Clients that guessed, in all jobs: none of them comes twice. */
let guessers = 0;

/** Does not wait for answers, but for a free one of {@link GUESSES_AT_ONCE} connections. */
async function guess({ port, perSecond, seconds, users }: GuessJob): Promise<GuessResult> {
  const result = { sent: 0, judged: 0, turnedAway: 0, others: [] as string[] };
  const free = Array.from({ length: GUESSES_AT_ONCE }, () => new HttpConnection(port));
  const answers: Promise<void>[] = [];
  const start = performance.now();
  for (let turn = 0; turn < perSecond * seconds; turn += 1) {
    const due = start + (turn * 1_000) / perSecond;
    if (due > performance.now()) await atTurn(due);
    // In turn: a server closes one that was not used for seconds, perhaps just when something is sent.
    const connection = free.shift();
    if (connection === undefined) {
      if (performance.now() > start + seconds * 1_000) break;
      await pause(1);
      continue;
    }
    result.sent += 1;
    guessers += 1;
    const client = `10.${guessers >> 16}.${(guessers >> 8) & 255}.${guessers & 255}`;
    const authorization = basicAuthorization({ name: users[turn % users.length] ?? '', password: 'guess' });
    const text = get('/nic/update?hostname=guess.example.test', authorization, [
      `X-Forwarded-For: ${client}`,
    ]);
    answers.push(
      new Promise((resolve) => {
        connection.send(text, (answer) => {
          if (answer?.body === 'badauth\n') result.judged += 1;
          else if (answer?.body === '911\n') result.turnedAway += 1;
          else result.others.push(saidBy(answer));
          free.push(connection);
          resolve();
        });
      }),
    );
  }
  await Promise.all(answers);
  for (const connection of free) connection.close();
  return result;
}

const OK = 'HTTP/1.1 200';

/** Begins no new burst when the time is over, and does not wait for the rest. */
async function pipeline({ port, connections, octets, seconds }: PipelineJob): Promise<PipelineResult> {
  const request = get('/ip');
  const inBurst = Math.ceil(octets / request.length);
  const burst = Buffer.from(request.repeat(inBurst));
  const result = { answered: 0, closed: 0 };
  const over = pause(seconds * 1_000);
  const end = performance.now() + seconds * 1_000;
  const sockets = new Set<Socket>();
  const open = () => {
    const socket = connect({ host: '127.0.0.1', port });
    sockets.add(socket);
    let left = inBurst;
    let rest = '';
    socket.write(burst);
    socket.setEncoding('latin1').on('data', (text: string) => {
      const parts = (rest + text).split(OK);
      rest = (parts.at(-1) ?? '').slice(-OK.length);
      result.answered += parts.length - 1;
      left -= parts.length - 1;
      if (left > 0 || performance.now() >= end) return;
      left = inBurst;
      socket.write(burst);
    });
    socket.on('error', () => {}); // `close` follows
    socket.on('close', () => {
      sockets.delete(socket);
      if (performance.now() >= end) return;
      result.closed += 1;
      setTimeout(open, 10);
    });
  };
  for (let connection = 0; connection < connections; connection += 1) open();
  await over;
  for (const socket of sockets) socket.destroy();
  return result;
}

/** Waits for the turn, and gives the time of it. */
async function atTurn(turn: number): Promise<number> {
  await pause(Math.max(0, turn - performance.now()));
  return performance.now();
}

function run(job: LoadJob): Promise<LoadResult> {
  switch (job.kind) {
    case 'flood':
      return flood(job);
    case 'floods':
      return Promise.all(job.floods.map(flood));
    case 'pipeline':
      return pipeline(job);
    case 'paced':
      return paced(job);
    case 'guess':
      return guess(job);
  }
}

function reply(message: LoadReply): void {
  process.send?.(message);
}

process.on('message', (job: LoadJob) => {
  run(job).then(
    (done) => reply({ kind: 'done', result: done }),
    (error: unknown) => reply({ kind: 'failed', reason: String(error) }),
  );
});
process.on('disconnect', () => process.exit());
reply({ kind: 'ready' });
