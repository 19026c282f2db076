import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Sends variables such as `READY=1` to the service manager. Resolves when it has taken them. */
export type Notify = (variables: readonly string[]) => Promise<void>;

/** Milliseconds after which the service manager is not waited for any more. */
const PATIENCE = 5_000;

/**
 * By the program that comes with systemd: the socket takes datagrams (AF_UNIX, SOCK_DGRAM), which Node.js has
 * no means to send, and the packages that add them need a compiler wherever dynonym is installed.
 */
export const notifySystemd: Notify = async (variables) => {
  await promisify(execFile)('systemd-notify', [...variables], { timeout: PATIENCE });
};
