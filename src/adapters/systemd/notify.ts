import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Sends variables such as `READY=1` to the service manager. Resolves when it has taken them. */
export type Notify = (variables: readonly string[]) => Promise<void>;

/** Milliseconds to wait for the service manager. */
const PATIENCE = 5_000;

/**
 * Runs the program that comes with systemd. The socket takes datagrams (AF_UNIX, SOCK_DGRAM), which Node.js cannot
 * send, and packages that can send them need a compiler where dynonym is installed.
 */
export const notifySystemd: Notify = async (variables) => {
  await promisify(execFile)('systemd-notify', [...variables], { timeout: PATIENCE });
};
