import { parseDomainName } from '../../domain/domain-name.ts';
import { type Parsed, valid } from '../../domain/errors.ts';
import { parseTsigAlgorithm, parseTsigSecret, type TsigKey } from '../../domain/tsig-key.ts';

/** One key as `keymgr -t` writes it, and nothing else but comments. */
const KEY = /^key:\s*-\s+id:\s*(\S+)\s+algorithm:\s*(\S+)\s+secret:\s*(\S+)$/;

/** Reads the key from what Knot's `keymgr -t NAME ALGORITHM` writes; undefined when the text has another form. */
export function parseKnotKeyFile(text: string): Parsed<TsigKey> | undefined {
  const [, id, algorithmText, secretText] = KEY.exec(text.replace(/^\s*#.*$/gm, '').trim()) ?? [];
  if (id === undefined || algorithmText === undefined || secretText === undefined) return undefined;
  const name = parseDomainName(id);
  if (!name.ok) return name;
  const algorithm = parseTsigAlgorithm(algorithmText);
  if (!algorithm.ok) return algorithm;
  const secret = parseTsigSecret(secretText);
  if (!secret.ok) return secret;
  return valid({ name: name.value, algorithm: algorithm.value, secret: secret.value });
}
