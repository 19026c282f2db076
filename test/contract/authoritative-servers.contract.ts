import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type AuthoritativeServers,
  serversWithout,
} from '../../src/application/ports/authoritative-servers.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import type { RecordSet, RecordValue } from '../../src/domain/record-set.ts';
import { type SocketAddress, socketText } from '../../src/domain/socket-address.ts';

const ZONE = domainName('example.org');
const NAME = domainName('_acme-challenge.home.example.org');
const QUESTION = { zone: ZONE, name: NAME, type: 'TXT' } as const;
const VALUES: readonly RecordValue[] = [
  { family: 'text', text: 'one' },
  { family: 'text', text: 'two' },
];

/** What a server has at {@link NAME}; undefined: it says nothing. `refuses`: it does not serve the zone. */
export type Held = readonly RecordValue[] | 'refuses' | undefined;

/** The serial that the primary tells, and each server that serves the zone. */
export const SERIAL = 0x0101_0101;

/** The servers, and where each one is. */
export type OpenedServers = {
  readonly servers: AuthoritativeServers;
  readonly sockets: readonly SocketAddress[];
};

const shows = ({ values }: RecordSet) => values.some(({ text }) => text === 'one');

/** What AuthoritativeServers keep to. `open` starts one server for each of `held`. */
export function authoritativeServersContract(
  name: string,
  open: (held: readonly Held[]) => Promise<OpenedServers>,
): void {
  describe(`${name} as the name servers of a zone`, () => {
    it('gives the RRset of each server, in the order of the question', async () => {
      const { servers, sockets } = await open([VALUES, []]);
      const views = await servers.ask({ ...QUESTION, servers: sockets });
      assert.deepEqual(
        views.map(({ server }) => server),
        sockets.map(socketText),
      );
      const values = views.map(({ answer }) => (answer.kind === 'records' ? answer.recordSet.values : []));
      assert.deepEqual(values, [VALUES, []]);
    });

    it('tells of a server that is silent, and of one that does not serve the zone', async () => {
      const { servers, sockets } = await open([VALUES, undefined, 'refuses']);
      const views = await servers.ask({ ...QUESTION, servers: sockets });
      assert.deepEqual(
        views.map(({ answer }) => answer.kind),
        ['records', 'none', 'none'],
      );
      assert.equal(serversWithout(views, shows).length, 2);
    });

    it('tells the serial of the primary, and that of each server that tells it', async () => {
      const { servers, sockets } = await open([VALUES, undefined, 'refuses']);
      assert.deepEqual(await servers.serials({ zone: ZONE, servers: sockets }), {
        primary: SERIAL,
        servers: sockets.map((socket, index) => ({
          server: socketText(socket),
          serial: index === 0 ? SERIAL : undefined,
        })),
      });
    });

    it('finds that all show a value, or which one does not', async () => {
      const { servers, sockets } = await open([VALUES, VALUES, []]);
      const views = await servers.ask({ ...QUESTION, servers: sockets });
      assert.deepEqual(serversWithout(views.slice(0, 2), shows), []);
      assert.deepEqual(serversWithout(views, shows), [
        `${socketText(sockets[2] as SocketAddress)}: not there yet`,
      ]);
    });
  });
}
