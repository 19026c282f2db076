import type { IncomingMessage } from 'node:http';
import type { Next } from 'koa';
import type { HttpContext, HttpMiddleware } from './context.ts';

/** Octets of a form. Twenty names with all their parameters fit several times. */
const MAX_FORM = 16 * 1024;

/**
 * Collects the parameters of the query and of a form in the body. What is not a form is left unread.
 *
 * Decoding never fails (it is that of the WHATWG URL standard): a percent sign without two digits behind it
 * stays as it is, and makes a value invalid where it does not belong.
 */
export const readParameters: HttpMiddleware = (context, next) => {
  const hasBody = context.method === 'POST' || context.method === 'PUT';
  context.state.parameters = [...new URLSearchParams(context.state.query)];
  return hasBody && context.is('application/x-www-form-urlencoded') ? addForm(context, next) : next();
};

async function addForm(context: HttpContext, next: Next): Promise<void> {
  const form = await readForm(context.req);
  if (form === undefined) return context.state.refuse(context, 413);
  context.state.parameters = [...context.state.parameters, ...new URLSearchParams(form)];
  return next();
}

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
