import type { IncomingMessage } from 'node:http';
import type { HttpContext, HttpMiddleware, Parameter } from './context.ts';

/** Octets of a body. Twenty names with all their parameters fit several times. */
const MAX_BODY = 16 * 1024;

/**
 * Collects the parameters of the query and of the body, which is a form or a flat JSON object of strings. What cannot
 * be read makes the request malformed: an update is never done with what is left.
 *
 * Decoding of query and form never fails (it is that of the WHATWG URL standard): a percent sign without two digits
 * behind it stays as it is, and makes a value invalid where it does not belong.
 */
export const readParameters: HttpMiddleware = (context, next) => {
  context.state.parameters = [...new URLSearchParams(context.state.query)];
  return hasBody(context.req) ? addBody(context, next) : next();
};

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';

const addBody: HttpMiddleware = async (context, next) => {
  const { req, state } = context;
  const body = await readBody(req);
  if (body === undefined) return state.refuse(context, 413);
  const given = body === '' ? [] : parametersOf(context, body);
  if (given === undefined) state.malformed = 'the body is neither a form nor a flat JSON object of strings';
  else state.parameters = [...state.parameters, ...given];
  return next();
};

/** Undefined for a body that is neither a form nor a flat JSON object of strings, or that is compressed. */
function parametersOf(context: HttpContext, body: string): readonly Parameter[] | undefined {
  const { 'content-encoding': coding = 'identity' } = context.req.headers;
  if (coding.toLowerCase() !== 'identity') return undefined;
  switch (context.is('application/x-www-form-urlencoded', 'application/json')) {
    case 'application/x-www-form-urlencoded':
      return [...new URLSearchParams(body)];
    case 'application/json':
      return membersOf(body);
    default:
      return undefined;
  }
}

/** The members of a flat JSON object of strings; undefined for all else. */
export function membersOf(json: string): readonly Parameter[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const members = Object.entries(value);
  if (!members.every((member): member is [string, string] => typeof member[1] === 'string')) return undefined;
  // JSON.parse keeps the last of two members of one name. In a flat object of strings there are no other strings.
  const strings = json.match(/"(?:[^"\\]|\\.)*"/g) ?? [];
  return strings.length === 2 * members.length ? members : undefined;
}

/** Undefined for one that is too long; the rest of it is thrown away as it comes. */
export function readBody(request: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size <= MAX_BODY) return;
      request.off('data', take).resume();
      resolve(undefined);
    };
    request.on('data', take);
    request.on('end', () => resolve(Buffer.concat(chunks).toString()));
    request.on('error', reject);
  });
}
