import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atExit } from './clean-up.ts';

/** A fresh, empty folder that is gone when this process ends. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dynonym-test-'));
  // A process that was ended a moment ago may still be writing into it: hence the retries.
  atExit(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 }));
  return folder;
}
