import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { createContainer, loadService } from '../../../../src/adapters/inversify/create-container.ts';
import { openService } from '../../../../src/adapters/inversify/openers.ts';
import { type Token, tokens } from '../../../../src/adapters/inversify/tokens.ts';
import { DEFAULT_SETTINGS, ONE_PROCESS, type Settings } from '../../../../src/application/manage/settings.ts';
import { whenStarted } from '../../../../src/application/ports/listener.ts';
import { type Metrics, noMetrics } from '../../../../src/application/ports/metrics.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { parseIpAddress } from '../../../../src/domain/ip-address.ts';
import { parsePassword } from '../../../../src/domain/password.ts';
import { parseUserName } from '../../../../src/domain/user.ts';
import { CountingTokenMint } from '../../../fakes/counting-token-mint.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { ManualListener } from '../../../fakes/manual-listener.ts';
import { MemoryAuthoritativeServers } from '../../../fakes/memory-authoritative-servers.ts';
import { MemoryChallengeStore } from '../../../fakes/memory-challenge-store.ts';
import { MemoryDnsUpdater } from '../../../fakes/memory-dns-updater.ts';
import { MemoryHistory } from '../../../fakes/memory-history.ts';
import { MemoryHostStore } from '../../../fakes/memory-host-store.ts';
import { MemoryManagementHistory } from '../../../fakes/memory-management-history.ts';
import { MemoryNoticeStore } from '../../../fakes/memory-notice-store.ts';
import { MemoryLockPlace, MemoryProcessLock } from '../../../fakes/memory-process-lock.ts';
import { MemorySettingsStore } from '../../../fakes/memory-settings-store.ts';
import { MemoryUserStore } from '../../../fakes/memory-user-store.ts';
import { PlainCredentialMemory } from '../../../fakes/plain-credential-memory.ts';
import { PlainPasswordHasher } from '../../../fakes/plain-password-hasher.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';
import { ScriptedNoticeSender } from '../../../fakes/scripted-notice-sender.ts';
import { ScriptedPrimaryProbe } from '../../../fakes/scripted-primary-probe.ts';
import { freePort } from '../../../support/free-port.ts';
import { valueIn } from '../../../support/parsed.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { until } from '../../../support/until.ts';

function files() {
  const folder = tempFolder();
  const configurationFile = join(folder, 'dynonym.toml');
  writeFileSync(configurationFile, '[http]\nsocket = "127.0.0.1:0"\n');
  return { configurationFile, lockFile: join(folder, 'dynonym.lock') };
}

describe('the container', () => {
  test('gives something for every token', async () => {
    const container = createContainer(files());
    await loadService(container);
    for (const [name, token] of Object.entries(tokens)) {
      assert.ok(container.get<unknown>(token as Token<unknown>) !== undefined, name);
    }
    await container.get(tokens.shutdown).close();
  });

  test('gives something for every token where HTTPS gets its certificate itself', async () => {
    const place = files();
    appendFileSync(
      place.configurationFile,
      '[http.tls.acme]\nnames = ["ddns.example.org"]\n[admin]\nsocket = "127.0.0.1:0"\n',
    );
    const container = createContainer(place);
    await loadService(container);
    for (const [name, token] of Object.entries(tokens)) {
      assert.ok(container.get<unknown>(token as Token<unknown>) !== undefined, name);
    }
    const [keeper] = container.get(tokens.certificateKeepers);
    assert.equal(container.get(tokens.certificateHealth), keeper);
    assert.match(await container.get(tokens.metricsReport).text(), /^dynonym_certificate_failed_orders 0$/m);
    await container.get(tokens.shutdown).close();
  });

  test('gives each thing once', async () => {
    const container = createContainer(files());
    await loadService(container);
    assert.equal(container.get(tokens.updateRecord), container.get(tokens.updateRecord));
    assert.equal(container.get(tokens.userStore), container.get(tokens.userStore));
  });

  test('knows how the primaries of this moment are, and asks none where nothing is updated', async () => {
    const container = createContainer(files());
    await loadService(container);
    const health = container.get(tokens.primaryHealth);
    assert.deepEqual(health.states(), []);
    container.get(tokens.dnsUpdater);
    const current = container.get(tokens.currentSettings);
    const { dns } = current.value;
    assert.deepEqual(health.states(), [{ primary: dns.socket, answers: true }]);
    const socket = { ...dns.socket, port: 5353 };
    current.replace({ ...current.value, dns: { ...dns, socket } });
    assert.deepEqual(health.states(), [{ primary: socket, answers: true }]);
    await container.get(tokens.shutdown).close();
  });

  test('rejects settings that are wrong before anything is made of them', async () => {
    const place = files();
    writeFileSync(place.configurationFile, '[http]\nport = 1\n[dns]\nttl = -1\n');
    await assert.rejects(loadService(createContainer(place)), (error: Error) => {
      assert.match(error.message, /http\.port/);
      assert.match(error.message, /dns\.ttl/);
      return true;
    });
  });

  test('runs the whole program on fakes of every port, and HTTP alone is real', async () => {
    const alice = valueIn(parseUserName('alice'));
    const passwords = new PlainPasswordHasher();
    const passwordHash = await passwords.hash('s3cret');
    const users = new MemoryUserStore([
      {
        name: alice,
        passwordHash,
        domains: [domainName('home.example.org')],
        offline: false,
        networks: [],
        tokens: [],
      },
    ]);
    const dns = new MemoryDnsUpdater('example.org');
    const lock = new MemoryLockPlace();
    const logger = new RecordingLogger();
    const settings: Settings = {
      ...DEFAULT_SETTINGS,
      http: {
        ...DEFAULT_SETTINGS.http,
        socket: { address: { family: 'ipv4', text: '127.0.0.1' }, port: 0 },
      },
    };

    const container = createContainer({ configurationFile: 'no such file', lockFile: 'no such file' });
    container.rebind(tokens.settingsStore).toConstantValue(new MemorySettingsStore(settings));
    container.rebind(tokens.userStore).toConstantValue(users);
    container.rebind(tokens.hostStore).toConstantValue(new MemoryHostStore([]));
    container.rebind(tokens.challengeStore).toConstantValue(new MemoryChallengeStore());
    container.rebind(tokens.history).toConstantValue(new MemoryHistory());
    container.rebind(tokens.managementHistory).toConstantValue(new MemoryManagementHistory());
    container.rebind(tokens.passwordHasher).toConstantValue(passwords);
    container.rebind(tokens.tokenMint).toConstantValue(new CountingTokenMint());
    const memory = new PlainCredentialMemory();
    container.rebind(tokens.credentialMemory).toConstantValue(memory);
    const probe = new ScriptedPrimaryProbe();
    container.rebind(tokens.primaryProbe).toConstantValue(probe);
    container.rebind(tokens.primaryReach).toConstantValue({ reach: async () => 'it is a fake' });
    container.rebind(tokens.secretPlace).toConstantValue({ openToEverybody: async () => ['a fake place'] });
    container.rebind(tokens.clock).toConstantValue(new ManualClock());
    container.rebind(tokens.logger).toConstantValue(logger);
    await loadService(container);
    container.rebind(tokens.history).toConstantValue(new MemoryHistory());
    container.rebind(tokens.authoritativeServers).toConstantValue(new MemoryAuthoritativeServers());
    container.rebind(tokens.noticeStore).toConstantValue(new MemoryNoticeStore());
    container.rebind(tokens.noticeSender).toConstantValue(new ScriptedNoticeSender());
    container.rebind(tokens.processLock).toConstantValue(new MemoryProcessLock(lock, 1));
    container.rebind(tokens.dnsUpdater).toConstantValue(dns);
    const logins: string[] = [];
    const metrics: Metrics = { ...noMetrics, loginJudged: (outcome) => void logins.push(outcome) };
    container.rebind(tokens.metrics).toConstantValue(metrics);

    const stop = new AbortController();
    const running = container.get(tokens.runService).run(stop.signal);
    after(() => stop.abort());
    const listening = await until(() => logger.at('info').find(({ event }) => event === 'Listening'), {
      what: 'the listener is there',
    });
    const [url] = listening.fields['addresses'] as readonly string[];
    const answer = await fetch(`${url}/nic/update?hostname=home.example.org&myip=203.0.113.7`, {
      headers: { Authorization: `Basic ${Buffer.from('alice:s3cret').toString('base64')}` },
    });
    assert.equal(await answer.text(), 'good 203.0.113.7\n');
    assert.deepEqual(dns.addressesOf('home.example.org'), ['203.0.113.7']);
    assert.ok(memory.knows(passwordHash, 's3cret'));
    assert.deepEqual(logins, ['authenticated']);

    await container.get(tokens.checkNames).run({ secondaries: false });
    assert.deepEqual(
      probe.calls.map(({ subject }) => subject.name),
      ['home.example.org'],
    );
    const [readiness] = await container.get(tokens.reportReadiness).execute();
    assert.equal(readiness?.trouble, 'it is a fake');
    const [finding] = await container.get(tokens.checkConfiguration).run();
    assert.deepEqual(finding, { code: 'readable-by-everybody', place: 'a fake place' });

    stop.abort();
    assert.deepEqual(await running, { kind: 'stopped' });
  });

  for (const [workers, warnings] of [
    [1, []],
    [3, [ONE_PROCESS]],
  ] as const) {
    test(`serves in one process where the configuration has ${workers} workers, and warns of more than one`, async () => {
      const place = files();
      writeFileSync(place.configurationFile, `[http]\nworkers = ${workers}\n`);
      const container = createContainer(place);
      const logger = new RecordingLogger();
      container.rebind(tokens.logger).toConstantValue(logger);
      await loadService(container);
      assert.deepEqual(
        logger.at('warn').map(({ event }) => event),
        warnings,
      );
      await container.get(tokens.shutdown).close();
    });
  }

  describe('with zones of its own', () => {
    const zones = async (http: string) => {
      const place = files();
      const data = join(dirname(place.configurationFile), 'zones');
      const text = `[http]\nsocket = "127.0.0.1:0"\n${http}
[nameserver]
sockets = ["127.0.0.1:${await freePort()}"]
data = "zones"
[[nameserver.zones]]
name = "dyn.example.org"
ns = ["ns.example.net"]
`;
      writeFileSync(place.configurationFile, text);
      return { ...place, files: () => (existsSync(data) ? readdirSync(data).toSorted() : []) };
    };

    test('leaves none of their files when a listener cannot start', async () => {
      const place = await zones('');
      const container = createContainer(place);
      await loadService(container);
      // Beside these stand a lock and the claims of who wanted it.
      assert.deepEqual(
        place.files().filter((name) => !name.startsWith('lock')),
        ['dyn.example.org.journal', 'dyn.example.org.zone'],
      );
      container.onActivation(tokens.listeners, (_context, listeners) => [
        { start: () => Promise.reject(new Error('the port is taken')), stop: async () => {} },
        ...listeners,
      ]);
      await assert.rejects(
        container.get(tokens.runService).run(new AbortController().signal),
        /port is taken/,
      );
      assert.deepEqual(place.files(), []);
    });

    test('leaves none of their files when a route of the configuration does not exist', async () => {
      const place = await zones('[[http.listeners]]\nsocket = "127.0.0.1:0"\nroutes = ["/nic/updat"]');
      const { configurationFile: configFile, lockFile } = place;
      await assert.rejects(openService({ configFile, lockFile }), { code: 'CONFIG_INVALID' });
      assert.deepEqual(place.files(), []);
    });

    test('keeps their files once everything has started', async () => {
      const place = await zones('');
      const container = createContainer(place);
      await loadService(container);
      const stop = new AbortController();
      container.onActivation(tokens.listeners, (_context, listeners) => [
        ...listeners,
        whenStarted(() => stop.abort()),
      ]);
      assert.equal((await container.get(tokens.runService).run(stop.signal)).kind, 'stopped');
      assert.deepEqual(place.files(), ['dyn.example.org.journal', 'dyn.example.org.zone']);
    });
  });

  test('takes users from elsewhere, and the settings from the file', async () => {
    const container = createContainer(files());
    const users = new MemoryUserStore();
    container.rebind(tokens.userStore).toConstantValue(users);
    await loadService(container);
    const alice = valueIn(parseUserName('alice'));
    assert.equal(
      await container.get(tokens.manageUsers).add(alice, valueIn(parsePassword('s3cret'))),
      'added',
    );
    assert.equal((await users.find(alice))?.name, alice);
    const client = valueIn(parseIpAddress('192.0.2.1'));
    const login = { kind: 'password', user: 'alice', password: 's3cret' } as const;
    assert.equal((await container.get(tokens.authenticateUser).execute(login, client)).kind, 'authenticated');
    assert.equal(container.get(tokens.settings).http.socket.port, 0);
    await container.get(tokens.shutdown).close();
  });

  test('runs listeners that are not HTTP as well', async () => {
    const container = createContainer(files());
    await loadService(container);
    const journal: string[] = [];
    container.rebind(tokens.listeners).toConstantValue([new ManualListener('another', journal)]);
    const stop = new AbortController();
    const running = container.get(tokens.runService).run(stop.signal);
    await until(() => journal.length > 0, { what: 'the listener starts' });
    stop.abort();
    assert.equal((await running).kind, 'stopped');
    assert.equal(journal[0], 'another starts');
  });
});
