import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { after, before, describe, type TestContext, test } from 'node:test';
import { createServer, type TLSSocket } from 'node:tls';
import type { Primary, TlsTrust } from '../../src/application/manage/settings.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import { type Certificate, createAuthority, issue } from '../support/certificates.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { freePort } from '../support/free-port.ts';
import { startBindWithTls } from '../support/name-servers/bind.ts';
import type { NameServer } from '../support/name-servers/name-server.ts';
import { DYN_ZONE } from '../support/name-servers/zones.ts';
import { primaryAt } from '../support/primary-at.ts';
import { until } from '../support/until.ts';
import { UpdateClient } from '../support/update-client.ts';

const SERVER_NAME = domainName('ns1.dyn.example.test');

function clientAt(t: TestContext, port: number, settings: Partial<Primary>): UpdateClient {
  const socket = { address: { family: 'ipv4', text: '127.0.0.1' }, port } as const;
  const client = new UpdateClient([primaryAt(socket, { transport: 'tls', ...settings })]);
  t.after(client.close);
  return client;
}

const trust = (ca: Certificate | undefined, serverName?: TlsTrust['serverName']): Partial<Primary> => ({
  tls: { ca: ca?.pem, serverName },
});

describeWithTools('DNS over TLS', ['named', 'dig', 'nsupdate', 'openssl'], () => {
  let authority: Certificate;
  let stranger: Certificate;
  /** Proves itself with a certificate for its address on one port, for its name on the other. */
  let server: NameServer;
  let ports: { readonly address: number; readonly name: number };

  before(async () => {
    [authority, stranger] = await Promise.all([createAuthority('authority'), createAuthority('stranger')]);
    const [forAddress, forName] = await Promise.all([
      issue(authority, 'IP:127.0.0.1'),
      issue(authority, `DNS:${SERVER_NAME}`),
    ]);
    ports = { address: await freePort(), name: await freePort() };
    server = await startBindWithTls({ port: ports.address, ...forAddress }, { port: ports.name, ...forName });
  });
  after(() => server?.stop());

  const ipv4Of = async (name: string) => (await server.query(name, 'A')).answers.map(({ data }) => data);

  test('updates a primary whose certificate is for its address', async (t) => {
    const client = clientAt(t, ports.address, trust(authority));
    const name = `address.${DYN_ZONE}`;
    assert.equal(await client.update(name, '192.0.2.1', '2001:db8::1'), 'changed');
    assert.equal(await client.update(name, '192.0.2.1', '2001:db8::1'), 'unchanged');
    assert.equal(await client.update(name, '192.0.2.2'), 'changed');
    assert.deepEqual(await ipv4Of(name), ['192.0.2.2']);
  });

  test('updates a primary whose certificate is for the configured name', async (t) => {
    const client = clientAt(t, ports.name, trust(authority, SERVER_NAME));
    assert.equal(await client.update(`name.${DYN_ZONE}`, '192.0.2.1'), 'changed');
  });

  test('carries many updates at once', async (t) => {
    const client = clientAt(t, ports.address, trust(authority));
    const names = Array.from({ length: 100 }, (_, index) => `many${index}.${DYN_ZONE}`);
    const outcomes = await Promise.all(names.map((name) => client.update(name, '192.0.2.1')));
    assert.deepEqual(new Set(outcomes), new Set(['changed']));
    assert.deepEqual(await ipv4Of(`many99.${DYN_ZONE}`), ['192.0.2.1']);
  });

  describe('updates nothing, and says why', { concurrency: true }, () => {
    const rows: readonly {
      readonly what: string;
      readonly port: () => number;
      readonly settings: () => Partial<Primary>;
      readonly says: RegExp;
    }[] = [
      {
        what: 'the certificate is for another name',
        port: () => ports.name,
        settings: () => trust(authority, domainName('other.example.test')),
        says: /other\.example\.test.*ns1\.dyn\.example\.test/,
      },
      {
        what: 'the certificate is for a name, and none is configured',
        port: () => ports.name,
        settings: () => trust(authority),
        says: /IP: 127\.0\.0\.1 is not in the cert's list/,
      },
      {
        what: 'the certificate is for an address, and a name is configured',
        port: () => ports.address,
        settings: () => trust(authority, SERVER_NAME),
        says: /ns1\.dyn\.example\.test/,
      },
      {
        what: 'somebody else than the configured authority has signed the certificate',
        port: () => ports.address,
        settings: () => trust(stranger),
        says: /unable to verify the first certificate|unable to get local issuer certificate/,
      },
      {
        what: 'no authority of the system has signed the certificate',
        port: () => ports.address,
        settings: () => trust(undefined),
        says: /unable to verify the first certificate|unable to get local issuer certificate/,
      },
      {
        what: 'the port speaks no TLS',
        port: () => server.socket.port,
        settings: () => trust(authority),
        says: /no connection in time/,
      },
    ];
    for (const { what, port, settings, says } of rows) {
      test(what, async (t) => {
        const name = `${what.replaceAll(/\W+/g, '-').slice(0, 60)}.${DYN_ZONE}`;
        const fault = await clientAt(t, port(), settings()).fail(name, '192.0.2.1');
        assert.equal(fault.code, 'DNS_UNREACHABLE', fault.text);
        assert.match(
          fault.text,
          /^could not confirm: the primary 127\.0\.0\.1:\d+ takes no TLS connection \(.+\); /,
        );
        assert.match(fault.text, says);
        assert.match(fault.text, /certificate for the configured name or address/);
        assert.deepEqual(await ipv4Of(name), []);
      });
    }

    test('the port speaks TLS, and TCP is configured', async (t) => {
      const client = clientAt(t, ports.address, { transport: 'tcp' });
      const fault = await client.fail(`tcp.${DYN_ZONE}`, '192.0.2.1');
      assert.equal(fault.code, 'DNS_UNREACHABLE', fault.text);
      assert.match(fault.text, /^could not confirm: .* closed the connection without an answer/);
    });
  });

  describe('shows a server', () => {
    /** A server with this certificate, and how far it got: connections, those that became TLS, octets in them. */
    async function startServer(t: TestContext, { keyFile, certificateFile }: Certificate) {
      const seen = { connections: 0, octets: 0, secured: [] as TLSSocket[] };
      const [key, cert] = await Promise.all([readFile(keyFile), readFile(certificateFile)]);
      const listener = createServer({ key, cert, ALPNProtocols: ['dot'] }, (connection) => {
        seen.secured.push(connection);
        connection.on('error', () => {});
        connection.on('data', (chunk: Buffer) => {
          seen.octets += chunk.length;
          // Whoever is understood is left alone.
          connection.destroy();
        });
      });
      listener.on('connection', () => {
        seen.connections += 1;
      });
      listener.on('tlsClientError', () => {});
      listener.listen(0, '127.0.0.1');
      await once(listener, 'listening');
      t.after(() => listener.close());
      return { port: (listener.address() as AddressInfo).port, seen };
    }

    test('that proves itself the protocol, the configured name and the message', async (t) => {
      const { port, seen } = await startServer(t, await issue(authority, `DNS:${SERVER_NAME}`));
      const client = clientAt(t, port, trust(authority, SERVER_NAME));
      const finding = client.updater.findZone(DYN_ZONE, performance.now() + 60_000);
      await until(() => seen.octets > 0, { what: 'a message' });
      client.close();
      assert.equal((await finding).ok, false);
      assert.equal(seen.secured[0]?.alpnProtocol, 'dot');
      assert.equal(seen.secured[0]?.servername, SERVER_NAME);
    });

    test('that does not prove itself nothing', async (t) => {
      const { port, seen } = await startServer(t, await issue(stranger, 'IP:127.0.0.1'));
      const client = clientAt(t, port, trust(authority));
      const finding = client.updater.findZone(DYN_ZONE, performance.now() + 60_000);
      // Who tries again has given up the connection before.
      await until(() => seen.connections > 1, { what: 'a second connection' });
      client.close();
      assert.equal((await finding).ok, false);
      assert.equal(seen.octets, 0);
    });
  });
});
