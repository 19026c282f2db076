import type { ImportedData } from '../../application/manage/import-users.ts';
import { type DomainName, parseDomainName } from '../../domain/domain-name.ts';
import { invalid, type Parsed, valid } from '../../domain/errors.ts';
import { Collected } from './collected.ts';
import { isObject, type JsonObject, parseJson, textIn } from './json.ts';

const NO_RECORDS =
  "it has no accounts of acme-dns; make it with: sqlite3 -json acme-dns.db 'select * from records'";

/**
 * Reads what `sqlite3 -json acme-dns.db 'select * from records'` prints, or PostgreSQL for the same table, whose columns
 * are in lower case. The database does not know the zone.
 *
 * @param zone the domain that acme-dns serves: the challenge name of an account is its subdomain there
 */
export function parseAcmeDns(text: string, zone: DomainName): Parsed<ImportedData> {
  // sqlite3 prints nothing at all for an empty table.
  const json = text.trim() === '' ? valid([]) : parseJson(text);
  if (!json.ok) return json;
  if (!Array.isArray(json.value) || !json.value.every(isObject)) return invalid(NO_RECORDS);
  const rows = json.value.map(inLowerCase);
  if (
    rows.length === 0 ||
    !rows.every((row) => 'username' in row && 'subdomain' in row && 'password' in row)
  ) {
    return invalid(NO_RECORDS);
  }
  const collected = new Collected();
  for (const row of rows) {
    const user = textIn(row, 'username') ?? '';
    const challenge = parseDomainName(`${textIn(row, 'subdomain') ?? ''}.${zone}`);
    const networks = networksIn(textIn(row, 'allowfrom') ?? '');
    if (!challenge.ok) collected.leave('user', user, `its subdomain: ${challenge.reason}`);
    else if (networks === undefined) collected.leave('user', user, 'its list of networks cannot be read');
    else {
      const secret = { kind: 'hash', hash: textIn(row, 'password') ?? '' } as const;
      collected.addAccount({ user, secret, names: [], networks, challenge: challenge.value });
    }
  }
  return valid(collected);
}

const inLowerCase = (row: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(row).map(([column, value]) => [column.toLowerCase(), value]));

/** The column is a list in JSON. Undefined where it is something else. */
function networksIn(text: string): readonly string[] | undefined {
  if (text === '') return [];
  const list = parseJson(text);
  if (!list.ok) return undefined;
  if (list.value === null) return [];
  return Array.isArray(list.value) && list.value.every((one) => typeof one === 'string')
    ? list.value
    : undefined;
}
