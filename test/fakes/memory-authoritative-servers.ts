import type {
  AuthoritativeServers,
  ServersQuestion,
  ServerView,
  ZoneSerials,
} from '../../src/application/ports/authoritative-servers.ts';
import type { RecordType, RecordValue } from '../../src/domain/record-set.ts';
import { socketText } from '../../src/domain/socket-address.ts';
import { ttl } from '../../src/domain/ttl.ts';

/** What one name server holds, by name and type, `home.example.org A`; undefined where it is silent. */
export type ServerContent = ReadonlyMap<string, readonly RecordValue[]> | undefined;

/** Name servers that hold what a test says. */
export class MemoryAuthoritativeServers implements AuthoritativeServers {
  /** By the names of the servers, or their sockets. The test changes it. */
  readonly contents = new Map<string, ServerContent>();
  /** Every question, in order. */
  readonly questions: ServersQuestion[] = [];

  /** The serials that servers tell. One that is not here tells none. */
  readonly serialsOf = new Map<string, number>();
  primarySerial: number | undefined;

  async serials({ servers }: Pick<ServersQuestion, 'servers'>): Promise<ZoneSerials> {
    const asked = this.#asked(servers);
    return {
      primary: this.primarySerial,
      servers: asked.map((server) => ({ server, serial: this.serialsOf.get(server) })),
    };
  }

  async ask(question: ServersQuestion): Promise<readonly ServerView[]> {
    this.questions.push(question);
    const { name, type, servers } = question;
    return this.#asked(servers).map((server) => ({
      server,
      address: { family: 'ipv4', text: '127.0.0.1' },
      answer: answerOf(this.contents.get(server), `${name} ${type}`, type),
    }));
  }

  #asked(servers: ServersQuestion['servers']): readonly string[] {
    return servers.length > 0 ? servers.map(socketText) : [...this.contents.keys()].sort();
  }
}

function answerOf(content: ServerContent, key: string, type: RecordType): ServerView['answer'] {
  if (content === undefined) return { kind: 'none', reason: 'no answer' };
  return { kind: 'records', recordSet: { type, ttl: ttl(60), values: content.get(key) ?? [] } };
}
