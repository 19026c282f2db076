import { createInterface } from 'node:readline';
import { type Readable, Writable } from 'node:stream';
import { invalid, type Parsed } from '../../domain/errors.ts';
import { type Password, parsePassword } from '../../domain/password.ts';

type Streams = { readonly stdin: Readable & { readonly isTTY?: boolean }; readonly stderr: Writable };

/** Octets. No password is longer, so a longer first line is not read to its end. */
const MAX_LINE = 4096;

/** Reads a new password. On a terminal it is asked for twice, otherwise it is the first line of standard input. */
export function readNewPassword(streams: Streams, userName: string): Promise<Parsed<Password>> {
  return streams.stdin.isTTY === true ? askTwice(streams, userName) : readFirstLine(streams.stdin);
}

/**
 * Uses the line editor of node:readline, whose output is discarded, so that the password is not shown. The editor knows
 * keys, the encoding and job control, and restores the mode of the terminal when it is closed.
 */
async function askTwice({ stdin, stderr }: Streams, userName: string): Promise<Parsed<Password>> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  // The editor runs before the question is printed, so that no character of the answer is echoed.
  const editor = createInterface({ input: stdin, output: nowhere, terminal: true, historySize: 0 });
  const lines = editor[Symbol.asyncIterator]();
  const ask = async (question: string): Promise<string | undefined> => {
    stderr.write(question);
    const line = await lines.next();
    stderr.write('\n');
    return line.done === true ? undefined : line.value;
  };

  try {
    const text = await ask(`New password for ${userName}: `);
    if (text === undefined) return CANCELLED;
    const password = parsePassword(text);
    if (!password.ok) return password;
    const again = await ask('The same again: ');
    if (again === undefined) return CANCELLED;
    return again === text ? password : invalid('the two passwords differ');
  } finally {
    editor.close();
  }
}

/** Ctrl-C, or the end of input (Ctrl-D). */
const CANCELLED = invalid('cancelled');

/** The octets before the first LF or CRLF, or before the end, as UTF-8. What follows is ignored. */
async function readFirstLine(stdin: Readable): Promise<Parsed<Password>> {
  let line = Buffer.alloc(0);
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk);
    const end = bytes.indexOf('\n');
    line = Buffer.concat([line, end === -1 ? bytes : bytes.subarray(0, end)]);
    if (end !== -1 || line.length > MAX_LINE) break;
  }
  const bare = line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
  try {
    return parsePassword(new TextDecoder('utf-8', { fatal: true }).decode(bare));
  } catch (error) {
    if (error instanceof TypeError) return invalid('a password is UTF-8 text');
    throw error;
  }
}
