import { parseDomainName } from '../../domain/domain-name.ts';
import { invalid, type Parsed, valid } from '../../domain/errors.ts';
import { parseTsigAlgorithm, parseTsigSecret, type TsigKey } from '../../domain/tsig-key.ts';
import { parseKnotKeyFile } from './knot-key-file.ts';

type Token = {
  readonly kind: 'word' | 'string' | 'mark';
  readonly text: string;
  readonly line: number;
};

/** A key statement as it was found. Its clauses are read after it is known to be the only one. */
type KeyStatement = { readonly name: Token; readonly clauses: readonly (readonly Token[])[] };

/**
 * One token of BIND's configuration language, or a gap between two. Comments are those of the shell, of C and of C++.
 * Two slashes inside a word do not begin a comment, because base64 may have them.
 */
const TOKEN =
  /(?<gap>\s+|(?:#|\/\/).*|\/\*[\s\S]*?\*\/)|"(?<string>(?:[^"\\\n]|\\.)*)"|(?<mark>[{};])|(?<word>(?:(?!\/\*)[^\s{};"#])+)/gy;

/**
 * Reads the key from a file of `tsig-keygen`, `ddns-confgen` or `rndc-confgen` (BIND), or of `keymgr` (Knot). A reason
 * never repeats a value, because it may be the secret.
 */
export function parseTsigKeyFile(text: string): Parsed<TsigKey> {
  return parseKnotKeyFile(text) ?? parseBindKeyFile(text);
}

/** Reads a statement `key "name" { algorithm …; secret "…"; };`. Comments and other statements may stand beside it. */
function parseBindKeyFile(text: string): Parsed<TsigKey> {
  const tokens = tokenize(text);
  if (!tokens.ok) return tokens;
  const keys = keyStatements(tokens.value);
  if (!keys.ok) return keys;

  const [key, ...others] = keys.value;
  if (key === undefined) return invalid('no key "name" { algorithm …; secret "…"; }; is in it');
  if (others.length > 0) {
    const names = keys.value.map(({ name }) => JSON.stringify(name.text)).join(', ');
    return invalid(`it holds ${keys.value.length} keys (${names}); leave one of them`);
  }
  return judge(key);
}

function tokenize(text: string): Parsed<readonly Token[]> {
  const tokens: Token[] = [];
  let line = 1;
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    const { string, mark, word } = match.groups ?? {};
    if (string !== undefined) tokens.push({ kind: 'string', text: string.replace(/\\(.)/g, '$1'), line });
    if (mark !== undefined) tokens.push({ kind: 'mark', text: mark, line });
    if (word !== undefined) tokens.push({ kind: 'word', text: word, line });
    line += match[0].split('\n').length - 1;
    end = match.index + match[0].length;
  }
  // The expression matches everything but the beginning of a string or comment that is not closed.
  return end === text.length
    ? valid(tokens)
    : invalid(`line ${line}: a ${text[end] === '"' ? 'string' : 'comment'} is not closed`);
}

/** Finds the key statements at any depth: `key`, a name and a block. `key "name";` is only a reference to one. */
function keyStatements(tokens: readonly Token[]): Parsed<readonly KeyStatement[]> {
  const keys: KeyStatement[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const [token, name, brace] = tokens.slice(index, index + 3);
    const begins = index === 0 || tokens[index - 1]?.kind === 'mark';
    if (!begins || token?.kind !== 'word' || token.text !== 'key') continue;
    if (name === undefined || name.kind === 'mark' || !isMark(brace, '{')) continue;

    const inside = index + 3;
    let end = inside;
    while (end < tokens.length && !isMark(tokens[end], '}')) end += 1;
    if (end === tokens.length) return invalid(`line ${token.line}: the key is not closed`);
    keys.push({ name, clauses: clausesOf(tokens.slice(inside, end)) });
    index = end;
  }
  return valid(keys);
}

function clausesOf(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const clauses: Token[][] = [[]];
  for (const token of tokens) {
    if (isMark(token, ';')) clauses.push([]);
    else clauses.at(-1)?.push(token);
  }
  return clauses.filter((clause) => clause.length > 0);
}

function judge({ name, clauses }: KeyStatement): Parsed<TsigKey> {
  const values = new Map<string, Token>();
  for (const [what, value, ...rest] of clauses) {
    const known = what?.text === 'algorithm' || what?.text === 'secret';
    if (!known || value === undefined || value.kind === 'mark' || rest.length > 0) {
      return invalid(`line ${what?.line}: a key has an algorithm and a secret, nothing else`);
    }
    if (values.has(what.text)) return invalid(`line ${what.line}: the key has two of "${what.text}"`);
    values.set(what.text, value);
  }

  const keyName = at(name, parseDomainName);
  if (!keyName.ok) return keyName;
  const [algorithmText, secretText] = [values.get('algorithm'), values.get('secret')];
  if (algorithmText === undefined) return invalid(`line ${name.line}: the key has no algorithm`);
  if (secretText === undefined) return invalid(`line ${name.line}: the key has no secret`);
  const algorithm = at(algorithmText, parseTsigAlgorithm);
  if (!algorithm.ok) return algorithm;
  const secret = at(secretText, parseTsigSecret);
  if (!secret.ok) return secret;
  return valid({ name: keyName.value, algorithm: algorithm.value, secret: secret.value });
}

function at<Value>(token: Token, parse: (text: string) => Parsed<Value>): Parsed<Value> {
  const parsed = parse(token.text);
  return parsed.ok ? parsed : invalid(`line ${token.line}: ${parsed.reason}`);
}

function isMark(token: Token | undefined, mark: string): boolean {
  return token?.kind === 'mark' && token.text === mark;
}
