import type { Bound } from './until.ts';

/**
 * What `action` gives, which has to come before a timer that starts now runs out. So the order of two events
 * in this process is judged, and no time is measured: a machine with much to do is late for both of them.
 */
export async function inTime<Value>(
  action: Promise<Value>,
  { what, within }: Required<Bound>,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} was not there after ${within} ms`)), within);
  });
  try {
    return await Promise.race([action, late]);
  } finally {
    clearTimeout(timer);
  }
}
