import { timingSafeEqual } from 'node:crypto';
import { html } from './html.ts';
import { show } from './layout.ts';
import type { PageServices } from './page-services.ts';
import type { PageMiddleware } from './visit.ts';

/** Nothing comes from elsewhere, nothing runs inline, and no other page frames ours. */
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; " +
    "base-uri 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
  'Referrer-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
} as const;

export const setSecurityHeaders: PageMiddleware = (context, next) => {
  context.set(HEADERS);
  if (context.state.secure) context.set('Strict-Transport-Security', 'max-age=31536000');
  return next();
};

/** Refuses plain HTTP, unless the configured address of the pages uses it. Such an address is on this machine. */
export function refuseInsecure({ web }: PageServices): PageMiddleware {
  return (context, next) => {
    if (context.state.secure || web.url.protocol === 'http:') return next();
    const { fault } = context.state.visit.words;
    const content = html`<p>${fault.insecureLead} <a href="${web.url.href}">${web.url.href}</a></p>`;
    return show(context, { title: fault.insecure, content, status: 403 });
  };
}

/**
 * Lets a form through that one of our pages sent: the browser names our origin, and the form has the token of this
 * browser. Browsers send `Origin` or `Sec-Fetch-Site` with every form; programs that send neither need the token.
 */
export function refuseForgery({ web }: PageServices): PageMiddleware {
  return (context, next) => {
    if (context.method !== 'POST') return next();
    const { words, formToken } = context.state.visit;
    const { origin, 'sec-fetch-site': site } = context.req.headers;
    const isOurs =
      (origin === undefined || origin === web.url.origin) && (site === undefined || site === 'same-origin');
    if (isOurs && isSame(context.state.form['form'] ?? '', formToken)) return next();
    const { fault } = words;
    return show(context, { title: fault.form, content: html`<p>${fault.formLead}</p>`, status: 403 });
  };
}

/** The fields of a form. Of a field that comes several times, the first value counts. */
export function formOf(body: string): Readonly<Record<string, string>> {
  return Object.fromEntries([...new URLSearchParams(body)].reverse());
}

function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** Shows the sign-in page in place of a page that needs a user. */
export const needUser: PageMiddleware = (context, next) => {
  if (context.state.visit.signedIn !== undefined) return next();
  context.redirect(`/?next=${encodeURIComponent(context.path)}`);
  context.status = 303;
  return undefined;
};
