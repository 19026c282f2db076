import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { parseMessage } from '../src/adapters/dns-wire/message.ts';
import { signMessage, verifyResponse } from '../src/adapters/dns-wire/tsig.ts';
import { buildUpdate, updateSectionsOf } from '../src/adapters/dns-wire/update-message.ts';
import { domainName } from '../src/domain/domain-name.ts';
import { parseIpAddress } from '../src/domain/ip-address.ts';
import type { NameChange } from '../src/domain/record-set.ts';
import type { TsigAlgorithm, TsigKey } from '../src/domain/tsig-key.ts';
import { ttl } from '../src/domain/ttl.ts';
import { replacing } from '../test/support/changes.ts';
import type { BareUpdates } from './load-job.ts';

/** The exchange that dynonym has with a primary, and nothing around it: one signed message after the other. */
export class BareUpdater {
  readonly #zone: ReturnType<typeof domainName>;
  readonly #key: TsigKey;
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #id = 0;

  constructor({ port, zone, key }: Omit<BareUpdates, 'changes'>) {
    this.#zone = domainName(zone);
    this.#key = {
      name: domainName(key.name),
      algorithm: key.algorithm as TsigAlgorithm,
      secret: Buffer.from(key.secret, 'base64'),
    };
    this.#socket = connect({ host: '127.0.0.1', port, noDelay: true });
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Changes the address of one name, conditional on what it is. Rejects for anything but a verified NOERROR. */
  async change({ name, from, to }: BareUpdates['changes'][number]): Promise<void> {
    await this.send([
      replacing(domainName(name), {
        type: 'A',
        ttl: ttl(60),
        values: [address(to)],
        replaces: [address(from)],
      }),
    ]);
  }

  async send(changes: readonly NameChange[]): Promise<void> {
    this.#id = (this.#id + 1) % 0x10000;
    const time = Math.floor(Date.now() / 1000);
    const update = buildUpdate(this.#id, this.#zone, updateSectionsOf(changes));
    const { octets, mac } = signMessage(update, this.#key, { time });
    const framed = Buffer.alloc(2 + octets.length);
    framed.writeUInt16BE(octets.length);
    octets.copy(framed, 2);
    this.#socket.write(framed);
    const answer = parseMessage(await this.#receive());
    const verdict = verifyResponse(answer, this.#key, { requestMac: mac, time });
    if (answer.id !== this.#id || answer.rcode !== 0 || verdict.kind !== 'verified') {
      throw new Error(`the bare update was answered with RCODE ${answer.rcode}, ${verdict.kind}`);
    }
  }

  async #receive(): Promise<Buffer> {
    for (;;) {
      const length = this.#received.length < 2 ? undefined : this.#received.readUInt16BE();
      if (length !== undefined && this.#received.length >= 2 + length) {
        const message = this.#received.subarray(2, 2 + length);
        this.#received = this.#received.subarray(2 + length);
        return message;
      }
      const [chunk] = (await once(this.#socket, 'data')) as [Buffer];
      this.#received = Buffer.concat([this.#received, chunk]);
    }
  }
}

function address(text: string) {
  const parsed = parseIpAddress(text);
  if (!parsed.ok) throw new TypeError(`"${text}": ${parsed.reason}`);
  return parsed.value;
}
