import type { ImportedData, ImportedSecret } from '../../application/manage/import-users.ts';
import { invalid, type Parsed, valid } from '../../domain/errors.ts';
import { Collected, writtenPassword } from './collected.ts';
import { isObject, textIn } from './json.ts';

/** Reads the YAML configuration of dyndnsd (the server written in Ruby). Its passwords are in clear text. */
export async function parseDyndnsd(text: string): Promise<Parsed<ImportedData>> {
  const configuration = await parseYaml(text);
  if (!configuration.ok) return configuration;
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
    const found = pattern === undefined ? { names } : namedBy(pattern, user);
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

function secretOf(password: unknown): ImportedSecret {
  if (typeof password === 'string') return writtenPassword(password);
  const why = 'its password is no text in the configuration, so it never worked: put it in quotes there';
  return { kind: 'unusable', why };
}

/** Finds the name in a pattern that matches one name only, like `^home\\.example\\.org$`. */
const ONE_NAME = /^(?:\^|\\A)((?:[\w-]|\\[.-])+)(?:\$|\\z)$/;

/** A pattern of somebody else is never run: it could take forever. */
function namedBy(pattern: string, user: string) {
  const [, name] = ONE_NAME.exec(pattern) ?? [];
  if (name !== undefined) return { names: [name.replaceAll('\\', '')] };
  const remark = `its pattern is not read, so it has no names: grant them with dynonym configure users auth ${user}`;
  return { names: [], remarks: [remark] };
}
