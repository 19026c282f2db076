import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { DEFINITIONS, runCli } from '../../src/adapters/cli/cli.ts';
import { createContainer, loadSettings } from '../../src/adapters/inversify/create-container.ts';
import { openManagement } from '../../src/adapters/inversify/openers.ts';
import { tokens } from '../../src/adapters/inversify/tokens.ts';
import type { Settings } from '../../src/application/manage/settings.ts';
import { socketText } from '../../src/domain/socket-address.ts';
import { readContainerFile } from '../support/container-file.ts';
import { KEYS, secretText } from '../support/name-servers/keys.ts';
import { REPOSITORY } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';

type Service = {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly configs?: readonly { readonly source: string; readonly target: string }[];
};

type Compose = {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, object>>;
  readonly configs?: Readonly<Record<string, { readonly content: string }>>;
  readonly secrets?: Readonly<Record<string, object>>;
};

const FOLDER = join(REPOSITORY, 'packaging/compose');
const SHIPPED = readContainerFile().at(-1)?.steps ?? [];
const shippedAs = (name: string) => SHIPPED.find((step) => step.name === name)?.rest ?? assert.fail(name);

const read = (file: string) => readFileSync(join(FOLDER, file), 'utf8');

/** With the keys that an anchor brings. */
const compose = (file: string): Compose => parse(read(file), { merge: true });

/** The volumes, secrets and so on that services use, and those that there are. */
function namesIn({ services, volumes, configs = {}, secrets = {} }: Compose) {
  const all = Object.values(services);
  const used = [
    ...all.flatMap((service) => service.volumes ?? []).map((volume) => volume.split(':')[0] ?? ''),
    ...all.flatMap((service) => service.configs ?? []).map(({ source }) => source),
    ...all.flatMap((service) => service.secrets ?? []),
  ];
  return { used: new Set(used), known: new Set([volumes, configs, secrets].flatMap(Object.keys)) };
}

/** The commands of dynonym at the head of a file. */
const commandsIn = (file: string): readonly string[] =>
  [...read(file).matchAll(/^# .* run --rm (?:dynonym|one) (.*)$/gm)].map(([, words = '']) => words);

/** The lines of the configuration at the head of a file. */
const linesIn = (file: string): string =>
  [...read(file).matchAll(/^# {3}(\[.*\]|\w+ = .*)$/gm)].map(([, line]) => `${line}\n`).join('');

/** The files that containers find below /run, with the content that the services give them. */
const GIVEN = {
  '/run/keys/dynonym.key': `key "dynonym" {\n\talgorithm hmac-sha256;\n\tsecret "${secretText(KEYS.sha256)}";\n};\n`,
};

/** The address of the database, as the head of a file makes it. */
const addressIn = (file: string): string =>
  /^# {3}echo "(postgres:.*)" \\$/m.exec(read(file))?.[1]?.replace(/\$\(cat .*?\)/, '00ff') ?? '';

/** The settings after all that the head of a file says, as dynonym reads them. */
async function configured(file: string): Promise<Settings> {
  const folder = tempFolder();
  const configuration = join(folder, 'dynonym.toml');
  const given = { ...GIVEN, '/run/secrets/address': addressIn(file) };
  const placed = (text: string) =>
    Object.keys(given).reduce((all, path) => all.replace(path, join(folder, path.replace(/.*\//, ''))), text);
  for (const [path, content] of Object.entries(given)) writeFileSync(placed(path), content, { mode: 0o600 });
  for (const words of commandsIn(file).filter((one) => one.startsWith('configure'))) {
    const args = placed(words).replaceAll("'", '').split(' ');
    await configure([...args, '--config', configuration]);
  }
  writeFileSync(configuration, `${readFileSync(configuration, 'utf8')}\n${placed(linesIn(file))}`);
  const container = createContainer({ configurationFile: configuration, lockFile: '' });
  await loadSettings(container);
  return container.get(tokens.settings);
}

async function configure(args: readonly string[]): Promise<void> {
  const printed = new PassThrough();
  const absent = () => assert.fail('no command at the head of a file needs it');
  const code = await runCli(args, {
    env: {},
    stdin: Readable.from(['a password\n']),
    stdout: printed,
    stderr: printed,
    colorDepth: 1,
    signals: new EventEmitter(),
    exit: absent,
    openManagement,
    openService: absent,
    openCheck: absent,
    openDemo: absent,
    openHistory: absent,
    openImport: absent,
    openNames: absent,
    openStore: absent,
    openTestNotices: absent,
    openCopy: absent,
    openZones: absent,
  });
  assert.equal(code, 0, String(printed.read()));
}

for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'))) {
  describe(`packaging/compose/${file}`, () => {
    const { services } = compose(file);
    const ours = Object.values(services).filter(({ image }) => image === 'dynonym');

    it('builds the image from the Containerfile', () => {
      assert.ok(ours.length > 0);
      for (const { build } of ours) {
        assert.equal(resolve(FOLDER, build?.context ?? ''), resolve(REPOSITORY));
        assert.ok(existsSync(join(REPOSITORY, build?.dockerfile ?? '-')));
      }
    });

    it('lets dynonym write into its volume and nothing else, and gives it no privilege', () => {
      for (const { read_only, cap_drop, tmpfs, volumes = [] } of ours) {
        assert.deepEqual(
          { read_only, cap_drop, tmpfs },
          { read_only: true, cap_drop: ['ALL'], tmpfs: ['/tmp'] },
        );
        const written = volumes.map((volume) => volume.split(':')).filter(([, , mode]) => mode !== 'ro');
        assert.deepEqual(
          written.map(([, place]) => place),
          [shippedAs('VOLUME')],
        );
      }
    });

    it('publishes the port that the image exposes, each instance elsewhere', () => {
      const published = ours.map(({ ports = [] }) =>
        ports.filter((port) => port.endsWith(`:${shippedAs('EXPOSE')}`)),
      );
      for (const ports of published) assert.equal(ports.length, 1);
      assert.equal(new Set(published.flat()).size, ours.length);
    });

    it('names no volume, file or secret that is not in it, and has none that nobody uses', () => {
      const { used, known } = namesIn(compose(file));
      assert.deepEqual([...used].sort(), [...known].sort());
    });

    it('begins with commands that dynonym has', () => {
      const commands = commandsIn(file);
      assert.ok(commands.length > 0);
      for (const words of commands) {
        assert.ok(
          DEFINITIONS.some(({ path }) => `dynonym ${words} `.startsWith(`${path} `)),
          words,
        );
      }
    });

    it('makes a configuration of them that dynonym takes, with a socket that the ports lead to', async () => {
      const { http } = await configured(file);
      assert.equal(socketText(http.socket), `[::]:${shippedAs('EXPOSE')}`);
    });
  });
}

it('packaging/compose/bind.yaml gives dynonym the key of BIND, and BIND as its primary', async () => {
  const { dns } = await configured('bind.yaml');
  assert.equal(dns.tsig?.name, 'dynonym');
  assert.equal('host' in dns.socket && dns.socket.host, 'bind');
});

it('packaging/compose/standby.yaml gives dynonym both hosts of the database, and the primary of BIND', async () => {
  const { store, dns } = await configured('standby.yaml');
  assert.deepEqual(store?.address.hosts, [
    { host: 'postgres', port: 5432 },
    { host: 'standby', port: 5432 },
  ]);
  assert.equal(dns.tsig?.name, 'dynonym');
  assert.equal('host' in dns.socket && dns.socket.host, 'bind');
});

it('packaging/compose/postgres.yaml gives dynonym the address of the database', async () => {
  const { store } = await configured('postgres.yaml');
  assert.deepEqual(store?.address.hosts, [{ host: 'postgres', port: 5432 }]);
});

for (const [file, conf] of [
  ['bind.yaml', 'named.conf'],
  ['standby.yaml', 'primary.conf'],
] as const) {
  it(`packaging/compose/${file} has the policy of docs/set-up.md, and dollar signs that are written for compose`, () => {
    const { configs = {} } = compose(file);
    const policy = 'update-policy { grant dynonym zonesub A AAAA; };';
    assert.ok(configs[conf]?.content.includes(policy));
    assert.ok(readFileSync(join(REPOSITORY, 'docs/set-up.md'), 'utf8').includes(policy));
    for (const { content } of Object.values(configs)) assert.doesNotMatch(content, /(^|[^$])\$([^$]|$)/);
  });
}
