import { invalid, type Parsed, valid } from './errors.ts';

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/**
 * Reads the address under which browsers reach the pages: scheme, host and port, without a path. Passwords travel
 * there, so it is HTTPS, or plain HTTP on this machine alone.
 */
export function parseWebOrigin(text: string): Parsed<string> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (url === undefined || !isWeb || url.href !== `${url.origin}/`) {
    return invalid('an address without a path is expected, such as https://dyn.example.org');
  }
  return url.protocol === 'https:' || LOOPBACK.test(url.hostname)
    ? valid(url.origin)
    : invalid(
        'the address begins with https://, or names this machine (http://localhost:8053), because passwords go there',
      );
}

/** Reads the issuer identifier of an OpenID Connect provider (OpenID Connect Core, section 2): an address, perhaps with a path. */
export function parseIssuer(text: string): Parsed<string> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || /[?#@\s]/.test(text)) {
    return invalid('an address is expected, such as https://login.example.org');
  }
  return url.protocol === 'https:' || LOOPBACK.test(url.hostname)
    ? valid(text)
    : invalid('it begins with https://, or names this machine');
}
