import assert from 'node:assert/strict';
import { type SpawnOptions, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { type LogForm, PinoLogger } from '../../../../src/adapters/system/pino-logger.ts';
import type { Logger } from '../../../../src/application/ports/logger.ts';
import { DynonymError } from '../../../../src/domain/errors.ts';
import { spawnGuarded } from '../../../support/run-process.ts';
import { HANG } from '../../../support/until.ts';

/** What `say` makes a logger write. */
function written(say: (logger: Logger) => void, form: LogForm = { level: 'info' }): string {
  let text = '';
  say(new PinoLogger({ write: (line) => (text += line) }, form));
  return text;
}

/** The JSON lines, without what differs from run to run. */
function lines(say: (logger: Logger) => void, form?: LogForm): Record<string, unknown>[] {
  return written(say, form)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { time, pid, ...rest } = JSON.parse(line);
      assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      assert.equal(pid, process.pid);
      return rest;
    });
}

/** What stands in the field `error` when `error` is logged. */
function logged(error: Error, level: LogForm['level'] = 'info'): unknown {
  return lines((logger) => logger.error('It broke', { error }), { level })[0]?.['error'];
}

describe('the log in JSON', () => {
  it('has one object a line, with the level by name, the event and the fields', () => {
    assert.deepEqual(
      lines((logger) => {
        logger.info('Updated', {
          domain: 'home.example.org',
          milliseconds: 12,
          changed: true,
          ipv6: undefined,
        });
        logger.warn('Slow', { names: ['a.example.org', 'b.example.org'] });
        logger.error('100 % of %s failed');
      }),
      [
        { level: 'info', domain: 'home.example.org', milliseconds: 12, changed: true, msg: 'Updated' },
        { level: 'warn', names: ['a.example.org', 'b.example.org'], msg: 'Slow' },
        { level: 'error', msg: '100 % of %s failed' },
      ],
    );
  });

  it('makes fields only for what it tells', () => {
    const never = () => assert.fail('nobody listens');
    const output = { isOpen: false, write: never };
    new PinoLogger(output, { level: 'debug' }).error('e', never);
    const told = lines((logger) => {
      logger.debug('d', never);
      logger.info('i', () => ({ names: [] }));
    });
    assert.deepEqual(told, [{ level: 'info', names: [], msg: 'i' }]);
  });

  it('tells what is of its level or above', () => {
    const all = (logger: Logger) => {
      logger.debug('d');
      logger.info('i');
      logger.warn('w');
      logger.error('e');
    };
    const events = (level: LogForm['level']) => lines(all, { level }).map((line) => line['msg']);
    assert.deepEqual(events('debug'), ['d', 'i', 'w', 'e']);
    assert.deepEqual(events('info'), ['i', 'w', 'e']);
    assert.deepEqual(events('warn'), ['w', 'e']);
    assert.deepEqual(events('error'), ['e']);
  });

  it('keeps hostile text inside of its field', () => {
    const agent = 'x"}\n{"level":"error","msg":"forged"}\r\n\u0000\u2028\u001b[2J';
    assert.deepEqual(
      lines((logger) => logger.info('Asked', { agent })),
      [{ level: 'info', agent, msg: 'Asked' }],
    );
  });
});

describe('an error in the log', () => {
  it('that is a fault tells its code, its message and its causes', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 192.0.2.1:53'), { code: 'ECONNREFUSED' });
    const fault = new DynonymError('DNS_UNREACHABLE', 'No connection to 192.0.2.1:53', { cause: refused });
    assert.deepEqual(logged(fault), {
      code: 'DNS_UNREACHABLE',
      message: 'No connection to 192.0.2.1:53',
      cause: { code: 'ECONNREFUSED', message: 'connect ECONNREFUSED 192.0.2.1:53' },
    });
  });

  it('that is a mistake in the program tells where it happened', () => {
    const mistake = new TypeError('x is not a function');
    assert.deepEqual(logged(mistake), {
      name: 'TypeError',
      message: 'x is not a function',
      stack: mistake.stack,
    });
  });

  it('tells all stacks when debugging', () => {
    const cause = new Error('inner');
    const fault = new DynonymError('DNS_TIMEOUT', 'No answer', { cause });
    assert.deepEqual(logged(fault, 'debug'), {
      code: 'DNS_TIMEOUT',
      message: 'No answer',
      stack: fault.stack,
      cause: { name: 'Error', message: 'inner', stack: cause.stack },
    });
  });

  it('that holds several tells each', () => {
    const fault = new DynonymError('DNS_UNREACHABLE', 'No connection', {
      cause: new AggregateError([new Error('one'), 'two']),
    });
    assert.deepEqual((logged(fault) as { cause: unknown }).cause, {
      name: 'AggregateError',
      message: '',
      errors: [{ name: 'Error', message: 'one' }, { message: 'two' }],
    });
  });

  it('that is its own cause ends', () => {
    const error = new DynonymError('DNS_TIMEOUT', 'No answer');
    error.cause = error;
    assert.equal(JSON.stringify(logged(error)).match(/No answer/g)?.length, 9);
  });

  it('never tells what else hangs on it', () => {
    const error = Object.assign(new Error('request failed'), {
      code: 42,
      request: { headers: { authorization: 'Basic c2VjcmV0' } },
    });
    const fault = new DynonymError('HTTP_FAULT', 'It failed', {
      cause: Object.assign(new Error('inner', { cause: { secret: 'c2VjcmV0' } }), { key: 'c2VjcmV0' }),
    });
    for (const level of ['info', 'debug'] as const) {
      assert.doesNotMatch(JSON.stringify([logged(error, level), logged(fault, level)]), /c2VjcmV0/);
    }
  });
});

describe('the log for people', () => {
  const readable = { level: 'info', readable: true } as const;

  /** A line without its time. */
  const line = (say: (logger: Logger) => void) => {
    const text = written(say, readable);
    assert.match(text, /^\[\d\d:\d\d:\d\d\.\d{3}\] [^\n]*\n$/);
    return text.slice('[00:00:00.000] '.length, -1);
  };

  it('is one line with the time, the level, the event and the fields, as short as they can be read', () => {
    const fields = { names: ['home.example.org', 'a.example.org'], milliseconds: 12, outcome: ['!yours'] };
    assert.equal(
      line((logger) => logger.warn('Could not confirm', fields)),
      'WARN: Could not confirm names=home.example.org,a.example.org milliseconds=12 outcome=!yours',
    );
  });

  it('keeps values apart that have spaces, and all that a list says', () => {
    const problems = ['dynonym.toml:3: http.socket: no port', 'dynonym.toml:9: dns: unknown key'];
    assert.equal(
      line((logger) => logger.error('Refused', { problems, program: 'a b', changed: [] })),
      `ERROR: Refused problems="${problems[0]}","${problems[1]}" program="a b" changed=[]`,
    );
  });

  it('tells a fault and its cause as a sentence in a line below, once', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const fault = (message: string) => new DynonymError('DNS_UNREACHABLE', message, { cause: refused });
    const lines = (message: string) =>
      written((logger) => logger.warn('Away', { fault: fault(message), path: '/' }), readable).split('\n');
    const [first, ...others] = lines('No connection\x1b[2J\n');
    assert.match(first ?? '', /WARN: Away path=\/$/);
    const escaped = 'No connection\\x1b[2J\\x0a';
    assert.deepEqual(others, [`    DNS_UNREACHABLE: ${escaped} (ECONNREFUSED: connect ECONNREFUSED)`, '']);
    assert.equal(lines('Away: connect ECONNREFUSED')[1], '    DNS_UNREACHABLE: Away: connect ECONNREFUSED');
  });

  it('tells where a mistake in the program happened', () =>
    assert.match(
      line((logger) => logger.error('Broken', { error: new TypeError('no function') })),
      /"stack":"TypeError: no function\\n/,
    ));

  it('has colours where it is told to', () => {
    const text = written((logger) => logger.info('Hello'), { ...readable, colours: true });
    assert.ok(text.includes('\u001b[32mINFO'));
  });

  it('hands no control character of a field to the terminal', () => {
    const hostile = Array.from({ length: 0xa0 }, (_, code) => String.fromCharCode(code)).join('');
    const text = written((logger) => logger.info('Asked', { hostile, error: new Error(hostile) }), readable);
    assert.doesNotMatch(text.slice(0, -1), /\p{Cc}/u);
  });
});

describe('the log on standard error', () => {
  const module = new URL('../../../../src/adapters/system/pino-logger.ts', import.meta.url).href;
  const PIPES: SpawnOptions = { stdio: ['ignore', 'pipe', 'pipe'] };
  /** The arguments of Node for a program that says `count` lines and then does `end`. */
  const program = (count: number, end: string) => [
    ...['--import', 'tsx', '--input-type=module', '--eval'],
    `import { standardErrorLogger } from ${JSON.stringify(module)};
     const logger = standardErrorLogger();
     for (let n = 0; n < ${count}; n += 1) logger.info('Line', { n, filler: 'x'.repeat(100) });
     ${end}`,
  ];

  const linesOf = (end: string) => {
    const { stdout, stderr } = spawnSync(process.execPath, program(5000, end), {
      encoding: 'utf8',
      maxBuffer: 16 * 1024 * 1024,
    });
    assert.equal(stdout, '');
    return stderr.trimEnd().split('\n');
  };
  const numberIn = (line: string): number => JSON.parse(line).n;

  it('is JSON for a pipe, and complete when the program comes to its end', () => {
    assert.deepEqual(
      linesOf('').map(numberIn),
      Array.from({ length: 5000 }, (_, n) => n),
    );
  });

  it('is complete when the program exits, but for a piece that is just being written', () => {
    const lines = linesOf('process.exit();');
    const written = new Set(lines.map(numberIn));
    const missing = Array.from({ length: 5000 }, (_, n) => n).filter((n) => !written.has(n));
    // The rest may overtake that piece, and no thread may have begun to write it.
    const octets = missing.length * (lines[0]?.length ?? 0);
    assert.ok(octets <= 4096, `${missing.length} lines are missing`);
    assert.equal(missing.length === 0 ? 0 : missing.length - 1, (missing.at(-1) ?? 0) - (missing[0] ?? 0));
    assert.equal(lines.length + missing.length, 5000, 'no line is written twice');
  });

  it('lets the program go on while nobody reads it', async () => {
    const stopped = `setInterval(() => {}, 1000); setImmediate(() => console.log('still here'));`;
    const child = spawnGuarded(process.execPath, program(100_000, stopped), PIPES);
    assert.ok(child.stdout);
    const [said] = await once(child.stdout, 'data');
    assert.equal(String(said), 'still here\n');
    child.kill('SIGKILL');
    await once(child, 'exit');
  });

  for (const [how, end] of [
    ['comes to its end', ''],
    ['exits', 'process.exit();'],
  ] as const) {
    it(`lets the program end that ${how} while nobody reads it`, async () => {
      // As the command line does, which makes the pipe one that does not block.
      const child = spawnGuarded(process.execPath, program(100_000, `process.stderr; ${end}`), PIPES);
      const [code] = await once(child, 'exit', { signal: AbortSignal.timeout(HANG) });
      assert.equal(code, 0);
    });
  }

  it('is complete when a pipe that was full is read after all', async () => {
    const child = spawnGuarded(process.execPath, program(5000, `console.log('said');`), PIPES);
    assert.ok(child.stdout && child.stderr);
    await once(child.stdout, 'data');
    const stderr = await text(child.stderr);
    assert.equal(stderr.trimEnd().split('\n').length, 5000);
  });

  it('lets the program go on when it cannot be written', () => {
    const full = openSync('/dev/full', 'w');
    const { status, stdout } = spawnSync(
      process.execPath,
      program(100, `setTimeout(() => { logger.info('More'); console.log('still here'); }, 50);`),
      { encoding: 'utf8', stdio: ['ignore', 'pipe', full] },
    );
    closeSync(full);
    assert.equal(stdout, 'still here\n');
    assert.equal(status, 0);
  });
});
