import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { TomlFile } from '../../../../src/adapters/toml/toml-file.ts';
import { TomlSettingsStore } from '../../../../src/adapters/toml/toml-settings-store.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const SECTION = `[nameserver]
sockets = ["127.0.0.1:5300", "[::1]:5300"]
data = "zones"

[[nameserver.keys]]
name = "acme"
secret = "bm90IGEgc2VjcmV0IQ=="

[[nameserver.zones]]
name = "dyn.example.test"
ns = ["ns1.dyn.example.test", "ns2.example.net"]
glue = { "ns1.dyn.example.test" = ["192.0.2.1", "2001:db8::1"] }
hostmaster = "jo.doe@example.test"
ttl = 600

[[nameserver.zones.updates]]
key = "acme"
subtrees = ["_acme-challenge.dyn.example.test"]
types = ["TXT", "TYPE65280"]

[[nameserver.zones.transfer]]
networks = ["192.0.2.0/24"]

[[nameserver.zones.notify]]
socket = "192.0.2.53:53"
key = "acme"
`;

function load(toml: string) {
  const folder = tempFolder();
  const path = join(folder, 'dynonym.toml');
  writeFileSync(path, toml);
  return { folder, settings: new TomlSettingsStore(new TomlFile(path)).load() };
}

async function problemsOf(toml: string): Promise<readonly string[]> {
  try {
    await load(toml).settings;
    return [];
  } catch (error) {
    return (error as Error).message.split('\n').map((line) => line.replace(/^.*dynonym\.toml:/, ''));
  }
}

describe('the section [nameserver]', () => {
  it('says which zones are served, to whom, and who may change them', async () => {
    const { folder, settings } = load(SECTION);
    const { nameServer } = await settings;
    assert.equal(nameServer?.data, join(folder, 'zones'));
    assert.equal(nameServer.sockets.length, 2);
    const [zone] = nameServer.zones;
    assert.deepEqual(
      zone?.servers.map(({ name, addresses }) => [name, addresses.map(({ text }) => text)]),
      [
        ['ns1.dyn.example.test', ['192.0.2.1', '2001:db8::1']],
        ['ns2.example.net', []],
      ],
    );
    assert.deepEqual([zone.hostmaster, zone.ttl, zone.negativeTtl], ['jo\\.doe.example.test', 600, 60]);
    const [grant] = zone.updates;
    assert.deepEqual([grant?.key?.name, grant?.types, grant?.names], ['acme', [16, 65280], []]);
    assert.equal(zone.transfer[0]?.networks[0]?.length, 24);
    assert.equal(zone.notify[0]?.key?.name, 'acme');
  });

  it('takes the updates where there is no [dns], and leaves them to it where there is', async () => {
    assert.equal((await load(SECTION).settings).nameServer?.takesUpdates, true);
    assert.equal((await load(`${SECTION}[dns]\n`).settings).nameServer?.takesUpdates, false);
  });

  it('left out, there is no name server', async () => {
    assert.equal((await load('').settings).nameServer, undefined);
  });

  it('names all that is wrong with it, with key and line', async () => {
    const wrong = SECTION.replace('5300"', '"')
      .replace('ns1.dyn.example.test" =', 'ns3.dyn.example.test" =')
      .replace('"TXT"', '"TEXT"')
      .replace('key = "acme"\nsubtrees', 'key = "other"\nsubtrees')
      .replace('ttl = 600', 'ttl = -1');
    assert.deepEqual(await problemsOf(wrong), [
      '2: nameserver.sockets[0]: a socket is written like 127.0.0.1:53 or [::1]:53',
      '11: nameserver.zones[0].ns: ns1.dyn.example.test lies in the zone and needs addresses in glue',
      '14: nameserver.zones[0].ttl: a TTL is a whole number of seconds from 0 to 2147483647 (RFC 2181)',
      '17: nameserver.zones[0].updates[0].key: no key of [[nameserver.keys]] has this name',
      '19: nameserver.zones[0].updates[0].types[0]: a type is written like A, TXT or TYPE65280',
    ]);
  });

  it('takes no empty list for the addresses of a name server', async () => {
    const empty = SECTION.replace(/"ns1\.dyn\.example\.test" = \[.*\]/, '"ns1.dyn.example.test" = []');
    assert.deepEqual(await problemsOf(empty), [
      '11: nameserver.zones[0].ns: ns1.dyn.example.test lies in the zone and needs addresses in glue',
    ]);
  });

  it('without a socket, a zone or a server of the zone is told so', async () => {
    const problems = await problemsOf(
      '[nameserver]\n[[nameserver.zones]]\nname = "dyn.example.test"\nns = []\n',
    );
    assert.equal(problems.length, 2);
    assert.match(problems.join('\n'), /sockets/);
    assert.match(problems.join('\n'), /a zone has at least one name server/);
  });
});
