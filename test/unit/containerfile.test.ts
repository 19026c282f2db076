import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, it } from 'node:test';
import { REPOSITORY } from '../support/run-program.ts';

/** The instructions, each with its continued lines in one. */
const INSTRUCTIONS = readFileSync(join(REPOSITORY, 'packaging/Containerfile'), 'utf8')
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => /^(\w+) (.*)$/.exec(line)?.slice(1) as [name: string, rest: string]);

const restsOf = (name: string) => INSTRUCTIONS.filter(([one]) => one === name).map(([, rest]) => rest);

/** Those of the stage that is shipped. */
const SHIPPED = INSTRUCTIONS.slice(INSTRUCTIONS.findLastIndex(([name]) => name === 'FROM'));

describe('the container file', () => {
  it('copies only what is there: files of the sources, and stages that come before', () => {
    const stages = restsOf('FROM').map((rest) => / AS (\w+)$/.exec(rest)?.[1]);
    for (const rest of restsOf('COPY')) {
      const words = rest.split(' ');
      const stage = /^--from=(\w+)$/.exec(words[0] ?? '')?.[1];
      if (stage !== undefined) assert.ok(stages.includes(stage), rest);
      else for (const file of words.slice(0, -1)) assert.ok(existsSync(join(REPOSITORY, file)), file);
    }
  });

  it('is given what it copies, and nothing else', () => {
    const given = readFileSync(join(REPOSITORY, '.dockerignore'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const copied = restsOf('COPY')
      .filter((rest) => !rest.startsWith('--from='))
      .flatMap((rest) => rest.split(' ').slice(0, -1));
    assert.deepEqual(given.toSorted(), [...new Set(copied)].sort());
  });

  it('builds in one stage and ships another, on a Node.js that dynonym runs on', () => {
    const images = restsOf('FROM');
    assert.equal(images.length, 2);
    for (const image of images) assert.ok(Number(/node:(\d+)/.exec(image)?.[1]) >= 20, image);
    assert.ok(!SHIPPED.some(([, rest]) => rest.includes('npm')));
  });

  it('runs as a user who is not root, from a command that is in the image', () => {
    const user = SHIPPED.findIndex(([name, rest]) => name === 'USER' && rest !== 'root' && rest !== '0');
    const entry = SHIPPED.findIndex(([name]) => name === 'ENTRYPOINT');
    assert.ok(user > 0 && user < entry);
    assert.match(SHIPPED.map(([, rest]) => rest).join('\n'), /dist\/main\.js \/usr\/local\/bin\/dynonym/);
  });

  it('is healthy by what its configuration says', () => {
    const [check = ''] = restsOf('HEALTHCHECK');
    const [command, script, file] = JSON.parse(check.slice(check.indexOf('[')));
    assert.equal(command, 'node');
    const folder = SHIPPED.find(([name]) => name === 'WORKDIR')?.[1];
    assert.ok(existsSync(join(REPOSITORY, relative(folder ?? '', script))), script);
    const served = JSON.parse(restsOf('CMD').at(-1) ?? '[]');
    assert.ok(served.includes(file), file);
  });
});
