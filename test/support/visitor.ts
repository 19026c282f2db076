import assert from 'node:assert/strict';
import type { Answer, Service } from '../unit/adapters/http/service.ts';

/** Where the pages are, as browsers see them: behind a proxy with HTTPS. */
export const SITE = 'https://dyn.example.org';

type Sent = {
  /** Fields of the form. */
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
};

/** A browser without JavaScript: it keeps cookies, sends forms that stand on a page, and follows redirects. */
export class Visitor {
  readonly #service: Service;
  readonly #headers: Readonly<Record<string, string>>;
  readonly cookies = new Map<string, string>();
  /** The page that is shown. */
  page: Answer = { status: 0, headers: {}, body: '' };
  path = '';

  /** @param headers of all requests: another language, another address */
  constructor(service: Service, headers: Readonly<Record<string, string>> = {}) {
    this.#service = service;
    this.#headers = headers;
  }

  /** What goes with each request. */
  get requestHeaders(): Readonly<Record<string, string>> {
    return {
      'X-Forwarded-For': '192.0.2.7',
      'X-Forwarded-Proto': 'https',
      'Sec-Fetch-Site': 'same-origin',
      ...(this.cookies.size > 0 && {
        Cookie: [...this.cookies].map((cookie) => cookie.join('=')).join('; '),
      }),
      ...this.#headers,
    };
  }

  async open(path: string, { form, headers }: Sent = {}): Promise<Answer> {
    const answer = await this.#service.ask(path, {
      method: form === undefined ? 'GET' : 'POST',
      headers: { ...this.requestHeaders, ...(form !== undefined && { Origin: SITE }), ...headers },
      ...(form !== undefined && { body: new URLSearchParams(form).toString() }),
    });
    this.#keepCookies(answer);
    if (answer.status === 303) return this.open(String(answer.headers['location']));
    this.page = answer;
    this.path = path;
    return answer;
  }

  /** Sends the form of the page with this action. Fields that the page fills in are sent as they are. */
  send(
    action: string,
    fields: Readonly<Record<string, string>> = {},
    sent: Omit<Sent, 'form'> = {},
  ): Promise<Answer> {
    return this.open(action, { ...sent, form: { ...this.#filledIn(action), ...fields } });
  }

  async signIn(user: string, password: string): Promise<Answer> {
    await this.open('/');
    return this.send('/sign-in', { user, password });
  }

  /** The visible text of the page. */
  get text(): string {
    const [, main = ''] = /<main[^>]*>(.*)<\/main>/s.exec(this.page.body) ?? [];
    return unescaped(main.replace(/<[^>]*>/g, ' '))
      .replace(/\s+/g, ' ')
      .trim();
  }

  #filledIn(action: string): Record<string, string> {
    const forms = [...this.page.body.matchAll(/<form method="post" action="([^"]*)"[^>]*>(.*?)<\/form>/gs)];
    const [, , content] = forms.find(([, target = '']) => unescaped(target) === action) ?? [];
    assert.ok(content !== undefined, `${this.path} has no form for ${action}`);
    const fields = [...content.matchAll(/<input ([^>]*)>/g)].map(([, attributes = '']) => attributes);
    const valueIn = (attributes: string, name: string) =>
      unescaped(new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes)?.[1] ?? '');
    return Object.fromEntries(
      fields
        .filter((attributes) => !/type="(?:radio|checkbox)"/.test(attributes) || / checked/.test(attributes))
        .map((attributes) => [valueIn(attributes, 'name'), valueIn(attributes, 'value')]),
    );
  }

  #keepCookies({ headers }: Answer): void {
    for (const line of [headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]*)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
}

const CHARACTERS: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

const unescaped = (text: string): string =>
  text.replace(/&([a-z]+|#39);/g, (whole, name) => CHARACTERS[name] ?? whole);
