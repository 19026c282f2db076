import { parseDomainName } from '../../domain/domain-name.ts';
import { invalid, type Parsed, valid } from '../../domain/errors.ts';
import { parseTsigAlgorithm, parseTsigSecret, type TsigKey } from '../../domain/tsig-key.ts';

/** One key as `keymgr -t` writes it, alone in the file. Values may be quoted. */
const KEY = /^key:\s*-\s+id:\s*"?([^\s"]+)"?\s+algorithm:\s*"?([^\s"]+)"?\s+secret:\s*"?([^\s"]+)"?$/;

/** Reads the key that Knot's `keymgr -t NAME ALGORITHM` wrote. Undefined when the text is not a file of Knot. */
export function parseKnotKeyFile(text: string): Parsed<TsigKey> | undefined {
  const content = text.replaceAll(/^\s*#.*$/gm, '').trim();
  const [, id, algorithmText, secretText] = KEY.exec(content) ?? [];
  if (id === undefined || algorithmText === undefined || secretText === undefined) {
    return /^key:\s*$/m.test(content) ? invalid(NOT_ALONE) : undefined;
  }
  const name = parseDomainName(id);
  if (!name.ok) return name;
  const algorithm = parseTsigAlgorithm(algorithmText);
  if (!algorithm.ok) return algorithm;
  const secret = parseTsigSecret(secretText);
  if (!secret.ok) return secret;
  return valid({ name: name.value, algorithm: algorithm.value, secret: secret.value });
}

const NOT_ALONE =
  'it is a configuration of Knot; leave one key in it, with id, algorithm and secret, as keymgr -t writes it';
