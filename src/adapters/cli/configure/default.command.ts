import { Command, Option } from 'clipanion';
import { BaseCommand } from '../base.command.ts';
import { quoted } from '../output.ts';

/** Where updates go comes before who may send them. */
const NEXT = 'Next: dynonym configure dns, or dynonym configure nameserver add';

export class ConfigureDefaultCommand extends BaseCommand {
  static override paths = [['configure', 'default']];

  static override usage = Command.Usage({
    category: 'Configuration',
    description: 'Write a default configuration',
    details: `
      The file has settings with their defaults, and no users: until a user is added, nothing can be changed.
      Only its owner can read it (mode 0600), because it will hold secrets.

      An existing file is overwritten only with \`--force\`. Then all users in it are lost.
    `,
    examples: [
      ['Write dynonym.toml in the working directory', '$0 configure default'],
      ['Write another file', '$0 configure default -c /etc/dynonym/dynonym.toml'],
    ],
  });

  force = Option.Boolean('--force', false, { description: 'overwrite an existing file' });

  override async execute(): Promise<number> {
    const file = quoted(this.configFile);
    const { configure } = await this.open();
    switch (await configure.createDefault({ overwrite: this.force })) {
      case 'created':
        return this.done(`Wrote ${file}. ${this.advise(NEXT)}`);
      case 'exists':
        return this.refuse(`${file} exists; only --force overwrites it, and then everything in it is lost`);
    }
  }
}
