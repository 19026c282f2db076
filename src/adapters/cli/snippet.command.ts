import { Command, Option, UsageError } from 'clipanion';
import { parseDomainName } from '../../domain/domain-name.ts';
import { invalid, type Parsed, valid } from '../../domain/errors.ts';
import { parseServerSocket } from '../../domain/socket-address.ts';
import { parseUserName } from '../../domain/user.ts';
import { CERTIFICATES } from '../snippets/certificates.ts';
import { type Client, render } from '../snippets/client.ts';
import { DEVICES } from '../snippets/devices.ts';
import { PROGRAMS } from '../snippets/programs.ts';
import { SIGNED } from '../snippets/signed.ts';
import { BaseCommand } from './base.command.ts';
import { read, readOptional } from './options.ts';
import { quoted } from './output.ts';

/** Every client that a configuration can be printed for. */
export const SNIPPETS: readonly Client[] = [...DEVICES, ...PROGRAMS, ...SIGNED, ...CERTIFICATES];

export class SnippetCommand extends BaseCommand {
  static override paths = [['snippet']];

  static override usage = Command.Usage({
    category: 'Clients',
    description: 'Print a configuration for a router or a client',
    details: `
      Prints the text on standard output, and on standard error where to put it. Replace PASSWORD in the text by
      the password or by an update token. Every client can send a password of letters, digits, _ and -. The
      configuration file is not read.

      Some clients ask the server for their address. On a network with IPv4 and IPv6, they may get the wrong one
      of their two addresses. For these clients, give the server one more name with only an A record, and one
      with only an AAAA record, both in its certificate. Name them with --ipv4-check and --ipv6-check.

      Clients: ${SNIPPETS.map(({ id }) => `\`${id}\``).join(', ')}.
    `,
    examples: [
      [
        'Configure ddclient',
        '$0 snippet ddclient --user alice --domain home.example.org --url https://ddns.example.org',
      ],
      ['See what to type into a FRITZ!Box', '$0 snippet fritzbox --user alice --domain home.example.org'],
    ],
  });

  /** Accepted because every command has it. This command reads no file. */
  override configFile = Option.String('-c,--config,--conf', '', { hidden: true });

  client = Option.String({ name: 'CLIENT' });

  user = Option.String('--user', { description: 'the `USER` that the client logs in as' });

  domains = Option.Array('--domain', {
    description: 'a `DOMAIN` that the client reports; may be repeated',
  });

  url = Option.String('--url', 'https://ddns.example.org', {
    description: 'the `URL` at which the client reaches the server (default: https://ddns.example.org)',
  });

  nameServer = Option.String('--nameserver', {
    description: 'the `SOCKET` of the built-in name server (default: port 53 of the host of --url)',
  });

  ipv4Check = Option.String('--ipv4-check', {
    description: 'a `NAME` of the server that has only an A record',
  });

  ipv6Check = Option.String('--ipv6-check', {
    description: 'a `NAME` of the server that has only an AAAA record',
  });

  override async execute(): Promise<number> {
    const snippet = SNIPPETS.find(({ id }) => id === this.client);
    if (snippet === undefined) {
      const known = SNIPPETS.map(({ id }) => id).join(', ');
      throw new UsageError(`CLIENT ${quoted(this.client)}: the clients are ${known}`);
    }
    if (this.user === undefined) throw new UsageError('--user is needed: who the client logs in as');
    if (this.domains === undefined) throw new UsageError('--domain is needed: what the client reports');
    const account = {
      url: read('--url', this.url, parseUrl),
      user: read('--user', this.user, parseUserName),
      domains: this.domains.map((domain) => read('--domain', domain, parseDomainName)),
      nameServer: readOptional('--nameserver', this.nameServer, parseServerSocket),
      ipv4Check: readOptional('--ipv4-check', this.ipv4Check, parseDomainName),
      ipv6Check: readOptional('--ipv6-check', this.ipv6Check, parseDomainName),
    };
    const refusal = snippet.refuse?.(account);
    if (refusal !== undefined) {
      const refused = refusal.option === '--user' ? this.user : this.url;
      throw new UsageError(`${refusal.option} ${quoted(refused)}: ${refusal.reason}`);
    }
    const text = render(snippet, account);
    await this.hint(`${snippet.title}: ${snippet.place}`);
    for (const note of snippet.notes) await this.hint(note);
    await this.print(text.trimEnd());
    return 0;
  }
}

function parseUrl(text: string): Parsed<URL> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const usable =
    url !== undefined &&
    (url.protocol === 'https:' || url.protocol === 'http:') &&
    url.username === '' &&
    url.password === '' &&
    url.search === '' &&
    url.hash === '';
  if (!usable) return invalid('a URL is written like https://ddns.example.org');
  return PLAIN_HOST.test(url.hostname) && PLAIN_PATH.test(url.pathname)
    ? valid(url)
    : invalid('the URL for a client has only letters, digits and . _ ~ - in its host and path');
}

// These characters need no quotes in any format. A URL may have many others in its host and its path.
const PLAIN_HOST = /^(?:[a-z0-9._~-]+|\[[0-9a-f:]+\])$/;
const PLAIN_PATH = /^[A-Za-z0-9._~/-]*$/;
