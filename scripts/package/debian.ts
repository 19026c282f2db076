import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { REPOSITORY, readManifest } from './npm.ts';
import { run } from './run.ts';
import { inScratchFolder } from './scratch.ts';
import { type Architecture, EFFORT, layTree, type PackOptions } from './tree.ts';
import { makeUniform, sourceTime } from './uniform.ts';

const DEBIAN_NAMES: Readonly<Record<Architecture, string>> = { x64: 'amd64', arm64: 'arm64' };

const MAINTAINER = 'The dynonym authors <authors@dynonym.invalid>';

/** What Node.js is linked with, of what its project builds it for, and what the scripts of the package run. */
const DEPENDS = 'libc6 (>= 2.28), libgcc-s1, libstdc++6, adduser';

const START = `#!/bin/sh
exec /usr/lib/dynonym/node /usr/lib/dynonym/dist/main.js "$@"
`;

/** Where each shell looks for what completes a command. */
const COMPLETIONS = {
  bash: 'usr/share/bash-completion/completions/dynonym',
  zsh: 'usr/share/zsh/vendor-completions/_dynonym',
  fish: 'usr/share/fish/vendor_completions.d/dynonym.fish',
};

const SOURCES = join(REPOSITORY, 'packaging/debian');

/** Packs dynonym and its Node.js as `dynonym_VERSION_ARCHITECTURE.deb`, and gives the path. */
export function packForDebian(
  to: string,
  architecture: Architecture,
  { version = readManifest().version, effort = EFFORT }: PackOptions = {},
): Promise<string> {
  const file = join(to, `dynonym_${debianVersion(version)}_${DEBIAN_NAMES[architecture]}.deb`);
  return inScratchFolder(async (scratch) => {
    const root = join(scratch, 'root');
    const time = await sourceTime();
    const place = join(root, 'usr/lib/dynonym');
    mkdirSync(place, { recursive: true });
    await layTree(place, architecture, version);
    layDocumentation(root, place, changeLog(version, time));
    renameSync(join(place, 'node/bin/node'), join(place, 'node.new'));
    rmSync(join(place, 'node'), { recursive: true });
    renameSync(join(place, 'node.new'), join(place, 'node'));
    layMain(join(place, 'dist/main.js'));
    layUnits(root, place);
    await layHelp(root, place);
    write(root, 'usr/bin/dynonym', START, 0o755);
    write(root, 'usr/share/lintian/overrides/dynonym', readFileSync(join(SOURCES, 'lintian-overrides')));
    layControl(root, architecture, version);
    makeUniform(root, time);
    const compression = ['-Zgzip', `-z${effort}`]; // xz would save a fifth, and take minutes
    const env = { ...process.env, SOURCE_DATE_EPOCH: `${time}` };
    await run('dpkg-deb', ['--root-owner-group', ...compression, '--build', root, file], { env });
    return file;
  });
}

/** It is no program of its own here: what is in usr/bin gives it to the Node.js of the package. */
function layMain(file: string): void {
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^#!.*/, ''));
  chmodSync(file, 0o644);
}

/** A version with a word behind it comes before the one without, in Debian too. */
const debianVersion = (version: string): string => version.replace('-', '~');

function write(root: string, path: string, content: string | Buffer, mode = 0o644): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), content, { mode });
}

const zipped = (content: string | Buffer): Buffer => gzipSync(content, { level: 9 });

function layDocumentation(root: string, place: string, changes: string): void {
  const folder = 'usr/share/doc/dynonym';
  mkdirSync(join(root, folder), { recursive: true });
  renameSync(join(place, 'docs'), join(root, folder, 'docs'));
  for (const name of ['README.md', 'SECURITY.md']) renameSync(join(place, name), join(root, folder, name));
  write(root, `${folder}/CHANGELOG.md.gz`, zipped(readFileSync(join(place, 'CHANGELOG.md'))));
  write(root, `${folder}/changelog.gz`, zipped(changes));
  write(root, `${folder}/node.LICENSE.gz`, zipped(readFileSync(join(place, 'node/LICENSE'))));
  const licence = readFileSync(join(place, 'LICENSE'), 'utf8').replace(/^.*\n\n.*\n\n/, '');
  const lines = licence.trim().replace(/^$/gm, '.').replace(/^/gm, ' ');
  write(root, `${folder}/copyright`, `${readFileSync(join(SOURCES, 'copyright'), 'utf8')}${lines}\n`);
  for (const name of ['CHANGELOG.md', 'LICENSE']) rmSync(join(place, name));
}

function changeLog(version: string, time: number): string {
  const date = new Date(time * 1000).toUTCString().replace('GMT', '+0000');
  const head = `dynonym (${debianVersion(version)}) unstable; urgency=medium`;
  return `${head}\n\n  * All changes are in CHANGELOG.md.\n\n -- ${MAINTAINER}  ${date}\n`;
}

function layUnits(root: string, place: string): void {
  const units = 'lib/systemd/system';
  for (const name of ['dynonym.service', 'dynonym.socket']) {
    write(root, `${units}/${name}`, readFileSync(join(place, 'packaging', name)));
  }
  write(root, `${units}/dynonym.service.d/debian.conf`, readFileSync(join(SOURCES, 'service.conf')));
  rmSync(join(place, 'packaging'), { recursive: true });
}

/** Pages of the manual, and what completes commands in shells. */
async function layHelp(root: string, place: string): Promise<void> {
  for (const page of readdirSync(join(place, 'dist/man'))) {
    const content = readFileSync(join(place, 'dist/man', page));
    write(root, `usr/share/man/man${page.at(-1)}/${page}.gz`, zipped(content));
  }
  rmSync(join(place, 'dist/man'), { recursive: true });
  for (const [shell, path] of Object.entries(COMPLETIONS)) {
    write(root, path, await run(process.execPath, [join(REPOSITORY, 'dist/main.js'), 'completion', shell]));
  }
}

function layControl(root: string, architecture: Architecture, version: string): void {
  const description = String(readManifest()['description']);
  const size = Math.ceil(sizeOf(root) / 1024);
  const fields = [
    'Package: dynonym',
    `Version: ${debianVersion(version)}`,
    `Architecture: ${DEBIAN_NAMES[architecture]}`,
    `Maintainer: ${MAINTAINER}`,
    `Installed-Size: ${size}`,
    `Depends: ${DEPENDS}`,
    'Recommends: systemd',
    'Section: net',
    'Priority: optional',
    'Description: HTTP server that manages dynamic DNS records',
    ` ${description.replace(/(.{1,78})(?: |$)/g, '$1\n ').trim()}`,
    ' .',
    ' It brings its own Node.js.',
  ];
  write(root, 'DEBIAN/control', `${fields.join('\n')}\n`);
  for (const name of ['postinst', 'prerm', 'postrm'])
    write(root, `DEBIAN/${name}`, readFileSync(join(SOURCES, name)), 0o755);
}

function sizeOf(path: string): number {
  const { size } = lstatSync(path);
  if (!lstatSync(path).isDirectory()) return Math.ceil(size / 4096) * 4096;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 4096);
}
