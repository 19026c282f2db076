import { Command, Option } from 'clipanion';
import type { CliContext, Management } from './context.ts';
import { write } from './output.ts';
import { shellWord } from './shell-word.ts';

const DEFAULT_FILE = 'dynonym.toml';

/**
 * What all commands share: the configuration file, and how they end. A command says what it did and ends
 * with 0, or says in one line on standard error why it did not and ends with 1.
 *
 * In the description of an option that takes a value, the word in backquotes stands for the value.
 */
export abstract class BaseCommand extends Command<CliContext> {
  configFile = Option.String('-c,--config,--conf', DEFAULT_FILE, {
    description: 'the configuration `FILE` (default: dynonym.toml)',
  });

  /** Does what the command is for, and resolves to the exit code. */
  abstract override execute(): Promise<number>;

  protected open(): Promise<Management> {
    return this.context.openManagement(this.configFile);
  }

  /** Advice to type commands of ours: each of them with the option that this one was given for the file. */
  protected advise(text: string): string {
    if (this.configFile === DEFAULT_FILE) return text;
    return text.replaceAll('dynonym configure ', () => `dynonym configure -c ${shellWord(this.configFile)} `);
  }

  /** A line on standard output. */
  protected async print(line: string): Promise<void> {
    await write(this.context.stdout, `${line}\n`);
  }

  /** Tells what was done; the command has succeeded. */
  protected async done(line: string): Promise<number> {
    await this.print(line);
    return 0;
  }

  /** A line on standard error for the person at the terminal, beside what standard output is for. */
  protected async hint(line: string): Promise<void> {
    await write(this.context.stderr, `${line}\n`);
  }

  /** Tells why nothing was done; the command has failed. */
  protected async refuse(reason: string): Promise<number> {
    await this.hint(`dynonym: ${reason}`);
    return 1;
  }
}
