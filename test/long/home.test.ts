import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { freePort } from '../support/free-port.ts';
import { Installation } from '../support/installation.ts';
import { runProcess } from '../support/run-process.ts';
import { PROGRAM, REPOSITORY } from '../support/run-program.ts';

const PAGE = readFileSync(join(REPOSITORY, 'docs/home.md'), 'utf8');

/** The commands of the steps for a FRITZ!Box, in their order. */
const [SET_UP = '', NAMES = '', SNIPPET = '', LOOK = ''] = [
  ...(PAGE.split('\n## FRITZ!Box with IPv6\n')[1]?.split('\n## ')[0] ?? '').matchAll(
    /^ *```sh\n([\s\S]*?)^ *```$/gm,
  ),
].map(([, block = '']) => block.replaceAll(/^ {3}/gm, ''));

/** What the box reports in place of the words in angle brackets. */
const REPORTED = {
  '<domain>': 'home.dyn.example.org',
  '<ipaddr>': '203.0.113.7',
  '<ip6addr>': '2001:db8:1:1200::1',
  '<ip6lanprefix>': '2001:db8:1:1200::/56',
};

const installation = new Installation();
after(() => installation.stop());

it('the steps of docs/home.md lead from an empty folder to right addresses of all devices behind the box', async () => {
  const socket = `127.0.0.1:${await freePort()}`;
  const program = PROGRAM.map((word) => `'${word}'`).join(' ');
  /** Runs commands of the page here: in this folder, and at ports that are free. */
  const shell = async (script: string, stdin = '') => {
    const here = script
      .replace('mkdir dynonym && cd dynonym\n', '')
      .replace('192.0.2.1:53', socket)
      .replace('[::]:443', '127.0.0.1:0');
    const all = `dynonym() { ${program} "$@"; }\n${here}`;
    const { status, stdout, stderr } = await runProcess('sh', ['-ec', all], {
      cwd: installation.folder,
      stdin,
    });
    assert.equal(status, 0, `${script}\n${stderr}`);
    return stdout;
  };

  await shell(SET_UP);
  await shell(NAMES, 's3cret\n');
  const url = await installation.serve();
  const snippet = await shell(SNIPPET);
  const template =
    /^Update URL: +https:\/\/ns1\.dyn\.example\.org(.*)$/m.exec(snippet)?.[1] ?? assert.fail(snippet);
  const path = Object.entries(REPORTED).reduce((text, [word, value]) => text.replace(word, value), template);
  const headers = { authorization: `Basic ${btoa('fritzbox:s3cret')}` };
  const answer = await (await fetch(`${url}${path}`, { headers })).text();
  assert.match(answer, /^good 203\.0\.113\.7/);

  const shown = await installation.command(['zone', 'show', 'dyn.example.org']);
  assert.match(shown, /^home\S*\s.*A\s+203\.0\.113\.7$/m);
  assert.match(shown, /^nas\S*\s.*AAAA\s+2001:db8:1:1200:211:32ff:fe12:3456$/m);
  assert.match(shown, /^cam\S*\s.*AAAA\s+2001:db8:1:1200:a:b:c:d$/m);
  const names = await shell(LOOK);
  for (const name of ['home', 'nas', 'cam']) assert.match(names, new RegExp(`${name}\\.dyn\\.example\\.org`));
});
