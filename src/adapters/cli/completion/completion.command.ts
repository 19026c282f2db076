import { Command, Option, UsageError } from 'clipanion';
import { BaseCommand } from '../base.command.ts';
import { quoted } from '../output.ts';
import { candidatesAt } from './candidates.ts';
import { SCRIPTS } from './scripts.ts';

export class CompletionCommand extends BaseCommand {
  static override paths = [['completion']];

  static override usage = Command.Usage({
    category: 'Shell',
    description: 'Print the script that completes commands in a shell',
    details: `
      The shells are bash, zsh and fish. Their Tab key then completes the words and options of dynonym, and the
      users, domains, hosts, zones, tokens, passkeys and keys in the configuration: in dynonym.toml, or in the file
      that \`--config\` names on the line. Names are completed for whoever may read the file.

      Without words, the script is printed. It calls this command with the words of the line, the one at the cursor
      last. Then a line is printed for each way to go on; \`:files\` stands for the path of a file. What cannot be
      completed, or read, prints nothing.
    `,
    examples: [
      ['In bash, for this session', '. <(dynonym completion bash)'],
      [
        'In bash, for each session of this user',
        '$0 completion bash > ~/.local/share/bash-completion/completions/dynonym',
      ],
      ['In zsh, for everybody', '$0 completion zsh > /usr/local/share/zsh/site-functions/_dynonym'],
      ['In fish', '$0 completion fish > ~/.config/fish/completions/dynonym.fish'],
      ['What the scripts ask', '$0 completion bash -- configure users rm al'],
    ],
  });

  /** Every command takes this option. This one ignores it: the words of the line that is completed name the file. */
  override configFile = Option.String('-c,--config,--conf', 'dynonym.toml', { hidden: true });

  shell = Option.String({ name: 'bash|zsh|fish' });

  words = Option.Rest({ name: 'WORD' });

  override async execute(): Promise<number> {
    const shell = SCRIPTS.get(this.shell);
    if (shell === undefined) {
      throw new UsageError(`${quoted(this.shell)}: the shells are ${[...SCRIPTS.keys()].join(', ')}`);
    }
    if (this.words.length === 0) return this.done(shell.script.trimEnd());
    const word = this.words.at(-1) ?? '';
    const candidates = await this.#candidatesAt(this.words.slice(0, -1), word);
    if (candidates === 'files') return this.done(':files');
    if (candidates.length === 0) return 0;
    return this.done(candidates.map((candidate) => shell.line(candidate, word)).join('\n'));
  }

  /** A person who pressed Tab wants no message between what they type. */
  async #candidatesAt(words: readonly string[], word: string) {
    try {
      return await candidatesAt({
        words,
        word,
        definitions: this.context.definitions,
        names: (file = this.configFile) =>
          this.context.openNames(file.replace(/^~(?=\/)/, this.context.env['HOME'] ?? '~')),
      });
    } catch {
      return [];
    }
  }
}
