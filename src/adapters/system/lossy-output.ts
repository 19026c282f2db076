import { fstatSync } from 'node:fs';
import sonicBoom, { type SonicBoom } from 'sonic-boom';

/**
 * Octets that are written at once: what a pipe takes in one piece (PIPE_BUF), so that lines which are written at exit
 * stand between others. A file takes everything in one piece.
 */
const PIECE = { pipe: 4096, file: 64 * 1024 };
/** Octets that may wait for a reader who has stopped reading; what comes then is dropped. */
const MOST_WAITING = 4 * 1024 * 1024;
/** Milliseconds for which a full pipe that does not block is tried again. The next line tries it anew. */
const PATIENCE = 1000;

/**
 * Writes lines to a file descriptor beside the event loop. A reader who has stopped reading (a full pipe, Ctrl-S), or a
 * full disk, costs lines, and neither stops the program nor keeps it from ending. What still waits when the process
 * exits is written then, and may overtake the piece that is just on its way.
 */
export function lossyOutput(descriptor: number): SonicBoom {
  /** When the pipe was found full that has taken nothing since. */
  let fullSince: number | undefined;
  const output = new sonicBoom.SonicBoom({
    fd: descriptor,
    sync: false,
    minLength: 16 * 1024,
    periodicFlush: 20,
    maxLength: MOST_WAITING,
    maxWrite: isFile(descriptor) ? PIECE.file : PIECE.pipe,
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
  // There is nowhere to tell that the log cannot be written. What was not written is tried again with the next line.
  output.on('error', () => {});
  process.once('exit', () => {
    try {
      output.flushSync();
    } catch {
      // As above.
    }
  });
  return output;
}

function isFile(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFile();
  } catch {
    // It is closed: nothing that is written there gets anywhere.
    return false;
  }
}
