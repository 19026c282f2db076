import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { socketText } from '../../src/domain/socket-address.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { freePort } from '../support/free-port.ts';
import { fuzzRuns } from '../support/fuzz-runs.ts';
import { Installation } from '../support/installation.ts';
import { keepSecret } from '../support/kept-output.ts';
import { BIND } from '../support/name-servers/bind.ts';
import { KEYS, secretText } from '../support/name-servers/keys.ts';
import { NameServer } from '../support/name-servers/name-server.ts';
import { DYN_ZONE } from '../support/name-servers/zones.ts';
import { startPgBouncer } from '../support/pgbouncer.ts';
import { Postgres } from '../support/postgres.ts';
import { DATABASE_TOOLS } from '../support/tools.ts';
import { until } from '../support/until.ts';
import { type CountingClient, CountingLoad, othersOf, zoneOf } from './faults/counting-load.ts';
import { ROUNDS } from './faults/fault-rounds.ts';

/** Users of the load, and names of each: as many clients as names. */
const USERS = fuzzRuns(3, 8);
const NAMES_OF_EACH = 8;
/** Updates of the load until it counts as running. */
const SOME = 100;
/** Milliseconds between an answer and the next request of a client. */
const REST = 100;
/** Instances that are killed, one after the other. */
const KILLS = 3 * ROUNDS;
/** Tries of a client, each at the next instance, until it has to succeed while instances are killed. */
const MOST_TRIES = 6;
/** Milliseconds for which the database is frozen at least. */
const FROZEN = fuzzRuns(3_000, 30_000);
/** Users whom no instance has met when the database goes away: one for each trouble. */
const STRANGERS = ['frozen', 'promoted'] as const;
const PASSWORD = 'a password of the manager';
/** Attempts until a change has to be in force. An instance asks for changes every 0.4 s. */
const TRIES = 50;

type Instance = { readonly installation: Installation; readonly url: string };

describeWithTools('three instances under load, on PostgreSQL', [...DATABASE_TOOLS, ...BIND.tools], () => {
  let database: Postgres;
  let standby: Postgres;
  let primary: NameServer;
  let name: string;
  let instances: readonly Instance[];
  let secrets: ReadonlyMap<string, string>;
  let clients: readonly CountingClient[];
  let load: CountingLoad;
  let others: readonly string[];
  let manager: Manager;

  before(async () => {
    [database, primary] = await Promise.all([Postgres.start(), NameServer.start(BIND)]);
    name = await database.createDatabase();
    standby = await database.standby({ synchronous: true });
    const url = database.url(name).replace(/@([^/]*)/, `@$1,127.0.0.1:${standby.port}`);
    instances = await Promise.all(Array.from({ length: 3 }, () => installed(primary, url)));
    const [{ installation }] = instances as [Instance];
    await installation.command(['store', 'migrate']);
    secrets = await addUsers(installation);
    clients = loadUsers().flatMap(({ user, names }) =>
      names.map((own) => ({ name: own, user, secret: secrets.get(user) as string })),
    );
    const managing = await installation.command([
      ...['configure', 'users', 'token', 'add', 'manager', '--api', 'write', '--name', 'managing'],
    ]);
    manager = new Manager(
      instances.map(({ url }) => url),
      managing.trim(),
    );
    await Promise.all(instances.map(({ installation }) => installation.serve()));
    others = othersOf(await zoneOf(primary), clients);
    const urls = instances.map(({ url }) => url);
    load = new CountingLoad(urls, clients, REST);
    load.start();
    await known();
  });

  after(async () => {
    await manager?.stop();
    await load?.stop();
    for (const { installation } of instances ?? []) await installation.stop();
    await Promise.all([primary?.stop(), standby?.stop(), database?.stop()]);
  });

  const update = async ({ url }: Instance, user: string, host = `${user}.${DYN_ZONE}`, secret?: string) => {
    const login = Buffer.from(`${user}:${secret ?? secrets.get(user)}`).toString('base64');
    const answer = await fetch(`${url}/nic/update?hostname=${host}&myip=192.0.2.7`, {
      headers: { Authorization: `Basic ${login}`, Connection: 'close' },
    });
    return `${answer.status} ${(await answer.text()).trim()}`;
  };

  /** No update that was acknowledged is lost, and nothing that nobody asked for is there. */
  const assertZone = async () => {
    await load.stop();
    const zone = await zoneOf(primary);
    load.assertHeldBy(zone);
    const unexpected = othersOf(zone, clients).filter((line) => !others.includes(line));
    for (const line of unexpected) assert.match(line, /^(?:frozen|promoted|leaver)\.\S+ A 192\.0\.2\.7$/);
    load.start();
  };

  /** Gives what the clients heard besides success since it was asked last. */
  const troubles = () => {
    const heard = [...load.troubles.keys()];
    load.troubles.clear();
    return heard;
  };

  /** From now on each instance knows each user. */
  const known = async () => {
    await load.servedBy(
      instances.map(({ url }) => url),
      'every instance to know every user',
    );
    troubles();
  };

  const all = <Outcome>(act: (instance: Instance) => Promise<Outcome>) => Promise.all(instances.map(act));

  test('of one that is killed, and of one that is new, the clients come back through another and succeed', async () => {
    load.mostTries = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const killed = instances[kill % instances.length] as Instance;
      const alive = instances.filter((instance) => instance !== killed).map(({ url }) => url);
      killed.installation.server.kill('SIGKILL');
      await killed.installation.server.end();
      await load.servedBy(alive, 'the others to serve every client');
      await killed.installation.serve();
      await load.servedBy([killed.url, ...alive], 'all of them to serve every client');
    }
    // Nobody heard anything final.
    for (const heard of troubles()) assert.match(heard, /^(?:no connection|911)$/);
    assert.ok(load.mostTries <= MOST_TRIES, `${load.mostTries} tries`);
    await assertZone();
  });

  test('connections that the database cuts are noticed by nobody', async () => {
    for (let cut = 0; cut < 3 * ROUNDS; cut += 1) {
      await database.cutConnections();
      await load.progress(SOME, 'the load to go on');
    }
    assert.deepEqual(troubles(), []);
    await assertZone();
  });

  test('a frozen database is noticed by users who are not known, and they succeed later', async () => {
    const began = performance.now();
    await database.freeze();
    assert.deepEqual(new Set(await all((instance) => update(instance, 'frozen'))), new Set(['503 911']));
    await load.progress(SOME, 'known users to go on');
    await until(() => performance.now() - began > FROZEN, { what: 'the end of the frost' });
    await load.progress(SOME, 'known users to go on');
    database.thaw();
    await all((instance) =>
      until(async () => /^200 (?:good|nochg) /.test(await update(instance, 'frozen')), {
        what: 'a user who was not known to succeed',
      }),
    );
    assert.deepEqual(troubles(), []);
    await assertZone();
  });

  test('the end of the database, and a standby in its place, lose nothing that was acknowledged', async () => {
    manager.start();
    await manager.progress(5);
    await database.stop();
    assert.deepEqual(new Set(await all((instance) => update(instance, 'promoted'))), new Set(['503 911']));
    await load.progress(SOME, 'known users to go on');
    await standby.promote();
    await all((instance) =>
      until(async () => /^200 (?:good|nochg) /.test(await update(instance, 'promoted')), {
        what: 'a user who was not known to succeed',
      }),
    );
    await manager.progress(5);
    await manager.stop();
    await load.progress(SOME, 'known users to go on');
    assert.deepEqual(troubles(), []);
    await manager.assertKept();
    await assertZone();
  });

  test('what is taken away is taken away in all instances', async () => {
    const [{ installation }] = instances as [Instance];
    const configure = (words: string, stdin?: string) =>
      installation.command(['configure', 'users', ...words.split(' ')], stdin);
    const leaver = `leaver.${DYN_ZONE}`;
    const soon = (user: string, secret: string, expected: RegExp) =>
      all(async (instance) => {
        const heard: string[] = [];
        await until(
          async () => {
            const said = await update(instance, user, leaver, secret);
            heard.push(said);
            return expected.test(said) || heard.length >= TRIES;
          },
          { what: `${user} to hear ${expected}` },
        );
        assert.match(heard.at(-1) ?? '', expected);
      });
    const token = (await configure('token add leaver --name router')).trim();
    for (const secret of [PASSWORD, token]) await soon('leaver', secret, /^200 (?:good|nochg) /);
    await configure('pw leaver', `${PASSWORD}, changed\n`);
    await soon('leaver', PASSWORD, /^401 badauth$/);
    await soon('leaver', token, /^200 nochg /);
    await configure('token rm leaver router');
    await soon('leaver', token, /^401 badauth$/);
    await soon('leaver', `${PASSWORD}, changed`, /^200 nochg /);
    await configure(`deauth leaver ${leaver}`);
    await soon('leaver', `${PASSWORD}, changed`, /^404 nohost$/);
    await configure('rm leaver');
    await soon('leaver', `${PASSWORD}, changed`, /^401 badauth$/);
    assert.deepEqual(troubles(), []);
  });

  test('PgBouncer may stand between, which takes a connection away and gives another', async () => {
    const bouncer = await startPgBouncer(standby);
    await load.stop();
    await all(async ({ installation }) => {
      await installation.stop();
      writeFileSync(join(installation.folder, 'database'), bouncer.url(name));
      await installation.serve();
    });
    load.start();
    await known();
    manager.start();
    await manager.progress(5);
    for (let cut = 0; cut < 3 * ROUNDS; cut += 1) {
      await standby.cutConnections();
      await load.progress(SOME, 'the load to go on');
    }
    await manager.progress(5);
    await manager.stop();
    assert.deepEqual(troubles(), []);
    await manager.assertKept();
    await assertZone();
  });

  test('guesses through all of them meet the pause of one', async () => {
    await load.stop();
    const alone = () =>
      instances.flatMap(({ installation }) => [
        ...installation.server.stderr.matchAll(/Failed logins are counted by this instance alone/g),
      ]).length;
    // A machine that is too busy may keep the database from counting in time. Then each instance counts alone.
    for (let round = 1; ; round += 1) {
      const before = alone();
      const statuses: number[] = [];
      for (let guess = 0; guess < 14; guess += 1) {
        const login = Buffer.from(`manager:guess ${guess}`).toString('base64');
        const { url } = instances[guess % instances.length] as Instance;
        const { status } = await fetch(`${url}/nic/update?hostname=manager.${DYN_ZONE}`, {
          headers: { Authorization: `Basic ${login}`, 'X-Forwarded-For': `203.0.113.${round}` },
        });
        statuses.push(status);
      }
      if (alone() > before && round < 5) continue;
      assert.deepEqual(statuses, [...Array.from({ length: 10 }, () => 401), 429, 429, 429, 429]);
      break;
    }
  });
});

/** Users of the load with their names. */
const loadUsers = () =>
  Array.from({ length: USERS }, (_, turn) => ({
    user: `user${turn}`,
    names: Array.from({ length: NAMES_OF_EACH }, (_name, index) => `load${turn}-${index}.${DYN_ZONE}`),
  }));

/** Adds everybody. Gives the secrets of their tokens. */
async function addUsers(installation: Installation): Promise<ReadonlyMap<string, string>> {
  const lines = loadUsers().map(({ user, names }) => `${user}: ${names.join(' ')}\n`);
  const others = STRANGERS.map((user) => `${user}: ${user}.${DYN_ZONE}\n`);
  writeFileSync(join(installation.folder, 'users'), [...lines, ...others].join(''));
  const printed = await installation.command(['configure', 'users', 'add', '--from', 'users']);
  for (const user of ['manager', 'leaver']) {
    await installation.addUser(user, PASSWORD, `${user}.${DYN_ZONE}`);
  }
  const pairs = printed
    .trim()
    .split('\n')
    .map((line) => line.split(':') as [string, string]);
  keepSecret(...pairs.map(([, secret]) => secret));
  return new Map(pairs);
}

async function installed(primary: NameServer, database: string): Promise<Instance> {
  const installation = new Installation();
  const url = `http://127.0.0.1:${await freePort()}`;
  const write = (name: string, text: string) =>
    writeFileSync(join(installation.folder, name), text, { mode: 0o600 });
  write('secret', secretText(KEYS.sha256));
  write('database', database);
  write(
    'dynonym.toml',
    `[http]
socket = "${url.slice('http://'.length)}"
trusted_proxies = ["127.0.0.1"]
[dns]
socket = "${socketText(primary.socket)}"
[dns.tsig]
name = "${KEYS.sha256.name}"
algorithm = "${KEYS.sha256.algorithm}"
secret_file = "secret"
[web]
url = "${url}"
[store]
postgres_file = "database"
`,
  );
  return { installation, url };
}

/** Adds tokens and removes them, by the API of one instance after the other, and remembers what was acknowledged. */
class Manager {
  readonly #urls: readonly string[];
  readonly #headers: Readonly<Record<string, string>>;
  /** Names of tokens, and whether they are there, as it was acknowledged last. */
  readonly #acknowledged = new Map<string, boolean>();
  /** Whoever got no answer does not know. */
  readonly #unknown = new Set<string>();
  #done = 0;
  #turn = 0;
  #stopped = false;
  #working: Promise<void> = Promise.resolve();

  constructor(urls: readonly string[], secret: string) {
    this.#urls = urls;
    this.#headers = {
      Authorization: `Bearer ${secret}`,
      Connection: 'close',
      'Content-Type': 'application/json',
    };
  }

  start(): void {
    this.#stopped = false;
    this.#working = this.#work();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#working;
  }

  async progress(count: number): Promise<void> {
    const goal = this.#done + count;
    await until(() => this.#done >= goal, { what: 'changes to be acknowledged' });
  }

  /** Each instance tells of everything as it was acknowledged. */
  async assertKept(): Promise<void> {
    for (const url of this.#urls) {
      const answer = await fetch(`${url}/api/v1/tokens`, { headers: this.#headers });
      const text = await answer.text();
      for (const [name, isThere] of this.#acknowledged) {
        if (!this.#unknown.has(name)) assert.equal(text.includes(`"${name}"`), isThere, `${name}: ${text}`);
      }
    }
  }

  async #work(): Promise<void> {
    while (!this.#stopped) {
      this.#turn += 1;
      await this.#change(`kept-${this.#turn}`, true);
      // Few are there at the same time.
      if (this.#turn > 5) await this.#change(`kept-${this.#turn - 5}`, false);
    }
  }

  async #change(name: string, isAdded: boolean): Promise<void> {
    const url = `${this.#urls[this.#turn % this.#urls.length]}/api/v1/tokens`;
    const answer = isAdded
      ? await fetch(url, { method: 'POST', headers: this.#headers, body: JSON.stringify({ name }) })
      : await fetch(`${url}/${name}`, { method: 'DELETE', headers: this.#headers });
    const text = await answer.text();
    if (answer.ok) {
      if (isAdded) keepSecret((JSON.parse(text) as { readonly secret: string }).secret);
      this.#acknowledged.set(name, isAdded);
      this.#done += 1;
    } else {
      assert.ok(answer.status >= 500 || this.#unknown.has(name), `${name}: ${answer.status} ${text}`);
      this.#unknown.add(name);
    }
  }
}
