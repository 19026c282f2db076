import type { ImportedData, ImportedSecret } from '../../application/manage/import-users.ts';
import { invalid, type Parsed, valid } from '../../domain/errors.ts';
import { Collected, writtenPassword } from './collected.ts';

/** Columns that a table may have. The first line names those that it has. */
const COLUMNS = ['user', 'password', 'hash', 'names'] as const;
type Column = (typeof COLUMNS)[number];

/** Reads a table (RFC 4180) of users. A user without password and hash gets a token. */
export async function parseCsv(text: string): Promise<Parsed<ImportedData>> {
  // Most programs never read a table.
  const { default: papa } = await import('papaparse');
  const { data: rows, errors } = papa.parse<string[]>(text.replace(/^\uFEFF/, ''), { delimiter: ',' });
  const lines = linesOf(rows);
  const [problem] = errors;
  if (problem !== undefined) {
    return invalid(
      `line ${lines[problem.row ?? 0] ?? 1}: a quote (") is open, or not doubled inside of quotes`,
    );
  }
  const header = (rows[0] ?? []).map((cell) => cell.trim().toLowerCase());
  if (!header.includes('user')) {
    return invalid(`line 1: the first line names the columns: ${COLUMNS.join(',')}, of which user is needed`);
  }
  const unknown = header.find((name, index) => !isColumn(name) || header.indexOf(name) !== index);
  if (unknown !== undefined) {
    return invalid(
      `line 1: ${JSON.stringify(unknown)} is no column, or there twice; columns are ${COLUMNS.join(',')}`,
    );
  }
  const collected = new Collected();
  for (const [index, row] of rows.entries()) {
    if (index === 0 || (row.length === 1 && row[0]?.trim() === '')) continue;
    if (row.length !== header.length) {
      return invalid(`line ${lines[index]}: it has ${row.length} cells, and the first line ${header.length}`);
    }
    const cell = (name: Column) => row[header.indexOf(name)] ?? '';
    collected.addAccount({
      user: cell('user').trim(),
      secret: secretOf(cell('password'), cell('hash').trim()),
      names: cell('names')
        .split(/[\s;]+/)
        .filter((name) => name !== ''),
    });
  }
  return valid(collected);
}

const isColumn = (name: string): name is Column => COLUMNS.some((column) => column === name);

function secretOf(password: string, hash: string): ImportedSecret {
  if (password !== '' && hash !== '') {
    return { kind: 'unusable', why: 'it has a password and a hash, and nobody knows which one counts' };
  }
  if (hash !== '') return { kind: 'hash', hash };
  return password === ''
    ? { kind: 'unusable', why: 'the table has no password for it' }
    : writtenPassword(password);
}

/** The line on which each row begins: a cell in quotes may have several. */
function linesOf(rows: readonly (readonly string[])[]): readonly number[] {
  let line = 1;
  return rows.map((row) => {
    const begins = line;
    line += 1 + row.join('').split('\n').length - 1;
    return begins;
  });
}
