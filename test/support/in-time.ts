import { type Bound, HANG } from './until.ts';

/**
 * What `action` gives, which has a deadline of its own, so that it comes sooner or later. When that is stands in a unit
 * test on a clock of its own; here it has to come at all.
 */
export async function inTime<Value>(action: Promise<Value>, { what, within = HANG }: Bound): Promise<Value> {
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
