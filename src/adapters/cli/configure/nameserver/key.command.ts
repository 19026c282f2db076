import { randomBytes } from 'node:crypto';
import { Command, Option } from 'clipanion';
import { challengeNameOf } from '../../../../domain/challenge-name.ts';
import { parseDomainName } from '../../../../domain/domain-name.ts';
import { invalid } from '../../../../domain/errors.ts';
import { socketText } from '../../../../domain/socket-address.ts';
import type { TsigKey } from '../../../../domain/tsig-key.ts';
import { BaseCommand } from '../../base.command.ts';
import { read } from '../../options.ts';
import { quoted } from '../../output.ts';

/** Octets. As many as SHA-256 has (RFC 2104 section 3). */
const SECRET_LENGTH = 32;

export class ConfigureNameserverKeyCommand extends BaseCommand {
  static override paths = [['configure', 'nameserver', 'key']];

  static override usage = Command.Usage({
    category: 'Name server',
    description: 'Give a key to a certificate program that speaks DNS (RFC 2136), or print it again',
    details: `
      With \`--domain\`, the key may write the challenge of that name, which is TXT at \`_acme-challenge.DOMAIN\`, and
      nothing else. A key that does not exist is made. Who has it gets certificates for \`DOMAIN\` and for
      \`*.DOMAIN\`.

      Standard output gets the key in the format of BIND, which nsupdate, lego and acme.sh read from a file. Standard
      error gets what else a client needs. A running server takes the key up when it is restarted.
    `,
    examples: [
      [
        'A key for the certificates of two names',
        '$0 configure nameserver key acme --domain home.dyn.example.org --domain cam.dyn.example.org',
      ],
      ['Keep the key in a file', '$0 configure nameserver key acme > acme.key'],
    ],
  });

  key = Option.String({ name: 'KEY' });

  domains = Option.Array('--domain', [], {
    description: 'a `DOMAIN` that the key gets certificates for; may be repeated',
  });

  override async execute(): Promise<number> {
    const name = read('KEY', this.key, parseKeyName);
    const challenges = this.domains.map((domain) => read('--domain', domain, parseChallenge));
    const { configure } = await this.open();
    if (challenges.length > 0) {
      const fresh: TsigKey = { name, algorithm: 'hmac-sha256', secret: randomBytes(SECRET_LENGTH) };
      const granted = await configure.grantChallenges(fresh, challenges);
      if (granted.kind === 'no-zone') {
        return this.refuse(
          `no zone of [nameserver] in ${quoted(this.configFile)} holds ${granted.name}; ` +
            'dynonym zone list shows which there are',
        );
      }
      await this.hint(granted.isNew ? `Made the key ${quoted(name)}.` : `There was a key ${quoted(name)}.`);
    }
    const found = await configure.keyForUpdates(name);
    if (found === undefined) {
      return this.refuse(
        `no key ${quoted(name)} in ${quoted(this.configFile)} may update a zone; --domain makes one`,
      );
    }
    const { key, sockets, names } = found;
    await this.hint(`It may change: ${names.length === 0 ? 'see its sections "updates"' : names.join(', ')}`);
    await this.hint(`The name server: ${sockets.map(socketText).join(', ')}`);
    await this.hint(
      `Write the algorithm ${key.algorithm} into the client. Without it, lego signs with SHA-1, certbot and cert-manager with MD5.`,
    );
    await this.hint(`dynonym snippet certbot --user ${name} (or lego, acme.sh) prints its configuration.`);
    const secret = Buffer.from(key.secret).toString('base64');
    return this.done(`key "${name}" {\n    algorithm ${key.algorithm};\n    secret "${secret}";\n};`);
  }
}

const parseKeyName: typeof parseDomainName = (text) =>
  /^[\w.-]+$/.test(text)
    ? parseDomainName(text)
    : invalid('the name of a key has letters, digits, ".", "_" and "-"');

const parseChallenge: typeof parseDomainName = (text) => {
  const domain = parseDomainName(text);
  return domain.ok ? challengeNameOf(domain.value) : domain;
};
