import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Names the folder in which tests keep what the programs under test print, and the secrets that these were given:
 * `npm test` makes it, and looks for the ones in the other when all tests have run. Without it nothing is kept.
 */
export const FOLDER_VARIABLE = 'DYNONYM_KEPT_OUTPUT';

/** Shorter ones might be words of the log that nobody took from there. */
const SHORTEST = 8;

const SECRETS = 'secrets';
const TEXTS = 'texts';

/** A line that shows a secret. */
export type Find = { readonly file: string; readonly line: number };

/** Nobody shall ever print it: a password, a token, the secret of a key, a hash. */
export function keepSecret(...secrets: readonly string[]): void {
  const folder = process.env[FOLDER_VARIABLE];
  if (folder === undefined) return;
  for (const secret of secrets) {
    if (secret.length < SHORTEST) continue;
    appendFileSync(join(folder, `${SECRETS}-${process.pid}`), `${JSON.stringify(secret)}\n`);
  }
}

let texts = 0;

/** Keeps a text that grows, in a file whose name says what it is: a log, an answer of `/metrics`. */
export function keepText(what: string): (text: string) => void {
  const folder = process.env[FOLDER_VARIABLE];
  if (folder === undefined) return () => {};
  mkdirSync(join(folder, TEXTS), { recursive: true });
  texts += 1;
  const file = join(folder, TEXTS, `${process.pid}-${texts}-${what.replace(/[^\w.-]+/g, '_').slice(0, 60)}`);
  return (text) => appendFileSync(file, text);
}

/** Each line of what was kept that shows a secret, as it is or as it stands in a URL. */
export function findSecrets(folder: string): readonly Find[] {
  const secrets = new Set(
    readdirSync(folder)
      .filter((name) => name.startsWith(SECRETS))
      .flatMap((name) => linesOf(join(folder, name)))
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as string)
      .flatMap((secret) => [secret, encodeURIComponent(secret)]),
  );
  if (!existsSync(join(folder, TEXTS))) return [];
  return readdirSync(join(folder, TEXTS)).flatMap((name) => {
    const file = join(folder, TEXTS, name);
    const whole = readFileSync(file, 'utf8');
    // Most have none, and some have many lines.
    const shown = [...secrets].filter((secret) => whole.includes(secret));
    return linesOf(file).flatMap((line, index) =>
      shown.some((secret) => line.includes(secret)) ? [{ file, line: index + 1 }] : [],
    );
  });
}

const linesOf = (file: string): readonly string[] => readFileSync(file, 'utf8').split('\n');
