import { open, rm } from 'node:fs/promises';
import { Option, UsageError } from 'clipanion';
import type { ImportedData, ImportLine } from '../../../application/manage/import-users.ts';
import type { KeepSecrets } from '../../../application/manage/manage-users.ts';
import type { Parsed } from '../../../domain/errors.ts';
import { systemCodeOf, unwritableReason } from '../../files/system-error.ts';
import { BaseCommand } from '../base.command.ts';
import type { Import } from '../context.ts';
import { readText } from '../options.ts';
import { quoted } from '../output.ts';
import { table } from '../table.ts';

/** The part of the help that all sources share. */
export const OF_ALL_SOURCES = `
      Users and hosts that exist here stay as they are, so the command can be repeated. All new users are added at
      once, or nobody. The report has a line for each user and host: taken, changed (taken, but something is
      different from there), or left, and why.

      Passwords whose hash can be verified here stay good, and so do those in clear text, of which a new hash is
      stored. All other users get an update token. The tokens are written into the new file of \`--tokens\`, one line
      for each: the user, a colon and the token. Only the owner of that file can read it. The report has no secrets.`;

/** Takes over what another server knows of its users and hosts. */
export abstract class ImportCommand extends BaseCommand {
  file = Option.String({ name: 'FILE' });
  dryRun = Option.Boolean('--dry-run', false, { description: 'only report what would be done' });
  tokens = Option.String('--tokens', { description: 'the new `FILE` for the tokens that users get' });
  json = Option.Boolean('--json', false, { description: 'print JSON, whose fields stay the same' });

  /** Reads what the source has. */
  protected abstract read(opened: Import, text: string): Promise<Parsed<ImportedData>>;

  override async execute(): Promise<number> {
    const opened = await this.context.openImport(this.configFile);
    const text = await readText('FILE', this.file);
    const data = await this.read(opened, text);
    if (!data.ok) throw new UsageError(`FILE ${quoted(this.file)}: ${data.reason}`);
    const { tokens, dryRun } = this;
    const keep = tokens === undefined ? undefined : keepIn(tokens);
    const outcome = await this.#undoing(keep, () =>
      opened.importUsers.execute(data.value, { dryRun, keep: keep?.write }),
    );
    switch (outcome.kind) {
      case 'tokens-needed':
        return this.refuse(
          `${count(outcome.users.length, 'user')} will get a token, because no password of theirs can be used here: ` +
            'say with --tokens FILE where the tokens are to be written (--dry-run tells who); nothing was imported',
        );
      case 'overtaken':
        return this.refuse(
          `somebody has added ${outcome.users.map(quoted).join(', ')} meanwhile; nothing was imported: try again`,
        );
      case 'done':
        return this.#report(outcome.lines);
    }
  }

  /** A file of tokens that are not in force would mislead. */
  async #undoing<Outcome extends { kind: string }>(
    keep: Keep | undefined,
    action: () => Promise<Outcome>,
  ): Promise<Outcome> {
    let done = false;
    try {
      const outcome = await action();
      done = outcome.kind === 'done';
      return outcome;
    } finally {
      if (!done) await keep?.undo();
    }
  }

  async #report(lines: readonly ImportLine[]): Promise<number> {
    const of = (what: ImportLine['what'], ...outcomes: readonly ImportLine['outcome'][]) =>
      lines.filter((line) => line.what === what && outcomes.includes(line.outcome)).length;
    if (this.json) await this.doneAsJson(lines.map(asJson));
    else if (lines.length > 0) await this.print(table([HEADINGS, ...lines.map(asRow)]));
    const taken = `${count(of('user', 'taken', 'changed'), 'user')} and ${count(of('host', 'taken'), 'host')}`;
    const left = lines.filter(({ outcome }) => outcome === 'left').length;
    const changed = of('user', 'changed');
    await this.hint(
      `${this.dryRun ? 'Would take' : 'Took'} ${taken}, ${changed} of them changed; left ${left}.` +
        (this.dryRun ? ' Nothing was done.' : this.advise(' Next: dynonym check')),
    );
    return 0;
  }
}

type Keep = { readonly write: KeepSecrets; undo(): Promise<void> };

/** Writes the tokens into a file that was not there. */
function keepIn(file: string): Keep {
  let written = false;
  return {
    async write(secrets) {
      try {
        const handle = await open(file, 'wx', 0o600);
        written = true;
        try {
          await handle.writeFile(secrets.map(({ user, secret }) => `${user}:${secret}\n`).join(''));
          await handle.sync();
        } finally {
          await handle.close();
        }
      } catch (error) {
        const code = systemCodeOf(error);
        if (code === undefined) throw error;
        const why = code === 'EEXIST' ? 'it exists; name a new file' : unwritableReason(code);
        throw new UsageError(`--tokens ${quoted(file)}: ${why}; nothing was imported`);
      }
    },
    undo: async () => (written ? rm(file, { force: true }) : undefined),
  };
}

const HEADINGS = ['OUTCOME', 'WHAT', 'NAME', 'PASSWORD', 'MAY CHANGE', 'REMARKS'];

const asRow = ({ outcome, what, name, login, domains, remarks }: ImportLine): readonly string[] => [
  outcome,
  what,
  oneLine(name),
  login ?? '-',
  domains.length > 3 ? `${domains.length} names` : domains.join(' ') || '-',
  oneLine(remarks.join('; ')),
];

/** Text from a foreign file must not draw on the terminal. */
const oneLine = (text: string): string => (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text) ? quoted(text) : text);

/** Fields may be added, and are never changed. */
const asJson = ({ outcome, what, name, login, domains, remarks }: ImportLine) => ({
  outcome,
  what,
  name,
  login: login ?? null,
  names: domains,
  remarks,
});

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;
