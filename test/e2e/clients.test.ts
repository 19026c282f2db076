import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { Installation } from '../support/installation.ts';
import { startBind } from '../support/name-servers/bind.ts';
import { KEYS } from '../support/name-servers/keys.ts';
import type { NameServer } from '../support/name-servers/name-server.ts';
import { type ProcessResult, runProcess } from '../support/run-process.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { type Tool, toolPath } from '../support/tools.ts';

const PASSWORD = 's3cret-and_long';
/** How the names of users begin: every one of these clients can send that, if its snippet says it right. */
const USER = `o'brien "\\n" $HOME \${USER} 50% é;&|`;
const NAMES = ['home.dyn.example.test', 'cam.dyn.example.test'] as const;

/** What `dynonym snippet` says: the text on standard output, and the notes on standard error. */
type Printed = { readonly text: string; readonly notes: string };

/** A client as its user runs it: from a snippet that dynonym printed, in a folder of its own. */
type Client = {
  readonly tool: Tool;
  readonly snippet: string;
  /** What of the test's loopback addresses the client must be told to accept. */
  readonly accepts?: string;
  run(folder: string, text: string): Promise<ProcessResult>;
  /** How it comes to report an IPv6 address: over IPv6 itself, or by a script, as the notes have it. */
  readonly ipv6: { readonly host: string; readonly address: string; tell?(printed: Printed): string };
  /** How it is told to report both families in one run, as the notes have it. */
  both?(printed: Printed): string;
  /** Runs it as cron does, which mails what it prints. */
  fromCron?(folder: string, text: string): Promise<ProcessResult>;
  /** Whether it says that both names were answered with this word, and has no complaint. */
  believes(result: ProcessResult, code: 'good' | 'nochg'): boolean;
};

/** The line of one family alone, as the notes have it for who has no other. */
const only = (text: string, family: 4 | 6): string =>
  text
    .split('\n')
    .filter((line) => line.includes(` -${family} `))
    .join('\n');

/** The family that the server of the text has. */
const familyOf = (text: string): 4 | 6 => (text.includes('[::1]') ? 6 : 4);

const shell = (folder: string, text: string) =>
  runProcess('sh', ['-c', only(text, familyOf(text))], { cwd: folder });

const OVER_IPV6 = { host: '[::1]', address: '::1' };

/** Answers of the server, one a line, and nothing else. */
const printsAnswers: Client['believes'] = ({ status, stdout }, code) =>
  status === 0 && new RegExp(`^(?:${code} \\S+\n){2}$`).test(stdout);

/** Writes what a note tells to write, in place of what it names. */
function asNoted({ text, notes }: Printed): string {
  const [, wanted = '', present = ''] = /write `(.*?)` in place of `(.*?)`/.exec(notes) ?? assert.fail(notes);
  assert.ok(text.includes(present), text);
  return text.replace(present, wanted);
}

/** Runs ddclient once in this folder, which also has what it remembers. */
async function ddclientIn(folder: string, text: string, ...flags: string[]): Promise<ProcessResult> {
  const file = join(folder, 'ddclient.conf');
  writeFileSync(file, text, { mode: 0o600 });
  const files = ['-file', file, '-cache', join(folder, 'cache')];
  return runProcess(toolPath('ddclient'), ['-daemon=0', ...flags, ...files]);
}

/** The block of inadyn for one family. */
const block = (text: string, number: 1 | 2): string =>
  new RegExp(`^custom dynonym:${number} \\{\\n[\\s\\S]*?^\\}\\n`, 'm').exec(text)?.[0] ?? assert.fail(text);

/** The test's server has a different address for each family, and no name. */
const checkedOverIpv6 = (text: string): string =>
  text.replace(/(curl -6fsS http:\/\/)127\.0\.0\.1/, '$1[::1]');

const CLIENTS: readonly Client[] = [
  {
    tool: 'ddclient',
    snippet: 'ddclient',
    run: (folder, text) => ddclientIn(folder, text, '-noquiet', '-verbose', '-force'),
    fromCron: (folder, text) => ddclientIn(folder, text),
    // Version 3.10 connects over IPv4 only.
    ipv6: { host: '127.0.0.1', address: '::1', tell: (printed) => checkedOverIpv6(asNoted(printed)) },
    believes: ({ status, stdout, stderr }, code) =>
      status === 0 &&
      !/FAILED/.test(stdout + stderr) &&
      // It warns of `nochg` itself, because it was told to report all the same.
      !/^WARNING:(?!\s+updating \S+: nochg)/m.test(stdout + stderr) &&
      NAMES.every((name) =>
        new RegExp(`(?:SUCCESS|WARNING):\\s+updating ${name}: ${code}`).test(stdout + stderr),
      ),
  },
  {
    tool: 'inadyn',
    snippet: 'inadyn',
    accepts: 'verify-address = false\n',
    async run(folder, printed) {
      // Without what the test says of families, as for a machine that has IPv4 alone.
      const text = printed.includes('[::1]') ? printed : printed.replace(block(printed, 2), '');
      const file = join(folder, 'inadyn.conf');
      writeFileSync(file, text, { mode: 0o600 });
      const flags = ['-n', '-1', '--force', '-l', 'debug', '-f', file, '--cache-dir', folder];
      return runProcess(toolPath('inadyn'), flags);
    },
    ipv6: {
      host: '127.0.0.1',
      address: '::1',
      tell: ({ text }) => checkedOverIpv6(text.replace(block(text, 1), '')),
    },
    both: ({ text }) => checkedOverIpv6(text),
    believes({ status, stdout, stderr }, code) {
      const codes = [...(stdout + stderr).matchAll(/^(good|nochg) \S+$/gm)].map(([, said]) => said);
      return status === 0 && codes.length >= NAMES.length && codes.every((said) => said === code);
    },
  },
  { tool: 'curl', snippet: 'curl', run: shell, ipv6: OVER_IPV6, believes: printsAnswers },
  { tool: 'wget', snippet: 'wget', run: shell, ipv6: OVER_IPV6, believes: printsAnswers },
  {
    tool: 'busybox',
    snippet: 'wget',
    run: (folder, text) =>
      runProcess('sh', ['-c', `busybox ${only(text, familyOf(text)).replace(/ -[46]/, '')}`], {
        cwd: folder,
      }),
    ipv6: OVER_IPV6,
    believes: printsAnswers,
  },
];

describeWithTools('a client of a program that serves', ['named', 'dig', 'nsupdate'], () => {
  let bind: NameServer;
  let installation: Installation;
  let port: string;

  before(async () => {
    bind = await startBind();
    installation = await Installation.create(bind, KEYS.sha256, '[::]:0');
    port = new URL(await installation.serve()).port;
  });
  after(async () => {
    const output = await installation.stop();
    await bind.stop();
    assert.ok(!output?.stderr.includes(PASSWORD), 'the password is in the log');
  });

  for (const client of CLIENTS) {
    describeWithTools(client.tool, [client.tool], () => {
      const { tool, snippet, accepts = '', run, ipv6, both, fromCron, believes } = client;
      /** One for each client, so that no wrong password of one pauses another. */
      const user = `${USER}${tool}`;
      /** The names as they are before the first client. */
      const forgetNames = () => bind.nsupdate(NAMES.map((name) => `update delete ${name}`).join('\n'));

      before(async () => {
        await forgetNames();
        await installation.addUser(user, PASSWORD, ...NAMES);
      });

      const print = async (host: string, password: string): Promise<Printed> => {
        const { status, stdout, stderr } = await installation.run([
          ...['snippet', snippet, '--user', user, '--url', `http://${host}:${port}`],
          ...NAMES.flatMap((name) => ['--domain', name]),
        ]);
        assert.equal(status, 0, stderr);
        return { text: accepts + stdout.replaceAll('PASSWORD', password), notes: stderr };
      };
      const holds = async (type: 'A' | 'AAAA') => {
        const found = await Promise.all(NAMES.map((name) => bind.query(name, type)));
        return found.map(({ answers }) => answers.map(({ data }) => data).join());
      };
      const believesThat = async (code: 'good' | 'nochg', text: string) => {
        const result = await run(tempFolder(), text);
        assert.ok(believes(result, code), result.stdout + result.stderr);
      };
      /** Runs it twice: the second time is a success as well, and nothing is sent to the primary. */
      const believesThatOnce = async (text: string) => {
        await believesThat('good', text);
        const serial = await bind.serial();
        await believesThat('nochg', text);
        assert.equal(await bind.serial(), serial);
      };

      it('reports its address with the printed snippet, the zone is right, and again changes nothing', async () => {
        await believesThatOnce((await print('127.0.0.1', PASSWORD)).text);
        assert.deepEqual(await holds('A'), ['127.0.0.1', '127.0.0.1']);
      });

      it('takes a wrong password for a failure, and nothing is changed', async () => {
        const serial = await bind.serial();
        const result = await run(tempFolder(), (await print('127.0.0.1', 'wrong')).text);
        assert.ok(!believes(result, 'good') && !believes(result, 'nochg'), result.stdout + result.stderr);
        assert.equal(await bind.serial(), serial);
      });

      it('works with an update token in place of the password', async () => {
        const add = ['configure', 'users', 'token', 'add', user, '--name', tool];
        const token = (await installation.command(add)).trim();
        await believesThat('nochg', (await print('127.0.0.1', token)).text);
      });

      it('reports an IPv6 address, again changes nothing, and IPv4 stays', async () => {
        const printed = await print(ipv6.host, PASSWORD);
        await believesThatOnce(ipv6.tell?.(printed) ?? printed.text);
        assert.deepEqual(await holds('AAAA'), [ipv6.address, ipv6.address]);
        assert.deepEqual(await holds('A'), ['127.0.0.1', '127.0.0.1']);
      });

      if (fromCron !== undefined) {
        it('prints no warning when cron runs it, and nothing when the address is the same', async () => {
          await forgetNames();
          const { text } = await print('127.0.0.1', PASSWORD);
          const folder = tempFolder();
          const first = await fromCron(folder, text);
          assert.match(first.stdout + first.stderr, /^(?:SUCCESS: .*\n){2}$/);
          assert.deepEqual(await holds('A'), ['127.0.0.1', '127.0.0.1']);
          const { status, stdout, stderr } = await fromCron(folder, text);
          assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: '', stderr: '' });
        });
      }

      if (both !== undefined) {
        it('reports both families in one run, and again changes nothing', async () => {
          await forgetNames();
          await believesThatOnce(both(await print('127.0.0.1', PASSWORD)));
          assert.deepEqual(await holds('A'), ['127.0.0.1', '127.0.0.1']);
          assert.deepEqual(await holds('AAAA'), [ipv6.address, ipv6.address]);
        });
      }
    });
  }
});
