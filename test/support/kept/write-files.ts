import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AcmeCertificateAuthority } from '../../../src/adapters/acme/acme-certificate-authority.ts';
import { RrClass, RrType } from '../../../src/adapters/dns-wire/constants.ts';
import { tokens } from '../../../src/adapters/inversify/tokens.ts';
import { parseMasterFile } from '../../../src/adapters/name-server/master-file/parse-master-file.ts';
import type { ZoneStore } from '../../../src/adapters/name-server/zone-store.ts';
import type { UpdateRecord, ZoneUpdate } from '../../../src/adapters/name-server/zone-update.ts';
import { domainName } from '../../../src/domain/domain-name.ts';
import { madeCertificate } from '../made-certificate.ts';
import { RDATA_SAMPLES } from '../rdata-samples.ts';
import { tempFolder } from '../temp-folder.ts';
import { recordsOf } from '../zone-of.ts';
import { IN_FILES, NAMED_FILES, WITH_ADDRESS, WITH_STORE } from './configurations.ts';
import { CHALLENGES, DEEDS, EVENTS, INVITATIONS, PENDING, SENT, SESSIONS } from './happened.ts';
import {
  acmeFolderOf,
  certificatesOf,
  type OpenKept,
  openKept,
  openZones,
  zoneFolderOf,
} from './open-kept.ts';
import { HOSTS, USERS } from './people.ts';
import { ADDRESS, FILES, STORE } from './samples.ts';

/** No process has this id, so the next start takes the lock over. */
const DEAD = 2 ** 31 - 1;
const ZONE = domainName('dyn.example.org');
const TYPES = domainName('types.example.org');
const LIFE = { expired: 0, most: 20 };

/** Writes everything that the program keeps in files, as a server leaves it that was killed. */
export async function writeFiles(target: string): Promise<void> {
  await prepare(target);
  const folder = tempFolder();
  cpSync(join(target, FILES), folder, { recursive: true });
  const configuration = join(folder, 'dynonym.toml');
  await beginZones(configuration);
  const kept = await openKept(configuration);
  await writeStores(kept);
  await kept.close();
  const again = await openKept(configuration);
  await again.get(tokens.processLock).acquire();
  await writeAcme(again);
  const zones = await openZones(again);
  if (zones !== undefined) await changeZone(zones);
  cpSync(folder, join(target, FILES), { recursive: true, filter: isKept });
  await zones?.close();
  await again.close();
  for (const lock of ['dynonym.lock', 'zones/lock']) {
    const path = join(target, FILES, lock);
    const content = readFileSync(path, 'utf8');
    writeFileSync(path, content.replace(String(process.pid), String(DEAD)));
  }
}

/** The second name of a lock is a hard link, which no repository keeps. */
const isKept = (path: string): boolean => !/lock\.\d/.test(basename(path));

/** The configurations and the files that they name. */
async function prepare(target: string): Promise<void> {
  const { issued } = await madeCertificate(['example.org']);
  const files: Readonly<Record<string, string>> = {
    ...NAMED_FILES,
    'ca.pem': issued.chain,
    'fullchain.pem': issued.chain,
    'privkey.pem': issued.key,
  };
  for (const [folder, text] of [
    [FILES, IN_FILES],
    [STORE, WITH_STORE.replaceAll('-----BEGIN CERTIFICATE-----\n', issued.chain)],
    [ADDRESS, WITH_ADDRESS],
  ] as const) {
    mkdirSync(join(target, folder), { recursive: true });
    writeFileSync(join(target, folder, 'dynonym.toml'), text);
    for (const [name, content] of Object.entries(files)) {
      if (text.includes(`"${name}"`)) writeFileSync(join(target, folder, name), content);
    }
  }
}

/** Everything that a store keeps, wherever it keeps it. */
export async function writeStores(kept: OpenKept): Promise<void> {
  assert.deepEqual(await kept.users.addAll(USERS), []);
  assert.deepEqual(await kept.hosts.addAll(HOSTS), []);
  for (const session of SESSIONS) await kept.sessions.add(session, LIFE);
  for (const invitation of INVITATIONS) await kept.invitations.add(invitation, 0);
  for (const challenge of CHALLENGES) assert.equal(await kept.challenges.add(challenge), 'added');
  for (const pending of [...PENDING, SENT]) kept.notices.keep(pending);
  kept.notices.forget(SENT);
  for (const event of EVENTS) kept.history.tell(event);
  for (const deed of DEEDS) kept.deeds.tell(deed);
  await kept.deeds.last(1);
  await kept.history.states([]);
}

/** Both zones in their files alone, as they are after an orderly end: one has records of all types. */
async function beginZones(configuration: string): Promise<void> {
  const kept = await openKept(configuration);
  const zones = await openZones(kept);
  await zones?.close();
  const apex = '$TTL 300\n@ SOA ns2.example.net. hostmaster 1 3600 600 86400 60\n@ NS ns2.example.net.\n';
  const text = `${apex}${typeLines().join('\n')}\n`;
  await zoneFolderOf(kept)?.import(TYPES, Buffer.from(text, 'latin1'), 'types');
  await kept.close();
}

/** A line for each type that a master file of ours may have. Other types are written for BIND to convert them. */
const typeLines = (): readonly string[] =>
  RDATA_SAMPLES.filter(([type]) => !['NS', 'SOA'].includes(type))
    .map(([type, words], place) => `r${place} ${type} ${words}`)
    .filter((line) => {
      const octets = Buffer.from(`$TTL 300\n${line}\n`, 'latin1');
      return parseMasterFile(octets, TYPES, 'types').problems.length === 0;
    });

/** Changes that stand in the journal alone, as long as the zone is open. */
async function changeZone(zones: ZoneStore): Promise<void> {
  const zone = zones.zone(ZONE);
  assert.ok(zone !== undefined);
  for (const update of [
    additionOf(
      'home A 192.0.2.7\nhome AAAA 2001:db8::7\nhome TXT "words \\" \\195\\164"\n*.lab A 192.0.2.8\n',
    ),
    additionOf('gone A 192.0.2.9\nmail MX 10 home\nhome A 192.0.2.10\n'),
    { prerequisites: [], updates: [removalOf('gone'), removalOf('home')] },
  ]) {
    assert.equal(await zones.update(zone, update), 0);
  }
}

/** An UPDATE that adds records of the zone of the samples. */
export const additionOf = (lines: string, zone: string = ZONE): ZoneUpdate => ({
  prerequisites: [],
  updates: recordsOf(zone, lines).map(({ owner, type, ttl, rdata }) => ({
    ...{ name: owner, type, class: RrClass.IN, ttl, rdata },
  })),
});

const removalOf = (label: string): UpdateRecord => ({
  ...{ name: `${label}.${ZONE}`, type: RrType.A, class: RrClass.ANY, ttl: 0, rdata: Buffer.alloc(0) },
});

/** The key of the account is made before the authority is asked, and no authority is there. */
async function writeAcme(kept: OpenKept): Promise<void> {
  const [folder, settings] = [acmeFolderOf(kept), kept.settings.http.tls?.acme];
  assert.ok(folder !== undefined && settings !== undefined);
  await folder.alone(async () => {
    await certificatesOf(kept)?.save((await madeCertificate(settings.names)).issued);
    await assert.rejects(orderOf(kept), { code: 'CA_UNREACHABLE' });
  });
}

/** Orders a certificate, which no authority gives. */
export async function orderOf(kept: OpenKept): Promise<unknown> {
  const [folder, settings] = [acmeFolderOf(kept), kept.settings.http.tls?.acme];
  assert.ok(folder !== undefined && settings !== undefined);
  const nothing = { present: () => assert.fail('there is no authority'), async cleanUp() {} };
  const authority = new AcmeCertificateAuthority(settings, folder, kept.clock);
  return authority.order(settings.names, nothing, new AbortController().signal);
}

/** The paths of all files below a folder. */
export const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((path) => path.slice(folder.length + 1))
    .toSorted();
