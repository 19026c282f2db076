import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Alternating } from '../support/alternating.ts';
import { Authenticator } from '../support/authenticator.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { OpenStream } from '../support/event-source.ts';
import { freePort } from '../support/free-port.ts';
import { CLIENT, signInThere, startIdentityProvider } from '../support/identity-provider.ts';
import { Installation } from '../support/installation.ts';
import { Postgres } from '../support/postgres.ts';
import { DATABASE_TOOLS } from '../support/tools.ts';
import { until } from '../support/until.ts';
import { SITE, Visitor } from '../support/visitor.ts';

const PASSWORD = 'correct-horse-battery';
const HOME = 'home.example.org';

/** Nothing here needs the DNS: what a device reports cannot be written, and that is shown. */
describeWithTools('two instances on one PostgreSQL, behind one address', DATABASE_TOOLS, () => {
  let database: Postgres;
  let instances: readonly Installation[];
  let service: Alternating;
  let providerPort: number;

  before(async () => {
    providerPort = await freePort();
    database = await Postgres.start();
    const url = database.url(await database.createDatabase());
    instances = [new Installation(), new Installation()];
    for (const { folder } of instances) {
      writeFileSync(join(folder, 'database'), url, { mode: 0o600 });
      writeFileSync(join(folder, 'oidc.secret'), CLIENT.secret, { mode: 0o600 });
      writeFileSync(
        join(folder, 'dynonym.toml'),
        `[http]
socket = "127.0.0.1:0"
trusted_proxies = ["127.0.0.1"]
[dns]
socket = "127.0.0.1:9"
[web]
url = "${SITE}"
[web.oidc]
issuer = "http://127.0.0.1:${providerPort}"
client_id = "${CLIENT.id}"
client_secret_file = "oidc.secret"
name = "Login"
[store]
postgres_file = "database"
`,
        { mode: 0o600 },
      );
    }
    const [first] = instances as [Installation, Installation];
    await first.command(['store', 'migrate']);
    await first.addUser('alice', PASSWORD, HOME);
    await first.addUser('root', PASSWORD);
    await first.command(['configure', 'users', 'operator', 'root']);
    await first.command(['configure', 'users', 'oidc', 'alice', 'alice-there']);
    service = new Alternating(await Promise.all(instances.map((instance) => instance.serve())));
  });

  after(async () => {
    for (const instance of instances ?? []) await instance.stop();
    await database?.stop();
  });

  const visitor = () => new Visitor(service as never);

  describe('people', () => {
    test('sign in at one and go on at the other, until they sign out', async () => {
      const alice = visitor();
      await alice.signIn('alice', PASSWORD);
      for (let turn = 0; turn < 4; turn += 1) {
        await alice.open('/');
        assert.match(alice.text, /^My hosts/);
      }
      await alice.send('/sign-out');
      for (let turn = 0; turn < 2; turn += 1) {
        await alice.open('/');
        assert.doesNotMatch(alice.text, /^My hosts/);
      }
    });

    test('accept an invitation once, wherever it was made', async () => {
      const root = visitor();
      await root.signIn('root', PASSWORD);
      await root.open('/operator/people');
      const { body } = await root.send('/operator/people/invite', { grants: 'bob.example.org', below: '' });
      const [, link = ''] =
        /<code id="link">https:\/\/dyn\.example\.org(\/invitation\/[^<]+)</.exec(body) ?? [];
      const guests = [visitor(), visitor()] as const;
      for (const guest of guests) await guest.open(link);
      await Promise.all(
        guests.map((guest, turn) => guest.send(link, { user: `bob${turn}`, password: PASSWORD })),
      );
      assert.deepEqual(guests.map(({ path }) => path === '/setup').toSorted(), [false, true]);
    });

    test('who are the only two operators cannot dismiss each other at the same time', async () => {
      const [first] = instances as [Installation, Installation];
      await first.addUser('olga', PASSWORD);
      await first.command(['configure', 'users', 'operator', 'olga']);
      const [root, olga] = [visitor(), visitor()];
      await root.signIn('root', PASSWORD);
      await olga.signIn('olga', PASSWORD);
      await root.open('/operator/people/olga');
      await olga.open('/operator/people/root');
      const answers = await Promise.all([
        root.send('/operator/people/olga/operator', { admin: 'off' }),
        olga.send('/operator/people/root/operator', { admin: 'off' }),
      ]);
      const [one, other] = answers.map(({ status }) => status).toSorted((a, b) => a - b);
      assert.equal(one, 200);
      // Whoever is dismissed before the own form is looked at finds nothing there any more.
      assert.ok(other === 404 || other === 409, String(other));
      await first.command(['configure', 'users', 'operator', 'root']);
    });

    test('add a passkey and sign in by it', async () => {
      const alice = visitor();
      await alice.signIn('alice', PASSWORD);
      const authenticator = new Authenticator();
      await alice.open('/account');
      const made = await challengeFor(alice, '/account/passkeys', { name: 'Phone' });
      const answer = authenticator.make(made, { origin: SITE });
      await alice.send('/account/passkeys', { name: 'Phone', answer });
      assert.match(alice.text, /The passkey is added/);
      const again = visitor();
      await again.open('/');
      const asked = await challengeFor(again, '/sign-in/passkey');
      await again.send('/sign-in/passkey', { answer: authenticator.use(asked, { origin: SITE }) });
      assert.match(again.text, /^My hosts/);
    });

    test('sign in by the provider', async () => {
      await startIdentityProvider(`${SITE}/sign-in/oidc/callback`, {}, providerPort);
      const alice = visitor();
      await alice.open('/');

      const begun = await service.ask('/sign-in/oidc?next=', { headers: alice.requestHeaders });
      assert.equal(begun.status, 303);
      const back = await signInThere(String(begun.headers['location']), 'alice-there');
      await alice.open(`${back.pathname}${back.search}`, { headers: { 'Sec-Fetch-Site': 'cross-site' } });
      await alice.open('/');
      assert.match(alice.text, /^My hosts/);
    });

    test('see on the page of one what their device sends to the other', async () => {
      const alice = visitor();
      await alice.signIn('alice', PASSWORD);
      await alice.open('/setup');
      const form = formToken(alice);
      await alice.open('/setup', { form: { form, client: 'ddclient4', [`name:${HOME}`]: '1' } });
      const [, events = ''] = /data-live="([^"]*)"/.exec(alice.page.body) ?? [];
      const page = await OpenStream.open(
        service.nextPort,
        events.replaceAll('&amp;', '&'),
        alice.requestHeaders,
      );
      const wrong = { Authorization: `Basic ${Buffer.from('alice:wrong').toString('base64')}` };
      const report = () => service.ask(`/nic/update?hostname=${HOME}&myip=192.0.2.7`, { headers: wrong });
      // The next request goes to the other instance. Until it knows of the page, it does not tell.
      await until(
        async () => {
          await service.ask('/ip');
          assert.equal((await report()).status, 401);
          return page.events.some((event) => /password/i.test(event));
        },
        { what: 'the page to tell of a wrong password' },
      );
      page.response.destroy();
    });
  });

  test('one of them does the common work, and both are known', async () => {
    const sql = (statement: string) => database.sql(statement, 'test1');
    assert.equal(await sql('select count(*) from dynonym.instances'), '2');
    const count = 'select count(*) from dynonym.leases where until > now()';
    await until(async () => (await sql(count)) === '1', { what: 'one of them to have the lease' });
  });

  test('guesses through both meet the pause of one', async () => {
    const statuses: number[] = [];
    for (let guess = 0; guess < 14; guess += 1) {
      const login = Buffer.from(`alice:guess ${guess}`).toString('base64');
      const { status } = await service.ask(`/nic/update?hostname=${HOME}`, {
        headers: { Authorization: `Basic ${login}`, 'X-Forwarded-For': '203.0.113.99' },
      });
      statuses.push(status);
    }
    assert.deepEqual(statuses, [...Array.from({ length: 10 }, () => 401), 429, 429, 429, 429]);
  });

  test('of a user who is removed nothing is left', async () => {
    const sql = (statement: string) => database.sql(statement, 'test1');
    assert.notEqual(await sql(`select count(*) from dynonym.sessions where owner = 'alice'`), '0');
    await instances[0]?.command(['configure', 'users', 'rm', 'alice']);
    assert.equal(await sql(`select count(*) from dynonym.sessions where owner = 'alice'`), '0');
    assert.equal(await sql('select name from dynonym.removed_users'), 'alice');
  });
});

const formToken = (visitor: Visitor): string =>
  /name="form" value="([^"]*)"/.exec(visitor.page.body)?.[1] ?? '';

/** Asks for a challenge as the script of the page does. */
async function challengeFor(visitor: Visitor, action: string, fields: Record<string, string> = {}) {
  const { page } = visitor;
  const { body } = await visitor.open(`${action}/challenge`, {
    form: { form: formToken(visitor), ...fields },
  });
  visitor.page = page;
  return JSON.parse(body);
}
