import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';

export type Claims = Readonly<Record<string, unknown>>;

/** What is wrong with the ID token of a lying provider. */
export type Lie = {
  readonly claims?: Claims;
  /** It is signed by a key that the provider does not publish. */
  readonly key?: KeyObject;
};

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

/**
 * A provider that says what no real one says. It gives an ID token for every code. The code is the nonce, which is
 * right unless the lie has another.
 */
export async function startLyingProvider({ claims, key = privateKey }: Lie): Promise<string> {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const answers: Readonly<Record<string, () => unknown>> = {
      '/.well-known/openid-configuration': () => ({
        issuer,
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
      }),
      '/jwks': () => ({ keys: [{ ...publicKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig' }] }),
      '/token': () => {
        const now = Math.floor(Date.now() / 1000);
        const nonce = new URLSearchParams(body).get('code');
        const right = { iss: issuer, aud: 'dynonym', sub: 'subject-1', iat: now, exp: now + 60, nonce };
        return { access_token: 'a', token_type: 'bearer', id_token: jwt({ ...right, ...claims }, key) };
      },
    };
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(answers[request.url ?? '']?.()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  return issuer;
}

function jwt(claims: Claims, key: KeyObject): string {
  const parts = [{ alg: 'RS256' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const signed = parts.join('.');
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}
