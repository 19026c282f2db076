import type { Closing } from '../../application/ports/closing.ts';

const opened: Closing[] = [];

/** What is opened for a command. */
export function willClose(closing: Closing): void {
  opened.push(closing);
}

/** Closes what commands have opened, so that nothing keeps the process alive. */
export async function closeOpened(): Promise<void> {
  for (const closing of opened.splice(0)) await closing.close();
}
