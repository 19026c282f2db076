import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, statSync } from 'node:fs';
import { basename, join, posix } from 'node:path';
import { buildContext, readCopy, type Stage } from './container-file.ts';
import type { RootFileSystem } from './root-file-system.ts';
import type { ProcessResult, RunningProcess } from './run-process.ts';
import { REPOSITORY } from './run-program.ts';

type Options = NonNullable<Parameters<RootFileSystem['run']>[1]>;

/** A root, with what its Containerfile says about running it. */
export class Image {
  readonly root: RootFileSystem;
  user = '0:0';
  folder = '/';
  readonly env: Record<string, string> = {};
  readonly volumes: string[] = [];
  entry: readonly string[] = [];
  command: readonly string[] = [];
  health: readonly string[] = [];

  constructor(root: RootFileSystem) {
    this.root = root;
  }

  start(command: readonly string[] = this.command, options: Options = {}): RunningProcess {
    return this.root.start([...this.entry, ...command], { ...this.#place, ...options });
  }

  run(command: readonly string[], options: Options = {}): Promise<ProcessResult> {
    return this.start(command, options).end();
  }

  /** The health check. */
  check(options: Options = {}): Promise<ProcessResult> {
    return this.root.run(this.health, { ...this.#place, ...options });
  }

  get #place(): Options {
    return { user: this.user, cwd: this.folder, env: this.env };
  }
}

/** Does what the instructions say, from a root in place of the image that they name. Gives the image of the last stage. */
export async function buildImage(
  stages: readonly Stage[],
  base: RootFileSystem,
  building: Options,
): Promise<Image> {
  const built = new Map<string | undefined, Image>();
  for (const { name, steps } of stages) {
    const image = new Image(await base.copy());
    for (const step of steps) await perform(image, step.name, step.rest, { built, building });
    built.set(name, image);
  }
  const last = built.get(undefined);
  assert.ok(last, 'the last stage has no name');
  return last;
}

type Build = { readonly built: ReadonlyMap<string | undefined, Image>; readonly building: Options };

async function perform(image: Image, name: string, rest: string, { built, building }: Build): Promise<void> {
  switch (name) {
    case 'ENV': {
      const [, key = '', value = ''] = /^(\w+)=(.*)$/.exec(rest) ?? assert.fail(rest);
      image.env[key] = value;
      return;
    }
    case 'WORKDIR':
      image.folder = rest;
      mkdirSync(image.root.path(rest), { recursive: true });
      return;
    case 'COPY':
      copy(image, rest, built);
      return;
    case 'RUN':
      await image.root.shell(rest, {
        ...building,
        user: image.user,
        cwd: image.folder,
        env: { ...building.env, ...image.env },
      });
      return;
    case 'USER':
      image.user = rest;
      return;
    case 'VOLUME':
      image.volumes.push(rest);
      return;
    case 'ENTRYPOINT':
      image.entry = JSON.parse(rest);
      return;
    case 'CMD':
      image.command = JSON.parse(rest);
      return;
    case 'HEALTHCHECK':
      image.health = JSON.parse(rest.slice(rest.indexOf('[')));
      return;
    case 'EXPOSE':
    case 'STOPSIGNAL':
      return;
    default:
      assert.fail(`${name} is not known here`);
  }
}

/** A folder is copied as its content, a file by its name into a folder. The sources are as umask 077 makes them. */
function copy(image: Image, rest: string, built: Build['built']): void {
  const { stage, from, to } = readCopy(rest);
  const target = image.root.path(posix.resolve(image.folder, to));
  for (const path of from) {
    if (stage === undefined) assert.ok(buildContext().includes(path), `${path} is not in the context`);
    const source = stage === undefined ? join(REPOSITORY, path) : built.get(stage)?.root.path(path);
    assert.ok(source, stage);
    const copied = statSync(source).isDirectory() ? target : join(target, basename(path));
    mkdirSync(target, { recursive: true });
    cpSync(source, copied, { recursive: true, preserveTimestamps: true });
    if (stage === undefined) execFileSync('chmod', ['-R', 'go=', copied]);
  }
}
