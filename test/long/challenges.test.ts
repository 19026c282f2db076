import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Installation } from '../support/installation.ts';
import { describeWithServers, PRIMARIES } from '../support/name-servers/describe-with-servers.ts';
import { KEYS } from '../support/name-servers/keys.ts';
import { nsupdate } from '../support/name-servers/nsupdate.ts';
import { DYN_ZONE } from '../support/name-servers/zones.ts';
import { Random } from '../support/random.ts';

const NAMES = ['one', 'two', 'three', 'four'].map((label) => `${label}.${DYN_ZONE}`);
const ALIASED = `aliased.${DYN_ZONE}`;

describeWithServers(PRIMARIES, (server) => {
  let installation: Installation;
  let url: string;
  let secret: string;

  before(async () => {
    installation = await Installation.create(server(), KEYS.sha256);
    installation.append(`\n[acme]\nzone = "acme.${DYN_ZONE}" # a part of the zone\n`);
    await installation.addUser('alice', 'correct-horse', ...NAMES, ALIASED);
    const token = ['configure', 'users', 'token', 'add', 'alice', '--certificates', '--name', 'all'];
    secret = (await installation.command(token)).trim();
    url = await installation.serve();
  });
  after(() => installation?.stop());

  const post = (path: string, body: object | undefined, headers: Record<string, string> = {}) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${secret}`, ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const httpreq = async (action: 'present' | 'cleanup', name: string, value: string) => {
    const answer = await post(`/acme/${action}`, { fqdn: `_acme-challenge.${name}.`, value });
    assert.ok(
      answer.ok || (action === 'present' && answer.status === 403),
      `${answer.status} ${await answer.text()}`,
    );
  };
  const textsAt = async (name: string) =>
    (await server().query(name, 'TXT')).answers.map(({ data }) => data).toSorted();
  const kept = () => JSON.parse(readFileSync(join(installation.folder, 'dynonym.challenges.json'), 'utf8'));
  const padded = (number: number) => String(number).padStart(43, 'v');

  test('a hundred at random at the same time leave what others have there, and nothing else', async () => {
    const foreign = NAMES.map((name) => `update add _acme-challenge.${name} 300 TXT "one" "two"`);
    assert.equal(await nsupdate(server().socket, foreign.join('\n'), KEYS.sha256), 'NOERROR');
    const theirs = await textsAt(`_acme-challenge.${NAMES[0]}`);
    assert.equal(theirs.length, 1);
    const random = new Random(12);
    await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const name = random.pick(NAMES);
        await httpreq('present', name, padded(index));
        await httpreq('cleanup', name, padded(index));
      }),
    );
    for (const name of NAMES) assert.deepEqual(await textsAt(`_acme-challenge.${name}`), theirs);
    assert.deepEqual(kept(), []);
  });

  test('an account for a domain elsewhere writes at its own name, and an alias leads there', async () => {
    const registered = await post('/acme-dns/register', undefined);
    assert.equal(registered.status, 201);
    const { username, password, subdomain, fulldomain } = (await registered.json()) as Record<string, string>;
    const account = { 'X-Api-User': String(username), 'X-Api-Key': String(password) };
    const updated = await post('/acme-dns/update', { subdomain, txt: padded(1) }, account);
    assert.equal(updated.status, 200);
    const cname = `update add _acme-challenge.${ALIASED} 300 CNAME ${fulldomain}.`;
    assert.equal(await nsupdate(server().socket, cname, KEYS.sha256), 'NOERROR');
    await httpreq('present', ALIASED, padded(2));
    assert.equal((await textsAt(String(fulldomain))).length, 2);
    await httpreq('cleanup', ALIASED, padded(2));
    await post('/acme/cleanup', { fqdn: fulldomain, value: padded(1) });
    assert.deepEqual([await textsAt(String(fulldomain)), kept()], [[], []]);

    assert.match(installation.configuration, /zone = "acme\.[a-z.]+" # a part of the zone/);
    const listed = await installation.command(['configure', 'users', 'token', 'list', 'alice']);
    const [tokens = ''] = listed.split('\n').filter((line) => line.startsWith('acme-'));
    assert.ok(tokens.includes(`: ${fulldomain} (for certificates)`), tokens);
    await installation.command([
      'configure',
      'users',
      'token',
      'rm',
      'alice',
      tokens.slice(0, tokens.indexOf(':')),
    ]);
    assert.doesNotMatch(installation.configuration, /challenge/);
  });
});
