import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { hashSync } from '@node-rs/bcrypt';
import { userSection } from '../support/fixtures.ts';
import { freePort } from '../support/free-port.ts';
import { runProgram } from '../support/run-program.ts';
import { ServedProgram } from '../support/served-program.ts';
import { until } from '../support/until.ts';

const HOME = 'home.dyn.example.org';
const CAM = 'cam.dyn.example.org';
const HASH = hashSync('s3cret', 4);

describe('the history of a server that runs', () => {
  let server: ServedProgram;
  const command = (line: string, input?: string) =>
    runProgram(line.split(' '), { cwd: server.folder, ...(input !== undefined && { input }) });
  const json = async (line: string) => JSON.parse((await command(`${line} --json`)).stdout);
  const update = async (host: string, address: string, user = 'alice') => {
    const authorization = `Basic ${Buffer.from(`${user}:s3cret`).toString('base64')}`;
    const headers = { authorization, 'user-agent': 'inadyn/2.12' };
    const answer = await fetch(`${server.urls[0]}/nic/update?hostname=${host}&myip=${address}`, { headers });
    return (await answer.text()).trim();
  };

  before(async () => {
    const dns = await freePort();
    server = await ServedProgram.start(`
[http]
socket = "127.0.0.1:0"
[log]
audit = "audit.log"
[nameserver]
sockets = ["127.0.0.1:${dns}"]
[[nameserver.zones]]
name = "dyn.example.org"
ns = ["ns1.example.net"]
${userSection('alice', HASH, [HOME])}
${userSection('bob', HASH, [CAM])}
`);
  });
  after(() => server.stop());

  it('is shown by commands while it is written', async () => {
    assert.equal(await update(HOME, '203.0.113.7'), 'good 203.0.113.7');
    assert.equal(await update(HOME, '203.0.113.7'), 'nochg 203.0.113.7');
    const [listed] = await until(
      async () => {
        const all = await json('hosts list');
        const home = all.filter((one: { name: string }) => one.name === HOME);
        return home[0]?.lastReport?.outcome === 'unchanged' && home;
      },
      { what: 'the report in the history' },
    );
    assert.deepEqual([listed.state, listed.ipv4], ['up to date', ['203.0.113.7']]);
    const events = await json(`hosts history ${HOME}`);
    assert.deepEqual(
      events.map(({ kind, outcome, program }: Record<string, string>) => [kind, outcome, program]),
      [
        ['reported', 'unchanged', 'inadyn/2.12'],
        ['reported', 'changed', 'inadyn/2.12'],
        ['visible', undefined, undefined],
        ['changed', undefined, undefined],
      ],
    );
    assert.equal(statSync(join(server.folder, 'dynonym.history.jsonl')).mode & 0o777, 0o600);
  });

  it('has changes of users by commands, also in the audit log', async () => {
    assert.equal((await command(`configure users auth alice nas.dyn.example.org`)).status, 0);
    const [deed] = await json('configure history');
    assert.deepEqual([deed.deed, deed.user, deed.name], ['name-granted', 'alice', 'nas.dyn.example.org']);
    const audited = readFileSync(join(server.folder, 'audit.log'), 'utf8').trim().split('\n');
    const { msg, by, way, user } = JSON.parse(audited.at(-1) ?? '');
    assert.deepEqual([msg, way, user], ['something was configured', 'command', 'alice']);
    assert.ok(by);
  });

  it('forgets a user who was removed', async () => {
    await update(CAM, '203.0.113.9', 'bob');
    const file = join(server.folder, 'dynonym.history.jsonl');
    await until(() => existsSync(file) && readFileSync(file, 'utf8').includes('"bob"'), { what: 'bob' });
    assert.equal((await command('configure users rm bob')).status, 0);
    // The server looks once a minute.
    await until(() => !readFileSync(file, 'utf8').includes('"bob"'), {
      what: 'the end of bob',
      within: 90_000,
    });
    assert.equal((await command(`hosts history ${CAM}`)).status, 1);
    const deeds = await json('configure history');
    assert.deepEqual(
      deeds.filter(({ user }: { user: string }) => user === 'bob').map(({ deed }: { deed: string }) => deed),
      ['user-removed'],
    );
  });
});
