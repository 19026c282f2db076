import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { ConfirmationMail } from '../../src/adapters/notices/confirmation-mail.ts';
import { NoticeSenders } from '../../src/adapters/notices/notice-senders.ts';
import { WebhookSender } from '../../src/adapters/notices/webhook-sender.ts';
import { RandomTokenMint } from '../../src/adapters/system/random-token-mint.ts';
import { CurrentSettings } from '../../src/application/manage/current-settings.ts';
import { Deeds } from '../../src/application/manage/deeds.ts';
import { Confirmations, Mailboxes } from '../../src/application/manage/mailboxes.ts';
import type { MailSettings } from '../../src/application/manage/settings.ts';
import { MakeNotices } from '../../src/application/notices/make-notices.ts';
import { NoticeTargets } from '../../src/application/notices/notice-targets.ts';
import { SendNotices } from '../../src/application/notices/send-notices.ts';
import { alwaysHeld } from '../../src/application/ports/lease.ts';
import { noLogger } from '../../src/application/ports/logger.ts';
import { noMetrics } from '../../src/application/ports/metrics.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { MemoryNoticeStore } from '../fakes/memory-notice-store.ts';
import { MemoryUserStore } from '../fakes/memory-user-store.ts';
import { RecordingEvents } from '../fakes/recording-events.ts';
import { describeWithTools } from '../support/describe-with-tools.ts';
import { settingsWith, userNamed } from '../support/fixtures.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { noticeNamed, targetAt } from '../support/notices.ts';
import { runProgram } from '../support/run-program.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const QUARTER = 900_000;

describeWithTools('a real mail server', ['exim4', 'openssl'], () => {
  let server: MailServer;

  before(async () => {
    server = await startMailServer();
  });

  test('gets one mail with all notices of a quarter of an hour', async () => {
    const from = 'dynonym@example.test';
    const mail: MailSettings = { host: '127.0.0.1', port: server.port, tls: 'none', from, login: undefined };
    const target = targetAt('mailto:digest@example.test');
    const current = new CurrentSettings(settingsWith({ notices: [target], mail }));
    const clock = new ManualClock();
    const store = new MemoryNoticeStore();
    const sender = new NoticeSenders(new WebhookSender(clock), current);
    const ports = { store, sender, clock, logger: noLogger, metrics: noMetrics, lease: alwaysHeld };
    const sending = new SendNotices(new NoticeTargets(current, new MemoryUserStore()), ports);
    await sending.start();
    const at = clock.now();
    sending.add(target, noticeNamed('1', 'a.example.org', { at, text: 'a.example.org was reported again' }));
    await clock.advance(QUARTER / 2);
    sending.add(
      target,
      noticeNamed('2', 'b.example.org', { at: at + 1000, text: '.\r\nRCPT TO:<x@y.test>\r\n.' }),
    );
    await clock.advance(QUARTER / 2);
    await until(() => store.size === 0, { what: 'the server has taken the mail' });
    const digest = await until(() => server.mails().find((text) => text.includes('digest@')), {
      what: 'the mail',
    });
    assert.match(digest, /^Subject: dynonym: 2 notices$/m);
    assert.match(digest, /^Auto-Submitted: auto-generated$/m);
    assert.match(digest, /^2026-01-01T00:00:00\.000Z {2}a\.example\.org was reported again\.$/m);
    assert.match(digest, /^2026-01-01T00:00:01\.000Z/m);
    assert.doesNotMatch(digest, /^\tfor x@y\.test/m, 'what a notice says is never a command');
  });

  test('gets notices of a user after the mailed link was used, and nothing but the link before', async () => {
    const from = 'dynonym@example.test';
    const mail: MailSettings = { host: '127.0.0.1', port: server.port, tls: 'none', from, login: undefined };
    const web = { url: 'https://dyn.example.test' };
    const current = new CurrentSettings(settingsWith({ mail, web }));
    const clock = new ManualClock();
    const alice = userNamed('alice', ['home.example.org']);
    const users = new MemoryUserStore([alice]);
    const store = new MemoryNoticeStore();
    const sender = new NoticeSenders(new WebhookSender(clock), current);
    const ports = { store, sender, clock, logger: noLogger, metrics: noMetrics, lease: alwaysHeld };
    const targets = new NoticeTargets(current, users);
    const sending = new SendNotices(targets, ports);
    await sending.start();
    const notices = new MakeNotices(targets, sending, { ...ports, mark: '' });
    const confirmations = new Confirmations(new ConfirmationMail(current, noLogger), clock);
    const deeds = new Deeds(new RecordingEvents(), clock, { by: 'alice', way: 'page' });
    const mailboxes = new Mailboxes(users, new RandomTokenMint(), clock, deeds, confirmations);
    const mailsTo = (mailbox: string) => server.mails().filter((text) => text.includes(`To: ${mailbox}`));
    const tellAndWait = async () => {
      const at = clock.now();
      notices.tell({ kind: 'silent', at, name: domainName('home.example.org'), since: at, expected: 1 });
      notices.tell({ kind: 'silent', at, name: domainName('nas.example.org'), since: at, expected: 1 });
      await setImmediate();
      await clock.advance(QUARTER);
    };

    for (const [language, mailbox, subject, said] of [
      [
        ...(['en', 'alice@example.test'] as const),
        /^Subject: Notices of dyn\.example\.test: please confirm this address$/m,
        /home\.example\.org has not been reported/,
      ],
      [
        'de',
        'alicia@example.test',
        /^Subject: =\?UTF-8\?/m,
        /home\.example\.org wurde seit .* nicht gemeldet/,
      ],
    ] as const) {
      const asked = await mailboxes.ask(alice.name, { mailbox, events: ['silent'], names: [], language });
      assert.equal(asked.kind, 'asked');
      const [question = ''] = await until(
        () => (mailsTo(mailbox).length > 0 ? mailsTo(mailbox) : undefined),
        {
          what: 'the mail with the link',
        },
      );
      assert.match(question, subject);
      assert.match(question, /^Auto-Submitted: auto-generated$/m);
      await tellAndWait();
      assert.deepEqual([store.size, mailsTo(mailbox).length], [0, 1], 'no notice before the confirmation');

      const text = question.replace(/=\r?\n/g, '');
      const [, secret = ''] = /https:\/\/dyn\.example\.test\/confirmation\/(\S+)/.exec(text) ?? [];
      assert.equal(await mailboxes.confirm(secret), 'confirmed');
      await tellAndWait();
      await until(() => mailsTo(mailbox).length === 2, { what: 'the digest' });
      assert.match(mailsTo(mailbox)[1] ?? '', /^List-Unsubscribe: <https:\/\/dyn\.example\.test\/account>$/m);
      const digest = (mailsTo(mailbox).at(-1) ?? '').replace(/=\r?\n/g, '');
      assert.match(digest, said);
      assert.match(digest, /^-- ?(?:=20)?\r?$/m);
      assert.match(digest, /https:\/\/dyn\.example\.test\/account\s*$/);
      assert.doesNotMatch(digest, /nas\.example\.org/, 'what is about a name of nobody else');
      await users.removeNotice(alice.name, asked.kind === 'asked' ? asked.target.id : '');
    }
  });

  for (const [scheme, password, port, expected] of [
    ['smtp', 's3cret', 'port', /^mailto:login@example\.test: sent\n$/],
    ['smtps', 's3cret', 'tlsPort', /^mailto:login@example\.test: sent\n$/],
    ['smtps', 'wrong', 'tlsPort', /^mailto:login@example\.test: not sent: Invalid login: 535/],
  ] as const) {
    test(`takes a mail by ${scheme} and TLS, and judges the password "${password}"`, async () => {
      const cwd = tempFolder();
      writeFileSync(join(cwd, 'mail.pw'), `${password}\n`);
      writeFileSync(
        join(cwd, 'dynonym.toml'),
        `[[notices]]
to = "mailto:login@example.test"
[mail]
smtp = "${scheme}://localhost:${server[port]}"
from = "dynonym@example.test"
login = "me"
password_file = "mail.pw"
`,
        { mode: 0o600 },
      );
      const count = () => server.mails().filter((mail) => mail.includes('login@example.test')).length;
      const before = count();
      const strangers = await runProgram(['notices', 'test'], { cwd });
      assert.match(
        strangers.stdout,
        /not sent: .*certificate/,
        'nothing is sent before the certificate is trusted',
      );
      const env = { NODE_EXTRA_CA_CERTS: server.authorityFile };
      const { stdout, status } = await runProgram(['notices', 'test'], { cwd, env });
      assert.match(stdout, expected);
      const isSent = password === 's3cret';
      assert.equal(status, isSent ? 0 : 1);
      await until(() => count() === before + (isSent ? 1 : 0), { what: 'the mail' });
    });
  }
});
