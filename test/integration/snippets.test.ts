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
import { CAM, HOME } from '../unit/adapters/http/service.ts';

function print(id: string, name: string, url = new URL('https://ddns.example.org')): string {
  const snippet = SNIPPETS.find((one) => one.id === id) ?? assert.fail(`there is a client ${id}`);
  return snippet.write({ url, user: name, domains: [domainName(HOME), domainName(CAM)] });
}

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
    writeFileSync(file, print('dyndnsc', 'alice'));
    const { status, stdout, stderr } = await runProcess(toolPath('python3'), ['-c', DYNDNSC, file]);
    assert.equal(status, 0, stderr);
    const client = (hostname: string) => ({
      updater: 'dyndns2',
      'updater-url': 'https://ddns.example.org/nic/update',
      'updater-hostname': hostname,
      'updater-userid': 'alice',
      'updater-password': 'PASSWORD',
      detector: 'webcheck4',
      'detector-url': 'https://ddns.example.org/checkip',
      'detector-parser': 'plain',
    });
    assert.deepEqual(JSON.parse(stdout), { [HOME]: client(HOME), [CAM]: client(CAM) });
  });
});
