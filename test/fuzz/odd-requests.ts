import type { Random } from '../support/random.ts';

/** Addresses that a client would like to be taken for: those of the proxy, of others, and what is none. */
const FORGED = [
  ...['127.0.0.1', '127.0.0.1:80', '203.0.113.9', '198.51.100.7, 127.0.0.1', '127.0.0.1, 127.0.0.1', '::1'],
  ...[
    '::ffff:127.0.0.1',
    '[2001:db8::9]:1',
    'unknown',
    '_hidden',
    '',
    ',',
    ', ,',
    '"',
    '\\',
    '999.1.1.1',
    'x',
  ],
] as const;

const NAMES = [
  ...['X-Forwarded-For', 'x-forwarded-for', 'X-FORWARDED-FOR', 'X-Forwarded-For ', ' X-Forwarded-For'],
  ...['X_Forwarded_For', 'X-Forwarded-For\0', 'X-Real-IP', 'Client-IP', 'X-Forwarded', 'Via'],
] as const;

const FORWARDED = [
  ...['for=127.0.0.1', 'for="127.0.0.1', 'for=203.0.113.9, for=127.0.0.1', 'for="[::1]";by=x', 'For=_x'],
  ...['for=127.0.0.1;for=203.0.113.9', ';', ',', '"', 'for=unknown', 'proto=https', 'for="\\"'],
] as const;

const TARGETS = [
  ...['/ip', '/ip', '/ip', '/checkip', '//ip', '/ip?x=1', '/IP/', '/nic/update?hostname=home.example.org'],
  ...['http://example.org/ip', 'http://127.0.0.1/ip', 'https://example.org/ip', '/../ip', '/ip%00', '*'],
] as const;

type Part = (random: Random) => string;

/** Each gives some header fields, with their line ends. */
const FIELDS: readonly Part[] = [
  (random) => `${random.pick(NAMES)}: ${random.pick(FORGED)}\r\n`,
  (random) => `X-Forwarded-For: ${random.pick(FORGED)}\r\nx-forwarded-for: ${random.pick(FORGED)}\r\n`,
  (random) => `Forwarded: ${random.pick(FORWARDED)}\r\n`,
  (random) => `Forwarded: ${random.pick(FORWARDED)}\r\nForwarded: ${random.pick(FORWARDED)}\r\n`,
  (random) => `X-Forwarded-For: ${random.pick(FORGED)}\r\nForwarded: ${random.pick(FORWARDED)}\r\n`,
  // A field that goes on in the next line (obs-fold, RFC 9112 section 5.2).
  (random) => `X-A: 1\r\n X-Forwarded-For: ${random.pick(FORGED)}\r\n`,
  (random) => `X-Forwarded-For:\r\n ${random.pick(FORGED)}\r\n`,
  (random) => `X-Forwarded-For: ${random.pick(FORGED)}\0\r\n`,
  (random) => `X-Forwarded-For: ${random.pick(FORGED)}\n`,
  (random) => `X-A: 1\rX-Forwarded-For: ${random.pick(FORGED)}\r\n`,
  // A proxy that does as it is told drops its own field.
  () => 'Connection: X-Forwarded-For, Forwarded\r\n',
  () => 'Connection: close, X-Forwarded-For\r\n',
  (random) => 'B:\r\n'.repeat(random.pick([900, 998, 1_000, 1_001, 2_000, 3_000])),
  (random) => 'X-Forwarded-For: 127.0.0.1\r\n'.repeat(random.pick([2, 50, 300])),
  (random) => `X-Long: ${'x'.repeat(random.pick([4_000, 8_000, 16_000, 40_000]))}\r\n`,
  (random) => `X-Forwarded-For: ${'203.0.113.9, '.repeat(random.pick([100, 600, 1_500]))}127.0.0.1\r\n`,
  () => 'Host: other.example.org\r\n',
  () => 'Expect: 100-continue\r\n',
  () => 'Upgrade: h2c\r\nConnection: Upgrade\r\n',
];

/** Each gives the fields of a body and the body. */
const BODIES: readonly Part[] = [
  () => 'Content-Length: 5\r\n\r\nx=1&y',
  () => 'Content-Length: 5\r\nContent-Length: 5\r\n\r\nx=1&y',
  () => 'Content-Length: 5\r\nContent-Length: 0\r\n\r\nx=1&y',
  () => 'Transfer-Encoding: chunked\r\n\r\n5\r\nx=1&y\r\n0\r\n\r\n',
  () => 'Transfer-Encoding: chunked\r\n\r\n5;x=y\r\nx=1&y\r\n0\r\nX-Forwarded-For: 127.0.0.1\r\n\r\n',
  () => 'Transfer-Encoding: chunked\r\n\r\nzz\r\n',
  () => 'Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n',
  () => 'Transfer-Encoding: xchunked\r\nContent-Length: 0\r\n\r\n',
  () => 'Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n',
  // What a server that counts otherwise takes for the next request of somebody else.
  () => 'Content-Length: 48\r\n\r\nGET /ip HTTP/1.1\r\nX-Forwarded-For: 203.0.113.9\r\n',
  () => 'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
];

/**
 * A request with some oddities. Its User-Agent says who sends it, so that the log shows who it was and for whom it
 * was taken.
 */
export function oddRequest(random: Random, sender: string): string {
  const version = random.below(8) === 0 ? '1.0' : '1.1';
  const method = random.pick(['GET', 'GET', 'GET', 'POST']);
  const fields = Array.from({ length: random.below(4) }, () => random.pick(FIELDS)(random));
  const rest = method === 'POST' ? random.pick(BODIES)(random) : '\r\n';
  return (
    `${method} ${random.pick(TARGETS)} HTTP/${version}\r\n` +
    `Host: ddns.example.org\r\nUser-Agent: ${sender}\r\n${fields.join('')}${rest}`
  );
}

/** A request without any oddity that is the last of its connection. */
export const lastRequest = (sender: string): string =>
  `GET /ip HTTP/1.1\r\nHost: ddns.example.org\r\nUser-Agent: ${sender}\r\nConnection: close\r\n\r\n`;
