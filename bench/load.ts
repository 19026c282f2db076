import { setTimeout as pause } from 'node:timers/promises';
import { BareUpdater } from './bare-updater.ts';
import { type Answer, HttpConnection } from './http-connection.ts';
import type {
  FloodJob,
  FloodResult,
  LoadJob,
  LoadReply,
  PacedJob,
  PacedResult,
  PlannedRequest,
} from './load-job.ts';

/** The load generator: a process of its own that gets jobs from the benchmark and tells what became of them. */

const SAMPLES = 5;

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
        this.samples.push(
          answer === undefined ? 'connection lost' : `${answer.status} ${answer.body}`.trim(),
        );
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
  const updater = new BareUpdater(bare);
  const times: { http: number[]; bare: number[] } = { http: [], bare: [] };
  const start = performance.now();
  // Half of the time for each of the two.
  const interval = 500 / perSecond;
  let turn = start;
  for (const [index, request] of requests.entries()) {
    const sentAt = await atTurn(turn);
    const answer = await new Promise<Answer | undefined>((resolve) => connection.send(request.text, resolve));
    if (tally.judge(index, request, answer)) times.http.push(performance.now() - sentAt);
    turn += interval;

    const change = bare.changes[index];
    if (change !== undefined) {
      const bareSentAt = await atTurn(turn);
      await updater.change(change);
      times.bare.push(performance.now() - bareSentAt);
    }
    turn += interval;
  }
  connection.close();
  updater.close();
  return { ...tally.result(start), ...times };
}

/** Waits for the turn, and gives the time of it. */
async function atTurn(turn: number): Promise<number> {
  await pause(Math.max(0, turn - performance.now()));
  return performance.now();
}

function reply(message: LoadReply): void {
  process.send?.(message);
}

process.on('message', (job: LoadJob) => {
  const result: Promise<FloodResult> = job.kind === 'flood' ? flood(job) : paced(job);
  result.then(
    (done) => reply({ kind: 'done', result: done }),
    (error: unknown) => reply({ kind: 'failed', reason: String(error) }),
  );
});
process.on('disconnect', () => process.exit());
reply({ kind: 'ready' });
