import type { HttpMiddleware, Parameter } from '../context.ts';
import { duckDns } from './words.ts';

/** What DuckDNS calls the parameters that dyndns2 has too. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['domains', 'hostname'],
  ['clear', 'offline'],
]);

/**
 * Recognises a request of DuckDNS, which names `domains`, and puts it in the parameters of dyndns2. `txt` is a
 * challenge for a certificate: such a request never touches an address.
 */
export const recogniseDuckDns: HttpMiddleware = (context, next) => {
  const { state } = context;
  const named = new Set(state.parameters.map(([name]) => name.toLowerCase()));
  if (!named.has('domains') || named.has('hostname')) return next();
  state.words = duckDns;
  if (named.has('txt')) state.malformed ??= 'txt: challenges are not taken here';
  state.parameters = state.parameters.map(inDyndns2);
  return next();
};

function inDyndns2([name, value]: Parameter): Parameter {
  const lower = name.toLowerCase();
  const isYes = lower === 'clear' && value.toLowerCase() === 'true';
  return [NAMES.get(lower) ?? name, isYes ? 'YES' : value];
}
