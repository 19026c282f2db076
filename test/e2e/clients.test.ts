import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
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

/** A client as its user runs it: from a snippet that dynonym printed, in a folder of its own. */
type Client = {
  readonly tool: Tool;
  readonly snippet: string;
  /** What of the test's loopback addresses the client must be told to accept. */
  readonly accepts?: string;
  run(folder: string, snippet: string): Promise<ProcessResult>;
  /** How it comes to report an IPv6 address: over IPv6 itself, or because it is told to. */
  readonly ipv6: { readonly host: string; readonly address: string; tell?(snippet: string): string };
  /** What it says when it believes that the update was made, or that nothing had to be. */
  succeeded(result: ProcessResult): boolean;
};

const shell = (folder: string, command: string) => runProcess('sh', ['-c', command], { cwd: folder });

const OVER_IPV6 = { host: '[::1]', address: '::1' };

const CLIENTS: readonly Client[] = [
  {
    tool: 'ddclient',
    snippet: 'ddclient',
    async run(folder, snippet) {
      const file = join(folder, 'ddclient.conf');
      writeFileSync(file, snippet);
      chmodSync(file, 0o600);
      const flags = ['-daemon=0', '-noquiet', '-verbose', '-force', '-file', file];
      return runProcess(toolPath('ddclient'), [...flags, '-cache', join(folder, 'cache')]);
    },
    // Version 3.10 connects over IPv4 only.
    ipv6: {
      host: '127.0.0.1',
      address: '2001:db8::7',
      tell: (snippet) => snippet.replace(/^use=web.*$/m, 'use=ip, ip=2001:db8::7'),
    },
    succeeded: ({ status, stdout, stderr }) =>
      status === 0 &&
      !/FAILED/.test(stdout + stderr) &&
      ['home', 'cam'].every((name) =>
        new RegExp(`(?:SUCCESS|WARNING):\\s+updating ${name}\\.dyn\\.example\\.test: (?:good|nochg)`).test(
          stdout + stderr,
        ),
      ),
  },
  {
    tool: 'inadyn',
    snippet: 'inadyn',
    accepts: 'verify-address = false\n',
    async run(folder, snippet) {
      const file = join(folder, 'inadyn.conf');
      writeFileSync(file, snippet);
      chmodSync(file, 0o600);
      const flags = ['-n', '-1', '--force', '-l', 'debug', '-f', file, '--cache-dir', folder];
      return runProcess(toolPath('inadyn'), flags);
    },
    ipv6: {
      host: '127.0.0.1',
      address: '2001:db8::7',
      tell: (snippet) => snippet.replace(/^ *checkip-server.*$/m, 'checkip-command = "echo 2001:db8::7"'),
    },
    succeeded: ({ status }) => status === 0,
  },
  {
    tool: 'curl',
    snippet: 'curl',
    run: shell,
    ipv6: OVER_IPV6,
    succeeded: ({ status, stdout }) => status === 0 && /^(?:(?:good|nochg) \S+\n){2}$/.test(stdout),
  },
  {
    tool: 'wget',
    snippet: 'wget',
    run: shell,
    ipv6: OVER_IPV6,
    succeeded: ({ status, stdout }) => status === 0 && /^(?:(?:good|nochg) \S+\n){2}$/.test(stdout),
  },
  {
    tool: 'busybox',
    snippet: 'wget',
    run: (folder, snippet) => shell(folder, `busybox ${snippet}`),
    ipv6: OVER_IPV6,
    succeeded: ({ status, stdout }) => status === 0 && /^(?:(?:good|nochg) \S+\n){2}$/.test(stdout),
  },
];

for (const { tool, snippet, accepts = '', run, ipv6, succeeded } of CLIENTS) {
  describeWithTools(tool, [tool, 'named', 'dig'], () => {
    let bind: NameServer;
    let installation: Installation;
    let port: string;

    before(async () => {
      bind = await startBind();
      installation = await Installation.create(bind, KEYS.sha256, '[::]:0');
      await installation.addUser('alice', PASSWORD, 'home.dyn.example.test', 'cam.dyn.example.test');
      port = new URL(await installation.serve()).port;
    });
    after(async () => {
      const output = await installation.stop();
      await bind.stop();
      assert.ok(!output?.stderr.includes(PASSWORD), 'the password is in the log');
    });

    const print = async (host: string, password: string) => {
      const text = await installation.command([
        ...['snippet', snippet, '--user', 'alice', '--url', `http://${host}:${port}`],
        ...['--domain', 'home.dyn.example.test', '--domain', 'cam.dyn.example.test'],
      ]);
      return accepts + text.replaceAll('PASSWORD', password);
    };
    const holds = async (type: 'A' | 'AAAA') => {
      const names = ['home.dyn.example.test', 'cam.dyn.example.test'];
      const found = await Promise.all(names.map((name) => bind.query(name, type)));
      return found.map(({ answers }) => answers.map(({ data }) => data).join());
    };

    it('reports its address with the printed snippet, and the zone is right', async () => {
      const result = await run(tempFolder(), await print('127.0.0.1', PASSWORD));
      assert.ok(succeeded(result), result.stdout + result.stderr);
      assert.deepEqual(await holds('A'), ['127.0.0.1', '127.0.0.1']);
    });

    it('reports it again: a success, and nothing is sent to the primary', async () => {
      const serial = await bind.serial();
      const result = await run(tempFolder(), await print('127.0.0.1', PASSWORD));
      assert.ok(succeeded(result), result.stdout + result.stderr);
      assert.equal(await bind.serial(), serial);
    });

    it('takes a wrong password for a failure, and nothing is changed', async () => {
      const serial = await bind.serial();
      const result = await run(tempFolder(), await print('127.0.0.1', 'wrong'));
      assert.ok(!succeeded(result), result.stdout + result.stderr);
      assert.equal(await bind.serial(), serial);
    });

    it('works with an update token in place of the password', async () => {
      const token = (
        await installation.command(['configure', 'users', 'token', 'add', 'alice', '--name', tool])
      ).trim();
      const result = await run(tempFolder(), await print('127.0.0.1', token));
      assert.ok(succeeded(result), result.stdout + result.stderr);
    });

    it('reports an IPv6 address, and IPv4 stays', async () => {
      const printed = await print(ipv6.host, PASSWORD);
      const result = await run(tempFolder(), ipv6.tell?.(printed) ?? printed);
      assert.ok(succeeded(result), result.stdout + result.stderr);
      assert.deepEqual(await holds('AAAA'), [ipv6.address, ipv6.address]);
      assert.deepEqual(await holds('A'), ['127.0.0.1', '127.0.0.1']);
    });
  });
}
