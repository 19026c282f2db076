import { Command, Option } from 'clipanion';
import { shellWord } from '../check-words/shell-word.ts';
import type { CommandContext, Management } from './context.ts';
import { write } from './output.ts';

const DEFAULT_FILE = 'dynonym.toml';

/**
 * All commands share the option for the configuration file, and how they end. A command that did its work says so and
 * exits with 0. A command that changed nothing says why in one line on standard error and exits with 1.
 *
 * In the description of an option, the word in backquotes is the name of its value.
 */
export abstract class BaseCommand extends Command<CommandContext> {
  configFile = Option.String('-c,--config,--conf', DEFAULT_FILE, {
    description: 'the configuration `FILE` (default: dynonym.toml)',
  });

  /** Does what the command is for, and resolves to the exit code. */
  abstract override execute(): Promise<number>;

  protected open(): Promise<Management> {
    return this.context.openManagement(this.configFile);
  }

  /** Adds `-c FILE` to the commands in a text, when this command was given another file than the default. */
  protected advise(text: string): string {
    if (this.configFile === DEFAULT_FILE) return text;
    const option = `-c ${shellWord(this.configFile)}`;
    return text.replaceAll(/dynonym (configure|check|store)\b/g, (command) => `${command} ${option}`);
  }

  /** Prints a line on standard output. */
  protected async print(line: string): Promise<void> {
    await write(this.context.stdout, `${line}\n`);
  }

  /** Says what was done. Resolves to the exit code of success. */
  protected async done(line: string): Promise<number> {
    await this.print(line);
    return 0;
  }

  /** Prints a value for scripts, as `--json` does. Resolves to the exit code of success. */
  protected doneAsJson(value: unknown): Promise<number> {
    return this.done(JSON.stringify(value, null, 2));
  }

  /** Prints a line on standard error, for the person at the terminal. */
  protected async hint(line: string): Promise<void> {
    await write(this.context.stderr, `${line}\n`);
  }

  /** Says why nothing was done. Resolves to the exit code of a failure. */
  protected async refuse(reason: string): Promise<number> {
    await this.hint(`dynonym: ${reason}`);
    return 1;
  }
}
