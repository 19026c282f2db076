import type { HttpMiddleware, Parameter } from '../context.ts';
import { duckDns } from './words.ts';

/** The parameters of DuckDNS that dyndns2 has under another name. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['domains', 'hostname'],
  ['clear', 'offline'],
]);

/**
 * Recognises a request of DuckDNS by its parameter `domains`, and gives its parameters the names of dyndns2.
 */
export const recogniseDuckDns: HttpMiddleware = (context, next) => {
  const { state } = context;
  const named = new Set(state.parameters.map(([name]) => name.toLowerCase()));
  if (!named.has('domains') || named.has('hostname')) return next();
  state.words = duckDns;
  state.parameters = state.parameters.map(inDyndns2);
  return next();
};

function inDyndns2([name, value]: Parameter): Parameter {
  const lower = name.toLowerCase();
  const isYes = lower === 'clear' && value.toLowerCase() === 'true';
  return [NAMES.get(lower) ?? name, isYes ? 'YES' : value];
}
