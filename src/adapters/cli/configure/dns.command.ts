import { Command, Option, UsageError } from 'clipanion';
import type { Configure } from '../../../application/manage/configure.ts';
import { TRANSPORTS, type Transport } from '../../../application/manage/settings.ts';
import { parseDomainName, parseZone } from '../../../domain/domain-name.ts';
import { invalid, type Parsed, valid } from '../../../domain/errors.ts';
import { parseServerSocket } from '../../../domain/socket-address.ts';
import { isWholeKey, parseTsigAlgorithm, parseTsigSecret, type TsigKey } from '../../../domain/tsig-key.ts';
import { parseTtl } from '../../../domain/ttl.ts';
import { wordsOfBypassed } from '../../check-words/check-words.ts';
import { BaseCommand } from '../base.command.ts';
import { given, read, readContent, readOptional } from '../options.ts';
import { quoted } from '../output.ts';
import { parseTsigKeyFile } from '../tsig-key-file.ts';

export class ConfigureDnsCommand extends BaseCommand {
  static override paths = [['configure', 'dns']];

  static override usage = Command.Usage({
    category: 'Configuration',
    description: 'Change how the name server is reached',
    details: `
      Settings without an option here stay as they are. The name server is the primary of the zones: the server
      that takes updates (RFC 2136).

      With a TSIG key, updates are signed. \`--tsig-key-file\` reads the file that \`tsig-keygen\`,
      \`ddns-confgen\` or \`rndc-confgen\` (BIND) or \`keymgr -t\` (Knot) wrote. The other options give the key's
      name, and a file with only its secret in base64. The secret is copied into the configuration. It is never
      an argument, because other users of the machine could see it there.

      Without zones, the zone of a name is found by asking the name server. \`--zone\` may be repeated. It
      replaces all zones of the configuration.
    `,
    examples: [
      ['Use a name server on another machine', '$0 configure dns --socket 192.0.2.53:53'],
      ['Let resolvers keep addresses for five minutes', '$0 configure dns --ttl 300'],
      [
        'Sign updates with a new key of BIND',
        'tsig-keygen dynonym > dynonym.key && $0 configure dns --tsig-key-file dynonym.key',
      ],
      [
        'Sign updates with a key whose secret is in a file',
        '$0 configure dns --tsig-name dynonym --tsig-algorithm hmac-sha512 --tsig-secret-file secret.txt',
      ],
      ['Name the zones', '$0 configure dns --zone example.org --zone dyn.example.net'],
    ],
  });

  socket = Option.String('--socket', {
    description: 'the `HOST:PORT` of the name server; HOST is an address or a name',
  });
  ttl = Option.String('--ttl', { description: 'the time to live of new records, in `SECONDS`' });
  transport = Option.String('--transport', { description: 'the `PROTOCOL` of updates: tcp, udp or tls' });
  tsigName = Option.String('--tsig-name', { description: 'the `NAME` of the TSIG key' });
  tsigAlgorithm = Option.String('--tsig-algorithm', {
    description: 'the `ALGORITHM` of the TSIG key (default: hmac-sha256)',
  });
  tsigSecretFile = Option.String('--tsig-secret-file', {
    description: 'a `FILE` with the secret of the TSIG key',
  });
  tsigKeyFile = Option.String('--tsig-key-file', { description: 'a `FILE` with a whole TSIG key' });
  zones = Option.Array('--zone', { description: 'a `ZONE` of the name server' });

  override async execute(): Promise<number> {
    const change = given({
      socket: readOptional('--socket', this.socket, parseServerSocket),
      ttl: readOptional('--ttl', this.ttl, parseTtl),
      transport: readOptional('--transport', this.transport, parseTransport),
      zones: this.zones && [...new Set(this.zones.map((zone) => read('--zone', zone, parseZone)))],
      tsig: await this.#tsigKey(),
    });
    const { configure } = await this.open();
    switch (await configure.changeDns(change)) {
      case 'changed':
        await this.#warnOfBypassedZones(configure);
        return this.done(`Changed ${Object.keys(change).join(', ')} of [dns] in ${quoted(this.configFile)}.`);
      case 'nothing-asked':
        return this.refuse('nothing to change; dynonym configure dns --help shows what can be');
    }
  }

  /** Without [dns], the updates went into the zones of [nameserver] before this change. */
  async #warnOfBypassedZones(configure: Configure): Promise<void> {
    const zones = await configure.bypassedZones();
    if (zones.length === 0) return;
    const { problem, cure } = wordsOfBypassed(zones);
    await this.hint(`${problem}; ${cure}.`);
  }

  async #tsigKey(): Promise<TsigKey | undefined> {
    const {
      tsigName: name,
      tsigAlgorithm: algorithm,
      tsigSecretFile: secretFile,
      tsigKeyFile: keyFile,
    } = this;
    const parts = [name, algorithm, secretFile].some((part) => part !== undefined);
    if (keyFile !== undefined) {
      if (parts)
        throw new UsageError('--tsig-key-file holds a whole key; no other --tsig option goes with it');
      return readContent('--tsig-key-file', keyFile, parseTsigKeyFile);
    }
    if (!parts) return undefined;
    if (name === undefined || secretFile === undefined) {
      throw new UsageError('a TSIG key needs --tsig-name and --tsig-secret-file, or else --tsig-key-file');
    }
    return {
      name: read('--tsig-name', name, parseDomainName),
      algorithm: read('--tsig-algorithm', algorithm ?? 'hmac-sha256', parseTsigAlgorithm),
      secret: await readContent('--tsig-secret-file', secretFile, parseSecretFile),
    };
  }
}

function parseSecretFile(text: string): Parsed<Uint8Array> {
  return isWholeKey(text)
    ? invalid('this is a whole key file; use it with --tsig-key-file alone')
    : parseTsigSecret(text.trim());
}

function parseTransport(text: string): Parsed<Transport> {
  const transport = TRANSPORTS.find((name) => name === text);
  return transport === undefined ? invalid(`it is one of ${TRANSPORTS.join(', ')}`) : valid(transport);
}
