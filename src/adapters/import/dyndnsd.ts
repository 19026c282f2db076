import type { ImportedData, ImportedSecret } from '../../application/manage/import-users.ts';
import { invalid, type Parsed, valid } from '../../domain/errors.ts';
import { Collected, writtenPassword } from './collected.ts';
import { isObject, parseJson, textIn } from './json.ts';
import { rubyPattern } from './ruby-pattern.ts';

/**
 * Reads the YAML configuration of dyndnsd (the server written in Ruby). Its passwords are in clear text.
 *
 * @param database what is in its JSON database, which knows the names that were updated. Needed for users with a pattern
 *   in place of names.
 */
export async function parseDyndnsd(text: string, database?: string): Promise<Parsed<ImportedData>> {
  const configuration = await parseYaml(text);
  if (!configuration.ok) return configuration;
  const known = database === undefined ? valid([]) : namesIn(database);
  if (!known.ok) return known;
  const users = isObject(configuration.value) ? configuration.value['users'] : undefined;
  if (!isObject(users)) return invalid('it is no configuration of dyndnsd: it has no "users:"');

  const collected = new Collected();
  for (const [user, settings] of Object.entries(users)) {
    if (!isObject(settings)) {
      collected.leave('user', user, 'it has no settings');
      continue;
    }
    const secret = secretOf(settings['password']);
    const pattern = textIn(settings, 'regex');
    const hosts = settings['hosts'];
    const names = Array.isArray(hosts) ? hosts.filter((host) => typeof host === 'string') : [];
    const found =
      pattern === undefined ? { names, remarks: [] } : matching(pattern, known.value, database !== undefined);
    collected.addAccount({ user, secret, offline: true, ...found });
  }
  return valid(collected);
}

async function parseYaml(text: string): Promise<Parsed<unknown>> {
  // Most programs never read YAML.
  const { parseDocument } = await import('yaml');
  // Ruby reads YAML 1.1, in which `yes` is no text.
  const document = parseDocument(text, { version: '1.1', prettyErrors: true });
  const [problem] = document.errors;
  if (problem !== undefined) {
    // The rest of the message repeats the text, in which the passwords are.
    const line = problem.linePos?.[0].line;
    return invalid(`line ${line ?? 1}: it is no YAML (${problem.code.toLowerCase().replaceAll('_', ' ')})`);
  }
  try {
    return valid(document.toJS({ maxAliasCount: 100 }));
  } catch {
    return invalid('it is no configuration of dyndnsd: its aliases have no end');
  }
}

/** The names in the database: `{"serial":7,"hosts":{"home.example.org":["203.0.113.7"]}}`. */
function namesIn(database: string): Parsed<readonly string[]> {
  const json = parseJson(database);
  if (!json.ok) return invalid(`the database: ${json.reason}`);
  const hosts = isObject(json.value) ? (json.value['hosts'] ?? {}) : undefined;
  return isObject(hosts) ? valid(Object.keys(hosts)) : invalid('the database: it has no "hosts"');
}

function secretOf(password: unknown): ImportedSecret {
  if (typeof password === 'string') return writtenPassword(password);
  const why = 'its password is no text in the configuration, so it never worked: put it in quotes there';
  return { kind: 'unusable', why };
}

/** A pattern admits names that nobody has used yet. Here, users have names. */
function matching(pattern: string, known: readonly string[], isGiven: boolean) {
  const expression = rubyPattern(pattern);
  const grant = 'grant others with dynonym configure users auth';
  if (expression === undefined) {
    return { names: [], remarks: [`its pattern cannot be read here, so it has no names; ${grant}`] };
  }
  const names = known.filter((name) => expression.test(name));
  const found = isGiven
    ? 'of the names that match its pattern, those in the database'
    : 'it has a pattern: no names';
  return { names, remarks: [`${found}; ${grant}${isGiven ? '' : ', or give --database FILE'}`] };
}
