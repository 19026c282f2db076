import { createInterface } from 'node:readline';
import { type Readable, Writable } from 'node:stream';
import { invalid, type Parsed } from '../../domain/errors.ts';
import { type Password, parsePassword } from '../../domain/password.ts';

type Streams = { readonly stdin: Readable & { readonly isTTY?: boolean }; readonly stderr: Writable };

/** More than any password has; whoever sends more without a line break is not sending a password. */
const MAX_LINE = 4096;

/** A new password: asked for twice on a terminal, otherwise the first line of standard input. */
export function readNewPassword(streams: Streams, userName: string): Promise<Parsed<Password>> {
  return streams.stdin.isTTY === true ? askTwice(streams, userName) : readFirstLine(streams.stdin);
}

/**
 * The editor of node:readline with nowhere to show what it edits: it knows the keys, the encoding and job
 * control, and gives the terminal its mode back when it is closed.
 */
async function askTwice({ stdin, stderr }: Streams, userName: string): Promise<Parsed<Password>> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const editor = createInterface({ input: stdin, output: nowhere, terminal: true, historySize: 0 });
  const lines = editor[Symbol.asyncIterator]();
  // The editor is on before the question is asked: what is typed in answer is never echoed.
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

/** The bytes before the first LF, CRLF or the end, as UTF-8. What comes after them is nobody's password. */
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
