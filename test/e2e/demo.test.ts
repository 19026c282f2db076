import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { RunningProcess, runProcess } from '../support/run-process.ts';
import { REPOSITORY, startProgram } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

/** What the demonstration printed, once all of it is there. */
async function printedBy(demo: RunningProcess, within?: number): Promise<string> {
  return until(() => demo.stdout.includes('Ctrl-C') && demo.stdout, {
    what: 'the demonstration says how to go on',
    ...(within === undefined ? {} : { within }),
  });
}

/** Executes the lines that are there to be pasted, and gives what each of them answered. */
async function paste(printed: string): Promise<readonly string[]> {
  const lines = printed.match(/^ {2}(?:curl|dig) .*$/gm) ?? [];
  const answers: string[] = [];
  for (const line of lines) {
    const { status, stdout, stderr } = await runProcess('sh', ['-c', line]);
    assert.equal(status, 0, `${line}\n${stderr}`);
    answers.push(stdout);
  }
  return answers;
}

function folderOf(printed: string): string {
  const [, folder] = /Its files are in (\S+)/.exec(printed) ?? [];
  return folder ?? assert.fail(printed);
}

const portsOf = (printed: string): string =>
  /^dynonym serves .*$/m.exec(printed)?.[0] ?? assert.fail(printed);

const cookiesOf = ({ headers }: Response): string =>
  headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');

const EXPECTED = ['good 203.0.113.7\n', '203.0.113.7\n'];

describeWithTools('the demonstration', ['curl', 'dig'], () => {
  it('prints lines that put an address into the DNS, and leaves nothing behind on SIGINT', async () => {
    const demo = startProgram(['demo']);
    after(() => demo.kill('SIGKILL'));
    const printed = await printedBy(demo);
    const folder = folderOf(printed);
    assert.ok(existsSync(folder));

    assert.deepEqual(await paste(printed), EXPECTED);
    await until(() => /^[\d:]{8} {2}home\.dyn\.example\.test: good → 203\.0\.113\.7 /m.test(demo.stdout), {
      what: 'the update shows',
    });

    // As a browser does: it takes the form of the page with its cookie, and keeps the session.
    const [, user = '', password = ''] =
      /the user (\S+) with the password (\S+):/.exec(printed) ?? assert.fail(printed);
    const [pages = ''] = /http:\/\/127\.0\.0\.1:\d+\/$/m.exec(printed) ?? assert.fail(printed);
    const signIn = await fetch(pages);
    const [, form = ''] = /name="form" value="([^"]+)"/.exec(await signIn.text()) ?? [];
    const entered = await fetch(new URL('/sign-in', pages), {
      method: 'POST',
      redirect: 'manual',
      headers: { Origin: new URL(pages).origin, Cookie: cookiesOf(signIn) },
      body: new URLSearchParams({ form, user, password }),
    });
    assert.equal(entered.status, 303);
    const hosts = await fetch(pages, { headers: { Cookie: cookiesOf(entered) } });
    const shown = await hosts.text();
    assert.match(shown, /home\.dyn\.example\.test<\/a>.*203\.0\.113\.7/s);
    assert.match(shown, /href="\/operator"/);

    demo.kill('SIGINT');
    const { status, stderr } = await demo.end();
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
    assert.equal(existsSync(folder), false);
  });

  it('takes the next free ports beside another one', async () => {
    const demos = [startProgram(['demo'])];
    after(() => demos.map((demo) => demo.kill('SIGKILL')));
    const first = await printedBy(demos[0] as RunningProcess);
    const second = startProgram(['demo']);
    demos.push(second);
    const printed = await printedBy(second);
    assert.notEqual(portsOf(printed), portsOf(first));
    assert.deepEqual(await paste(printed), EXPECTED);
    for (const demo of demos) demo.kill('SIGTERM');
    assert.deepEqual(await Promise.all(demos.map(async (demo) => (await demo.end()).status)), [0, 0]);
  });
});

/** Installs all packages, so it runs where changes are judged, and where somebody asks for it. */
const SLOW =
  process.env['CI'] || process.env['DYNONYM_CLEAN_CLONE']
    ? {}
    : { skip: 'DYNONYM_CLEAN_CLONE=1 asks for it' };

describeWithTools('a fresh clone', ['curl', 'dig'], () => {
  it('shows a demonstration that works with the first command of README.md', SLOW, async () => {
    const clone = join(tempFolder(), 'clone');
    const cloned = await runProcess('git', ['clone', '-q', REPOSITORY, clone]);
    assert.equal(cloned.status, 0, cloned.stderr);
    const readme = readFileSync(join(clone, 'README.md'), 'utf8');
    const [, command = ''] = /```sh\n(.*)\n```/.exec(readme) ?? [];
    assert.equal(command, 'npm ci && npm start');

    const env = { npm_config_audit: 'false', npm_config_prefer_offline: 'true', CI: undefined };
    const npm = new RunningProcess('sh', ['-c', command], { cwd: clone, env });
    after(() => npm.kill('SIGKILL'));
    const printed = await printedBy(npm, 240_000);
    const lock = readFileSync(join(folderOf(printed), 'dynonym.lock'), 'utf8');
    after(() => existsSync(folderOf(printed)) && process.kill(Number(lock), 'SIGKILL'));
    assert.deepEqual(await paste(printed), EXPECTED);

    // Ctrl-C on a terminal reaches the program itself, behind two shells and npm.
    process.kill(Number(lock), 'SIGINT');
    assert.equal((await npm.end()).status, 0);
    assert.equal(existsSync(folderOf(printed)), false);
  });
});
