import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { SNIPPETS } from '../../src/adapters/cli/snippets/clients-document.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { runProcess } from '../support/run-process.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toolPath } from '../support/tools.ts';
import { CAM, HOME, type Service, startService, user } from '../unit/adapters/http/service.ts';

const PASSWORD = 's3cret-and_long';
/** Characters that mean something to a shell, a URL or a file. */
const AWKWARD = `o'brien "$HOME" \${USER} 50%? & #1`;
/** And two that some clients lose. */
const MORE_AWKWARD = `${AWKWARD} \\n é`;

const urlOf = (service: Service) => new URL(`http://127.0.0.1:${service.port}`);

/** A service at which a user with that name may change two names. */
const serviceFor = (name: string): Promise<Service> =>
  startService({ users: [user(name, PASSWORD, [HOME, CAM])], hosts: [] });

function print(id: string, name: string, url = new URL('https://ddns.example.org')): string {
  const snippet = SNIPPETS.find((one) => one.id === id) ?? assert.fail(`there is a client ${id}`);
  const account = { url, user: name, domains: [domainName(HOME), domainName(CAM)] };
  assert.equal(snippet.refuse?.(account), undefined);
  return snippet.write(account);
}

/** A command line as systemd reads it (systemd.service(5), systemd.syntax(7)). */
function systemdWords(line: string): readonly string[] {
  return [...line.matchAll(/"((?:\\.|[^"\\])*)"|(\S+)/g)].map(([, inQuotes, bare = '']) =>
    (inQuotes?.replace(/\\(["\\])/g, '$1') ?? bare)
      .replace(/%(.?)/g, (_, next) => (next === '%' ? '%' : assert.fail(`%${next} is a specifier`)))
      .replace(/\$(.?)/g, (_, next) => (next === '$' ? '$' : assert.fail(`$${next} is a variable`))),
  );
}

describeWithTools('the unit for systemd', ['curl', 'systemd-analyze'], () => {
  it('runs curl, which reports the address of this machine', async () => {
    const service = await serviceFor(MORE_AWKWARD);
    const unit = print('systemd', MORE_AWKWARD, urlOf(service));
    const [command, ...args] = systemdWords(/^ExecStart=(.*)$/m.exec(unit)?.[1] ?? '');
    assert.equal(command, '/usr/bin/curl');
    for (const code of ['good', 'nochg']) {
      const { status, stdout, stderr } = await runProcess(
        toolPath('curl'),
        args.map((arg) => arg.replace('PASSWORD', PASSWORD)),
      );
      assert.equal(stdout, `${code} 127.0.0.1\n${code} 127.0.0.1\n`, stderr);
      assert.equal(status, 0);
    }
    assert.deepEqual(service.dns.addressesOf(CAM), ['127.0.0.1']);
  });

  it('has nothing that systemd does not know', async () => {
    const file = join(tempFolder(), 'dynonym-client.service');
    writeFileSync(file, print('systemd', MORE_AWKWARD));
    const { stderr } = await runProcess('systemd-analyze', ['verify', file]);
    assert.doesNotMatch(stderr, /Unknown|Failed|ignoring|invalid/i);
  });
});

/** Reads the configuration as dyndnsc does (`get_configuration`, `_iraw_client_configs`). */
const DYNDNSC = `
import configparser, json, sys
parser = configparser.ConfigParser()
parser.read(sys.argv[1])
names = [name.strip() for name in parser.get("dyndnsc", "configs").split(",") if name.strip()]
print(json.dumps({name: dict(parser.items(name)) for name in names}))
`;

describeWithTools('the configuration of dyndnsc', ['python3'], () => {
  it('lists a client for each name, with what it has to know', async () => {
    const file = join(tempFolder(), 'dyndnsc.conf');
    writeFileSync(file, print('dyndnsc', AWKWARD));
    const { status, stdout, stderr } = await runProcess(toolPath('python3'), ['-c', DYNDNSC, file]);
    assert.equal(status, 0, stderr);
    const client = (hostname: string) => ({
      updater: 'dyndns2',
      'updater-url': 'https://ddns.example.org/nic/update',
      'updater-hostname': hostname,
      'updater-userid': AWKWARD,
      'updater-password': 'PASSWORD',
      detector: 'webcheck4',
      'detector-url': 'https://ddns.example.org/checkip',
      'detector-parser': 'plain',
    });
    assert.deepEqual(JSON.parse(stdout), { [HOME]: client(HOME), [CAM]: client(CAM) });
  });
});
