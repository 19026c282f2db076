import { userInfo } from 'node:os';

/** The name of the user as whom this process runs, or the number where the system has no name for it. */
export function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
