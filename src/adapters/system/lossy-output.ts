import { fstatSync } from 'node:fs';
import type { DestinationStream } from 'pino';
import sonicBoom from 'sonic-boom';

/**
 * Octets of one write. A pipe takes PIPE_BUF octets as a whole, so lines that are written at exit do not cut others
 * apart. A file takes any write as a whole.
 */
const PIECE = { pipe: 4096, file: 64 * 1024 };
/** Octets of lines that are gathered for one write, and for how many milliseconds. Each write wakes a thread. */
const GATHERED = 16 * 1024;
const GATHERING_TIME = 20;
/** Octets that are kept while the reader does not read. Further lines are dropped. */
const MOST_PENDING = 4 * 1024 * 1024;
/** Milliseconds for which a full non-blocking pipe is retried. The next line begins anew. */
const PATIENCE = 1000;

/**
 * Writes lines to a file descriptor asynchronously. A reader that has stopped reading (a full pipe, Ctrl-S) or a full
 * disk loses lines, but does not block the program or its end. Pending lines are written when the process exits. They
 * may overtake a write that is in flight, and that one is lost where no thread has begun it.
 */
export function lossyOutput(descriptor: number): DestinationStream {
  /** Since when the pipe is full. */
  let fullSince: number | undefined;
  const maxWrite = isFile(descriptor) ? PIECE.file : PIECE.pipe;
  const output = new sonicBoom.SonicBoom({
    fd: descriptor,
    sync: false,
    // With text, it counts the octets of all gathered lines anew for each line: 8 KB a request, an eighth of what a
    // request allocates.
    contentMode: 'buffer',
    // sonic-boom takes none that is as large as a write.
    minLength: Math.min(GATHERED, maxWrite - 1),
    periodicFlush: GATHERING_TIME,
    maxLength: MOST_PENDING,
    maxWrite,
    retryEAGAIN() {
      fullSince ??= performance.now();
      const isPatient = performance.now() - fullSince < PATIENCE;
      if (!isPatient) fullSince = undefined;
      return isPatient;
    },
  });
  output.on('write', () => {
    fullSince = undefined;
  });
  // A failure to write the log cannot be logged. The next line retries the pending ones.
  output.on('error', () => {});
  process.once('exit', () => {
    try {
      output.flushSync();
    } catch {
      // As above, it cannot be logged.
    }
  });
  // Its types know text alone.
  const write = output.write.bind(output) as unknown as (line: Buffer) => void;
  return { write: (line) => write(Buffer.from(line)) };
}

function isFile(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFile();
  } catch {
    // The descriptor is closed, so all writes fail.
    return false;
  }
}
