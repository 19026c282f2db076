import type { IncomingMessage } from 'node:http';
import type { HttpMiddleware } from './context.ts';

/** Octets of a form. Twenty names with all their parameters fit several times. */
const MAX_FORM = 16 * 1024;

/**
 * Collects the parameters of the query and of a form in the body. What is not a form is left unread.
 *
 * Decoding never fails (it is that of the WHATWG URL standard): a percent sign without two digits behind it
 * stays as it is, and makes a value invalid where it does not belong.
 */
export const readParameters: HttpMiddleware = async (context, next) => {
  const hasBody = context.method === 'POST' || context.method === 'PUT';
  const form = hasBody && context.is('application/x-www-form-urlencoded') ? await readForm(context.req) : '';
  if (form === undefined) {
    context.state.refuse(context, 413);
    return;
  }
  const inQuery = new URLSearchParams(context.state.query);
  context.state.parameters = form === '' ? [...inQuery] : [...inQuery, ...new URLSearchParams(form)];
  return next();
};

/** Undefined for one that is too long; the rest of it is thrown away as it comes. */
function readForm(request: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size <= MAX_FORM) return;
      request.off('data', take).resume();
      resolve(undefined);
    };
    request.on('data', take);
    request.on('end', () => resolve(Buffer.concat(chunks).toString()));
    request.on('error', reject);
  });
}
