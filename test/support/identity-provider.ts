import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';
import Provider from 'oidc-provider';

/** How the provider knows the program. */
export const CLIENT = { id: 'dynonym', secret: 'the secret of the client' };

type Account = { readonly email: string; readonly email_verified: boolean };

/**
 * A real OpenID Connect provider. Whoever types a user name in its form is that user; `accounts`
 * has what it says of each.
 *
 * @param redirect the only address to which it sends browsers back
 * @param port 0: one of its own
 */
export async function startIdentityProvider(
  redirect: string,
  accounts: Readonly<Record<string, Account>> = {},
  port = 0,
): Promise<{ readonly issuer: string; stop(): void }> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [redirect],
        post_logout_redirect_uris: [new URL('/?signed-out=', redirect).href],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    findAccount: (_context, sub) => ({
      accountId: sub,
      claims: () => ({ sub, ...accounts[sub] }),
    }),
    pkce: { required: () => true },
    cookies: { keys: ['of a test'] },
  });
  server.on('request', provider.callback());
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  after(stop);
  return { issuer, stop };
}

/**
 * A browser at the provider: signs `user` in, agrees, and gives the address to which the provider sends the browser
 * back.
 */
export async function signInThere(start: string, user: string): Promise<URL> {
  const cookies = new Map<string, string>();
  const { origin } = new URL(start);
  let url = new URL(start);
  let form: URLSearchParams | undefined;
  for (let step = 0; step < 20; step += 1) {
    const response = await fetch(url, {
      method: form === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: { Cookie: [...cookies].map((cookie) => cookie.join('=')).join('; ') },
      ...(form !== undefined && { body: form }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]*)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location !== null) {
      url = new URL(location, url);
      form = undefined;
      if (url.origin !== origin) return url;
      continue;
    }
    const page = await response.text();
    const [, action] = /<form[^>]* action="([^"]*)"/.exec(page) ?? [];
    if (action === undefined) throw new Error(`the provider shows no form: ${response.status} ${page}`);
    const [, prompt = ''] = /name="prompt" value="([^"]*)"/.exec(page) ?? [];
    url = new URL(action, url);
    form = new URLSearchParams(prompt === 'login' ? { prompt, login: user, password: 'any' } : { prompt });
  }
  throw new Error('the provider never sends the browser back');
}
