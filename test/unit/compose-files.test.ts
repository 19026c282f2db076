import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { DEFINITIONS } from '../../src/adapters/cli/cli.ts';
import { readContainerFile } from '../support/container-file.ts';
import { REPOSITORY } from '../support/run-program.ts';

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
      const commands = [...read(file).matchAll(/^# .* run --rm (?:dynonym|one) (.*)$/gm)].map(
        ([, words = '']) => words,
      );
      assert.ok(commands.length > 0);
      for (const words of commands) {
        assert.ok(
          DEFINITIONS.some(({ path }) => `dynonym ${words} `.startsWith(`${path} `)),
          words,
        );
      }
    });
  });
}

describe('packaging/compose/bind.yaml', () => {
  const { configs = {} } = compose('bind.yaml');

  it('has the policy of docs/set-up.md, and a zone file whose dollar signs are written for compose', () => {
    const policy = 'update-policy { grant dynonym zonesub A AAAA; };';
    assert.ok(configs['named.conf']?.content.includes(policy));
    assert.ok(readFileSync(join(REPOSITORY, 'docs/set-up.md'), 'utf8').includes(policy));
    for (const { content } of Object.values(configs)) assert.doesNotMatch(content, /(^|[^$])\$([^$]|$)/);
  });
});
