import { Command, Option } from 'clipanion';
import { BaseCommand } from '../base.command.ts';
import { quoted } from '../output.ts';

export class ConfigureDefaultCommand extends BaseCommand {
  static override paths = [['configure', 'default']];

  static override usage = Command.Usage({
    category: 'Configuration',
    description: 'Write a default configuration',
    details: `
      The file holds every setting with its default, and no users: as long as nobody is added, nobody can
      change anything. Only its owner may read it (mode 0600), because it will hold secrets.

      An existing file is left as it is unless \`--force\` is given; then all users in it are lost.
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
        return this.done(`Wrote ${file}. ${this.advise('Next: dynonym configure users add USER')}`);
      case 'exists':
        return this.refuse(`${file} exists; it is overwritten with --force only, and all in it is lost then`);
    }
  }
}
