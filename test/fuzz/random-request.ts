import type { Random } from '../support/random.ts';

export const WRONG = 'wrong-password-of-alice';

export const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

const METHODS = [
  'GET',
  'POST',
  'PUT',
  'HEAD',
  'DELETE',
  'OPTIONS',
  'CONNECT',
  'TRACE',
  'BREW',
  'get',
  '',
] as const;
const PATHS = [
  ...[
    '/nic/update',
    '/v3/update',
    '/update',
    '/dns/update',
    '/',
    '/ip',
    '/checkip',
    '//nic/update',
    '*',
    '%',
  ],
  ...['http://example.org/nic/update', '/nic/update%20http://x/nic/update', '/../etc/passwd', '/\0', ''],
  // What URL parsers take for a host, and refuse.
  ...['/\\a@[b#', '/\\[', 'ftp:\\\\[b', 'http:/\\[b/ip', '/nic/update\\'],
] as const;
const NAMES = [
  'hostname',
  'myip',
  'myipv6',
  'domain',
  'ipv4',
  'username',
  'password',
  'offline',
  'x',
] as const;
const VALUES = [
  ...['home.example.org', 'a.example.org,b.example.org', '192.0.2.1', '2001:db8::1', '2001:db8::/56', 'YES'],
  ...['alice', WRONG, '<ip6addr>', '%', '%00', '..', 'x'.repeat(300), '', ','.repeat(100), '🦉'],
] as const;
const FIELDS = [
  `Authorization: ${basic('alice', WRONG)}`,
  `Authorization: Bearer ${WRONG}`,
  'Authorization: Basic !!!',
  'X-Forwarded-For: 203.0.113.9, 127.0.0.1',
  'Forwarded: for="[2001:db8::9]:1"',
  'Accept: application/json',
  'Content-Length: 5',
  'Content-Length: -1',
  'Transfer-Encoding: chunked',
  'Content-Type: application/x-www-form-urlencoded',
  'Expect: 100-continue',
  'Expect: a-miracle',
  'Upgrade: websocket',
  ': nothing',
  'X: \x01',
] as const;

/** Mostly a request, sometimes one that was cut or changed, sometimes mere octets. */
export function randomRequest(random: Random): Buffer {
  const kind = random.below(10);
  if (kind === 0) return random.octets(random.below(400));
  const parameters = Array.from(
    { length: random.below(6) },
    () => `${random.pick(NAMES)}=${random.pick(VALUES)}`,
  );
  const fields = Array.from({ length: random.below(4) }, () => random.pick(FIELDS));
  const head = [
    `${random.pick(METHODS)} ${random.pick(PATHS)}?${parameters.join('&')} HTTP/1.${random.below(3)}`,
    'Connection: close',
    ...fields,
  ];
  const request = Buffer.from(
    `${head.join('\r\n')}\r\n\r\n${random.pick(['', 'x=1', '5\r\nhello\r\n0\r\n\r\n'])}`,
  );
  if (kind === 1) return request.subarray(0, random.below(request.length));
  if (kind === 2) request[random.below(request.length)] = random.below(256);
  return request;
}
