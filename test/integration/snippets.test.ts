import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { SNIPPETS } from '../../src/adapters/cli/snippet.command.ts';
import { render } from '../../src/adapters/snippets/client.ts';
import { DEVICES as DEVICE_SNIPPETS } from '../../src/adapters/snippets/devices.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { AWKWARD, DEVICES, MORE_AWKWARD } from '../support/devices.ts';
import { freePort } from '../support/free-port.ts';
import { dig } from '../support/name-servers/dig.ts';
import { runProcess } from '../support/run-process.ts';
import { servedZone } from '../support/served/name-server-bench.ts';
import { startAt } from '../support/served/start-served.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toolPath } from '../support/tools.ts';
import { basic, CAM, HOME, type Service, startService, user } from '../unit/adapters/http/service.ts';

const PASSWORD = 's3cret-and_long';
const ADDRESSES = { ipv4: '203.0.113.7', ipv6: '2001:db8::7', prefix: '2001:db8:1:2::/64' };

const urlOf = (service: Service) => new URL(`http://127.0.0.1:${service.port}`);

/** A service at which a user with that name may change two names. */
const serviceFor = (name: string): Promise<Service> =>
  startService({ users: [user(name, PASSWORD, [HOME, CAM])], hosts: [] });

function print(id: string, name: string, url = new URL('https://ddns.example.org')): string {
  const snippet = SNIPPETS.find((one) => one.id === id) ?? assert.fail(`there is a client ${id}`);
  const account = { url, user: name, domains: [domainName(HOME), domainName(CAM)] };
  assert.equal(snippet.refuse?.(account), undefined);
  return render(snippet, account);
}

describe('what a device makes of its snippet', () => {
  for (const { id, user: name, send } of DEVICES) {
    const report = async (service: Service, password: string) => {
      const { origin } = urlOf(service);
      const answers: { body: string; believed: boolean }[] = [];
      for (const { url, login, believes } of await send(
        print(id, name, urlOf(service)),
        password,
        ADDRESSES,
      )) {
        assert.ok(url.startsWith(`${origin}/`), url);
        const { body } = await service.ask(url.slice(origin.length), {
          ...(login && { as: basic(login.user, login.password) }),
        });
        answers.push({ body, believed: believes(body) });
      }
      return answers;
    };

    it(`updates both names on ${id}, and then changes nothing`, async () => {
      const service = await serviceFor(name);
      for (const code of ['good', 'nochg']) {
        for (const { body, believed } of await report(service, PASSWORD)) {
          assert.match(body, new RegExp(`^(?:${code} \\S+\\n)+$`));
          assert.ok(believed, body);
        }
      }
      assert.equal(service.dns.addressesOf(HOME)[0], ADDRESSES.ipv4);
      assert.deepEqual(service.dns.addressesOf(CAM), service.dns.addressesOf(HOME));
    });

    it(`takes a wrong password for a failure on ${id}`, async () => {
      for (const { body, believed } of await report(await serviceFor(name), 'wrong')) {
        assert.equal(body, 'badauth\n');
        assert.ok(!believed);
      }
    });
  }

  it('is known of all devices', () => {
    const ids = (all: readonly { readonly id: string }[]) => all.map(({ id }) => id);
    assert.deepEqual(ids(DEVICES), ids(DEVICE_SNIPPETS));
  });
});

/** A command line as systemd reads it (systemd.service(5), systemd.syntax(7)). */
function systemdWords(line: string): readonly string[] {
  return [...line.matchAll(/"((?:\\.|[^"\\])*)"|(\S+)/g)].map(([, inQuotes, bare = '']) =>
    (inQuotes?.replace(/\\(["\\])/g, '$1') ?? bare)
      .replace(/%(.?)/g, (_, next) => (next === '%' ? '%' : assert.fail(`%${next} is a specifier`)))
      .replace(/\$(.?)/g, (_, next) => (next === '$' ? '$' : assert.fail(`$${next} is a variable`))),
  );
}

describeWithTools('what nsupdate makes of its snippet', ['nsupdate', 'dig'], () => {
  it('changes the names with the key, and has no success with another secret', async (t) => {
    const key = {
      name: domainName('home-key'),
      algorithm: 'hmac-sha256',
      secret: Buffer.alloc(32, 7),
    } as const;
    const grant = { key, networks: [], names: [domainName(HOME), domainName(CAM)], subtrees: [], types: [] };
    const zone = servedZone('example.org', {
      servers: [{ name: domainName('ns.example.net'), addresses: [] }],
      updates: [grant],
    });
    const socket = { address: { family: 'ipv4', text: '127.0.0.1' }, port: await freePort() } as const;
    const served = await startAt(socket, tempFolder(), [zone]);
    t.after(() => served.stop());
    const text = print('nsupdate', 'home-key', new URL('http://127.0.0.1')).replace(
      'server 127.0.0.1 53',
      `server 127.0.0.1 ${socket.port}`,
    );
    const send = (secret: Buffer) =>
      runProcess(toolPath('nsupdate'), [], { stdin: text.replace('PASSWORD', secret.toString('base64')) });
    assert.notEqual((await send(Buffer.alloc(32, 8))).status, 0);
    assert.deepEqual((await dig(socket, HOME, 'A')).answers, []);
    const { status, stderr } = await send(key.secret);
    assert.equal(status, 0, stderr);
    for (const name of [HOME, CAM]) {
      const { answers } = await dig(socket, name, 'A');
      assert.deepEqual(
        answers.map(({ data }) => data),
        ['192.0.2.1'],
      );
    }
  });
});

describeWithTools('the unit for systemd', ['curl', 'systemd-analyze'], () => {
  it('runs curl, which reports the address of this machine', async () => {
    const service = await serviceFor(MORE_AWKWARD);
    const unit = print('systemd', MORE_AWKWARD, urlOf(service));
    const commands = Array.from(unit.matchAll(/^ExecStart=(.*)$/gm), ([, line = '']) => systemdWords(line));
    assert.deepEqual(
      commands.map(([command, family]) => [command, family]),
      [
        ['/usr/bin/curl', '-4'],
        ['/usr/bin/curl', '-6'],
      ],
    );
    const [[, ...args] = []] = commands;
    for (const code of ['good', 'nochg']) {
      const { status, stdout, stderr } = await runProcess(
        toolPath('curl'),
        args.map((arg) => arg.replace('PASSWORD', PASSWORD)),
      );
      assert.equal(stdout, `${code} 127.0.0.1\n${code} 127.0.0.1\n`, stderr);
      assert.equal(status, 0);
    }
    assert.deepEqual(service.dns.addressesOf(CAM), ['127.0.0.1']);
  });

  it('has nothing that systemd does not know', async () => {
    const file = join(tempFolder(), 'dynonym-client.service');
    writeFileSync(file, print('systemd', MORE_AWKWARD));
    const { stderr } = await runProcess('systemd-analyze', ['verify', file]);
    assert.doesNotMatch(stderr, /Unknown|Failed|ignoring|invalid/i);
  });
});

/** Reads the configuration as dyndnsc does (`get_configuration`, `_iraw_client_configs`). */
const DYNDNSC = `
import configparser, json, sys
parser = configparser.ConfigParser()
parser.read(sys.argv[1])
names = [name.strip() for name in parser.get("dyndnsc", "configs").split(",") if name.strip()]
print(json.dumps({name: dict(parser.items(name)) for name in names}))
`;

describeWithTools('the configuration of dyndnsc', ['python3'], () => {
  it('lists a client for each name, with what it has to know', async () => {
    const file = join(tempFolder(), 'dyndnsc.conf');
    writeFileSync(file, print('dyndnsc', AWKWARD));
    const { status, stdout, stderr } = await runProcess(toolPath('python3'), ['-c', DYNDNSC, file]);
    assert.equal(status, 0, stderr);
    const client = (hostname: string) => ({
      updater: 'dyndns2',
      'updater-url': 'https://ddns.example.org/nic/update',
      'updater-hostname': hostname,
      'updater-userid': AWKWARD,
      'updater-password': 'PASSWORD',
      detector: 'webcheck4',
      'detector-url': 'https://ddns.example.org/checkip',
      'detector-parser': 'plain',
    });
    assert.deepEqual(JSON.parse(stdout), { [HOME]: client(HOME), [CAM]: client(CAM) });
  });
});
