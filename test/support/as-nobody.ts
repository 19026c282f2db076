import { chownSync } from 'node:fs';

const NOBODY = 65534;

/**
 * Runs `act` as a user to whom `folder` belongs and whom its mode binds: root may do everything everywhere. Who
 * is not root stays who they are.
 */
export async function asNobody<Value>(folder: string, act: () => Promise<Value>): Promise<Value> {
  if (process.geteuid?.() !== 0) return act();
  chownSync(folder, NOBODY, NOBODY);
  process.seteuid?.(NOBODY);
  try {
    return await act();
  } finally {
    process.seteuid?.(0);
  }
}
