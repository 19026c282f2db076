import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, it } from 'node:test';
import { buildContext, readContainerFile, readCopy } from '../support/container-file.ts';
import { REPOSITORY } from '../support/run-program.ts';

const STAGES = readContainerFile();
const SHIPPED = STAGES.at(-1)?.steps ?? [];

const copies = STAGES.flatMap(({ steps }) => steps)
  .filter(({ name }) => name === 'COPY')
  .map(({ rest }) => readCopy(rest));

const restOf = (name: string) => SHIPPED.findLast((step) => step.name === name)?.rest ?? '';

describe('the container file', () => {
  it('copies only what is there: files of the sources, and stages that come before', () => {
    const stages = STAGES.slice(0, -1).map(({ name }) => name);
    for (const { stage, from } of copies) {
      if (stage !== undefined) assert.ok(stages.includes(stage), stage);
      else for (const file of from) assert.ok(existsSync(join(REPOSITORY, file)), file);
    }
  });

  it('is given what it copies, and nothing else', () => {
    const copied = copies.filter(({ stage }) => stage === undefined).flatMap(({ from }) => from);
    assert.deepEqual(buildContext().toSorted(), [...new Set(copied)].sort());
  });

  it('builds in one stage and ships another, on a Node.js that can be chosen', () => {
    assert.equal(STAGES.length, 2);
    for (const { image } of STAGES) assert.ok(Number(/node:(\d+)/.exec(image)?.[1]) >= 20, image);
    for (const { image } of readContainerFile({ NODE: 'node:22-alpine' }))
      assert.equal(image, 'node:22-alpine');
    assert.ok(!SHIPPED.some(({ rest }) => rest.includes('npm')));
  });

  it('runs as a user who is not root, whether or not the image has a name for it', () => {
    assert.match(restOf('USER'), /^[1-9]\d*:[1-9]\d*$/);
  });

  it('is healthy by what its configuration says', () => {
    const check = restOf('HEALTHCHECK');
    const [command, script, file] = JSON.parse(check.slice(check.indexOf('[')));
    assert.equal(command, 'node');
    const folder = SHIPPED.find(({ name }) => name === 'WORKDIR')?.rest ?? '';
    assert.ok(existsSync(join(REPOSITORY, relative(folder, script))), script);
    assert.ok(JSON.parse(restOf('CMD')).includes(file), file);
  });
});
