import type { Next, ParameterizedContext } from 'koa';
import type { SignedIn } from '../../application/login/sessions.ts';
import type { SocketAddress } from '../../domain/socket-address.ts';
import { de } from './catalogue.de.ts';
import { type Catalogue, en } from './catalogue.en.ts';
import type { PageServices } from './page-services.ts';

/** What is known of a visit to a page: who, in which language, and the token that the forms of the page carry. */
export type Visit = {
  readonly words: Catalogue;
  readonly signedIn: SignedIn | undefined;
  /** Empty while it is not known who visits: such a page has no forms. */
  readonly formToken: string;
};

/** `query`, `client`, `secure`, `readBody`, `pathForLog` and `refuse` come from the HTTP interface, before a page is asked. */
export type PageState = {
  readonly query: string;
  readonly client: SocketAddress;
  readonly secure: boolean;
  readonly readBody: () => Promise<string | undefined>;
  /** The path without secrets. */
  readonly pathForLog: () => string;
  /** Answers with an error in the words of the HTTP interface. */
  readonly refuse: (context: PageContext, status: 405) => void;
  visit: Visit;
  /** The fields of the form that was sent. */
  form: Readonly<Record<string, string>>;
};

export type PageContext = ParameterizedContext<PageState>;
export type PageMiddleware = (context: PageContext, next: Next) => Promise<void> | void;

const LANGUAGES = { en, de } as const;
const YEAR = 365 * 24 * 60 * 60 * 1000;

/** Finds the language. It needs no store, so the page that says that the database is away has its words too. */
export function chooseLanguage({ web }: PageServices): PageMiddleware {
  const { language } = cookiesOf(web.url);
  return (context, next) => {
    const chosen = context.cookies.get(language) ?? context.acceptsLanguages('en', 'de');
    const words = chosen === 'de' ? LANGUAGES.de : LANGUAGES.en;
    context.set('Content-Language', words.code);
    context.set('Vary', 'Accept-Language, Cookie');
    context.state.visit = { words, signedIn: undefined, formToken: '' };
    return next();
  };
}

/** Finds the session, and the secret to which the forms of this browser are bound. */
export function openVisit({ sessions, tokens, web }: PageServices): PageMiddleware {
  const cookies = cookiesOf(web.url);
  return async (context, next) => {
    // A proxy may have taken the HTTPS off, which Koa cannot see.
    context.cookies.secure = cookies.options.secure;
    const secret = context.cookies.get(cookies.session);
    const { address } = context.state.client;
    const signedIn = secret === undefined ? undefined : await sessions.find(secret, address);
    let bound = signedIn === undefined ? context.cookies.get(cookies.visit) : secret;
    if (bound === undefined) {
      bound = tokens.issue();
      context.cookies.set(cookies.visit, bound, cookies.options);
    }
    const { words } = context.state.visit;
    context.state.visit = { words, signedIn, formToken: tokens.digestOf(`form ${bound}`) };
    await next();
  };
}

/** Names and attributes of the cookies. `__Host-` makes browsers refuse one that another host or plain HTTP set. */
export function cookiesOf(url: URL) {
  const secure = url.protocol === 'https:';
  const prefix = secure ? '__Host-' : '';
  return {
    session: `${prefix}session`,
    visit: `${prefix}visit`,
    language: `${prefix}language`,
    options: { secure, httpOnly: true, sameSite: 'lax', path: '/', overwrite: true, signed: false } as const,
    languageAge: YEAR,
  };
}

/**
 * What a page says of the change that led to it: the sentence for the word `done` of its query. Anybody may have
 * written that word, so one without a sentence says nothing.
 */
export function doneIn<Said>(
  { state }: PageContext,
  sentences: Readonly<Record<string, Said>>,
): Said | undefined {
  const word = new URLSearchParams(state.query).get('done') ?? '';
  return Object.hasOwn(sentences, word) ? sentences[word] : undefined;
}

/** Who is signed in, behind `needUser`. */
export function signedInOf({ state }: PageContext): SignedIn {
  const { signedIn } = state.visit;
  if (signedIn === undefined) throw new TypeError('a page that needs a user was asked without one');
  return signedIn;
}

/** Changes in the name of whoever is signed in, behind `needUser`. */
export const manageBy = (context: PageContext, { manageAs }: Pick<PageServices, 'manageAs'>) =>
  manageAs({ by: signedInOf(context).user.name, way: 'page' });

/** Sends the browser on to another page. */
export function goTo(context: PageContext, path: string): void {
  context.redirect(path);
  context.status = 303;
}

/** A path of this server. `//host` and `/\host` would lead elsewhere. */
export const isOwnPath = (path: string): boolean => /^\/(?![/\\])[\x21-\x7e]*$/.test(path);
