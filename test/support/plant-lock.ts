import { linkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';

export type PlantedOwner = {
  readonly pid: number;
  readonly host?: string;
  /** Start of the machine and clock tick; the default is those of another start. */
  readonly began?: string;
};

/** When a process began before the machine lost its power. */
export const BEFORE_POWER_LOSS = '11111111-2222-3333-4444-555555555555_4711';

/** Leaves a lock as an owner that was killed leaves it, and gives its second name. */
export function plantLock(path: string, { pid, host = hostname(), began = BEFORE_POWER_LOSS }: PlantedOwner) {
  const id = Math.floor(Math.random() * 2 ** 32);
  const second = `${path}.${pid}.${began}.${id.toString(16).padStart(8, '0')}.${host}`;
  writeFileSync(second, `${pid}\n`);
  linkSync(second, path);
  return second;
}
