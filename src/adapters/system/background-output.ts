import { fstatSync, write, writeSync } from 'node:fs';

/**
 * Characters that are written at once: about what a pipe takes in one piece (PIPE_BUF), so that lines which are written
 * at exit stand between others. A file takes everything in one piece.
 */
const PIECE = { pipe: 4096, file: 64 * 1024 };
/** Characters that may wait for a reader who has stopped reading; what comes then is dropped. */
const MOST_WAITING = 4 * 1024 * 1024;
/**
 * Milliseconds that lines gather after a write behind which no more than a piece of them waits: each write is the work
 * of another thread, and to wake that for every line takes longer than to answer a request.
 */
const GATHERING = 10;
/** Milliseconds until a full pipe that does not block is tried again. */
const PAUSE = 20;
/** Milliseconds that the end of the process is held up by a full pipe. */
const PATIENCE = 1000;
/** Nobody wakes who waits here: the only sleep without an event loop. */
const NEVER = new Int32Array(new SharedArrayBuffer(4));
const NOTHING: Buffer = Buffer.alloc(0);

/**
 * Writes lines to a file descriptor beside the event loop: a reader who has stopped reading (a full pipe,
 * Ctrl-S), or a full disk, costs lines and never stops or ends the program. What still waits when the
 * process exits is written then, and may overtake the piece that is just on its way.
 *
 * pino's own destination is not used because at exit it tries again for ever where nothing can be written.
 */
export class BackgroundOutput {
  readonly #descriptor: number;
  readonly #piece: number;
  /** Lines, put together into pieces as they come. */
  readonly #waiting: string[] = [];
  #waitingLength = 0;
  #busy = false;
  /** What a full pipe did not take, until it is tried again. */
  #refused: Buffer = NOTHING;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
    this.#piece = isFile(descriptor) ? PIECE.file : PIECE.pipe;
    process.once('exit', () => this.#writeRest());
  }

  write(line: string): void {
    if (this.#waitingLength + line.length > MOST_WAITING) return;
    const last = this.#waiting.at(-1);
    if (last !== undefined && last.length + line.length <= this.#piece) {
      this.#waiting[this.#waiting.length - 1] = last + line;
    } else {
      this.#waiting.push(line);
    }
    this.#waitingLength += line.length;
    if (!this.#busy) this.#writeNext();
  }

  #writePiece(piece: Buffer): void {
    this.#busy = true;
    this.#refused = NOTHING;
    write(this.#descriptor, piece, (error, written) => {
      if (isFull(error)) {
        this.#refused = piece;
        setTimeout(() => this.#writePiece(piece), PAUSE).unref();
        return;
      }
      const rest = error === null ? piece.subarray(written) : NOTHING;
      if (rest.length > 0) this.#writePiece(rest);
      else if (this.#waiting.length > 1) this.#writeNext();
      else setTimeout(() => this.#writeNext(), GATHERING).unref();
    });
  }

  #writeNext(): void {
    const piece = this.#waiting.shift();
    if (piece === undefined) {
      this.#busy = false;
      return;
    }
    this.#waitingLength -= piece.length;
    this.#writePiece(Buffer.from(piece));
  }

  #writeRest(): void {
    const deadline = performance.now() + PATIENCE;
    let rest = this.#refused;
    while (rest.length > 0 || this.#waiting.length > 0) {
      if (rest.length === 0) rest = Buffer.from(this.#waiting.shift() ?? '');
      try {
        rest = rest.subarray(writeSync(this.#descriptor, rest));
      } catch (error) {
        // There is nowhere left to tell it.
        if (!isFull(error) || performance.now() > deadline) return;
        Atomics.wait(NEVER, 0, 0, PAUSE);
      }
    }
  }
}

function isFile(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFile();
  } catch {
    // It is closed: nothing that is written there gets anywhere.
    return false;
  }
}

/** True for a pipe that would have to be waited for. */
function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN';
}
