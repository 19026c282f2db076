import type { LoginPause } from '../../application/ports/login-limits.ts';
import type { PageContext } from './visit.ts';

/** The sentence of an answer during a pause. Tells programs when to come back (RFC 9110 section 10.2.3). */
export function sayPaused(context: PageContext, { milliseconds }: LoginPause): string {
  context.set('Retry-After', String(Math.ceil(milliseconds / 1000)));
  return context.state.visit.words.signIn.paused(Math.ceil(milliseconds / 60_000));
}
