import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { ConfigurationFault } from '../../../../src/adapters/toml/configuration-fault.ts';
import { TomlFile } from '../../../../src/adapters/toml/toml-file.ts';
import { TomlSecretPlace } from '../../../../src/adapters/toml/toml-secret-place.ts';
import { TomlSettingsStore } from '../../../../src/adapters/toml/toml-settings-store.ts';
import { TomlUserStore } from '../../../../src/adapters/toml/toml-user-store.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { parseNetwork } from '../../../../src/domain/network.ts';
import { addressText, NOTICE_EVENTS, NOTICE_FORMS } from '../../../../src/domain/notice.ts';
import { userNamed } from '../../../support/fixtures.ts';
import { SIGNING_SECRET } from '../../../support/notices.ts';
import { valueIn } from '../../../support/parsed.ts';
import { REPOSITORY } from '../../../support/run-program.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

/** A configuration, beside the files `key` (for signatures), `token` and `blank`. */
function written(text: string): TomlFile {
  const folder = tempFolder();
  writeFileSync(join(folder, 'dynonym.toml'), text);
  writeFileSync(join(folder, 'key'), `${SIGNING_SECRET}\n`);
  writeFileSync(join(folder, 'token'), 'tk_hunter2\n');
  writeFileSync(join(folder, 'blank'), 'two words\n');
  return new TomlFile(join(folder, 'dynonym.toml'));
}

const load = (text: string) => new TomlSettingsStore(written(text)).load();
const MAIL = '[mail]\nsmtp = "smtp://127.0.0.1:25"\nfrom = "dynonym@example.org"\n';

describe('[[notices]]', () => {
  it('say where notices go, and which', async () => {
    const { notices } = await load(`
[[notices]]
to = "https://hooks.example.org/a?b"
secret_file = "key"
events = ["changed", "silent"]
names = ["Home.example.org."]
allow = ["192.0.2.0/24"]
[[notices]]
to = "https://ntfy.example.org/topic"
form = "ntfy"
secret_file = "token"
[[notices]]
to = "MAILTO:alerts@example.org"
${MAIL}`);
    const [hook, ntfy, mail] = notices ?? [];
    const { id, ...others } = hook ?? assert.fail();
    assert.match(id, /^[0-9a-f]{32}$/);
    assert.deepEqual(others, {
      to: { kind: 'webhook', url: 'https://hooks.example.org/a?b' },
      form: 'json',
      secret: SIGNING_SECRET,
      events: ['changed', 'silent'],
      names: ['home.example.org'],
      allow: [valueIn(parseNetwork('192.0.2.0/24'))],
    });
    assert.deepEqual([ntfy?.form, ntfy?.secret], ['ntfy', 'tk_hunter2']);
    assert.deepEqual(mail?.to, { kind: 'mail', mailbox: 'alerts@example.org' });
    assert.deepEqual([mail?.events, mail?.names, mail?.allow], [[], [], []]);
  });

  it('keep the id of a target while its address stays, so that pending notices find it again', async () => {
    const idWith = async (more: string, to = 'https://chat.example.org/x') => {
      const { notices } = await load(`[[notices]]\nto = "${to}"\nform = "slack"\n${more}`);
      return notices?.[0]?.id;
    };
    assert.equal(await idWith(''), await idWith('events = ["changed"]\nallow = ["10.0.0.0/8"]'));
    assert.notEqual(await idWith(''), await idWith('', 'https://chat.example.org/y'));
  });

  it('name files with secrets, which only their owner should read', async () => {
    const file = written(`[[notices]]\nto = "https://hooks.example.org"\nsecret_file = "key"\n${MAIL}`);
    assert.deepEqual(
      (await new TomlSecretPlace(file).openToEverybody()).map((path) =>
        path.slice(path.lastIndexOf('/') + 1),
      ),
      ['dynonym.toml', 'key'],
    );
  });

  const of = (lines: string) => `[[notices]]\n${lines}`;
  const chat = 'to = "https://chat.example.org/hunter2"\nform = "slack"\n';
  for (const [text, key, line, words] of [
    [of('form = "slack"'), 'notices[0].to', 1, 'this key is needed'],
    [of('to = "hooks.example.org/hunter2"'), 'notices[0].to', 2, 'https or http, or to a mail address'],
    [of('to = "ftp://hooks.example.org"'), 'notices[0].to', 2, 'https or http, or to a mail address'],
    [of('to = "https://"'), 'notices[0].to', 2, 'https or http, or to a mail address'],
    [of(`to = "mailto:hunter2"\n${MAIL}`), 'notices[0].to', 2, 'a mail address is written like'],
    [of(`to = "mailto:a@b.test,c@d.test"\n${MAIL}`), 'notices[0].to', 2, 'a mail address is written like'],
    [of('to = "mailto:a@example.org"'), 'notices[0].to', 2, 'mail needs a mail server: add [mail]'],
    [of(`to = "mailto:a@b.test"\nform = "json"\n${MAIL}`), 'notices[0].form', 3, 'no meaning for mail'],
    [of('to = "https://hooks.example.org"'), 'notices[0]', 1, 'secret_file is needed: it signs'],
    [of('to = "https://h.test"\nsecret_file = "token"'), 'notices[0].secret_file', 3, 'whsec_ and 24 to 64'],
    [of('to = "https://h.test"\nsecret_file = "none"'), 'notices[0].secret_file', 3, 'cannot be read'],
    [of(`${chat}secret_file = "token"`), 'notices[0].secret_file', 4, 'its secret in the URL'],
    [
      of('to = "https://h.test"\nform = "ntfy"\nsecret_file = "blank"'),
      'notices[0].secret_file',
      4,
      'one printable',
    ],
    [of(`${chat}events = ["hunter2"]`), 'notices[0].events[0]', 4, 'it is one of changed, silent'],
    [of(`${chat}names = ["a..b"]`), 'notices[0].names[0]', 4, 'empty labels'],
    [of(`${chat}allow = ["hunter2"]`), 'notices[0].allow[0]', 4, 'a network is written like'],
    [of('to = "https://h.test"\nform = "telegram"'), 'notices[0].form', 3, 'it is one of json, ntfy'],
    [of(`${chat}${of(chat)}`), 'notices[1].to', 5, 'notices go there already'],
    [of(`${chat}secret = "hunter2"`), 'notices[0].secret', 4, 'unknown key'],
    [MAIL.replace('smtp://127.0.0.1:25', 'mail.example.org'), 'mail.smtp', 2, 'smtps://mail.example.org'],
    [MAIL.replace(':25', ':70000'), 'mail.smtp', 2, 'a mail server is written like'],
    [MAIL.replace('dynonym@', ''), 'mail.from', 3, 'a mail address is written like'],
    [`${MAIL}login = "me"`, 'mail', 1, 'login and password_file belong together'],
    [`${MAIL}password_file = "token"`, 'mail', 1, 'login and password_file belong together'],
  ] as const) {
    it(`with ${JSON.stringify(text)} are refused: ${words}`, async () => {
      await assert.rejects(load(text), (error: ConfigurationFault) => {
        assert.ok(error instanceof ConfigurationFault, error);
        assert.deepEqual(
          error.problems.map((problem) => [problem.key, problem.line]),
          [[key, line]],
          error.message,
        );
        assert.ok(error.message.includes(words), error.message);
        assert.doesNotMatch(error.message, /hunter2/);
        return true;
      });
    });
  }
});

describe('docs/notices.md', () => {
  const page = readFileSync(join(REPOSITORY, 'docs/notices.md'), 'utf8');
  const examples = [...page.matchAll(/^```toml\n([\s\S]*?)^```$/gm)].map(([, example = '']) => example);

  it('has examples that are right', async () => {
    assert.equal(examples.length, 5);
    for (const example of examples) {
      const file = written(`${example}\n[users.alice]\npw = "$2b$x"\n`);
      for (const name of ['notices.key', 'mail.pw']) {
        writeFileSync(join(dirname(file.path), name), SIGNING_SECRET);
      }
      await new TomlSettingsStore(file).load();
    }
  });

  it('names every event and every form', () => {
    for (const word of [...NOTICE_EVENTS, ...NOTICE_FORMS]) {
      assert.match(page, new RegExp(`^\\| .*\`"?${word}"?\``, 'm'), word);
    }
  });
});

describe('[mail]', () => {
  for (const [smtp, host, port, tls] of [
    ['smtps://mail.example.org', 'mail.example.org', 465, 'implicit'],
    ['smtp://mail.example.org', 'mail.example.org', 587, 'starttls'],
    ['SMTP://mail.example.org:25/', 'mail.example.org', 25, 'starttls'],
    ['smtp://localhost:25', 'localhost', 25, 'starttls'],
    ['smtp://127.0.0.1:25', '127.0.0.1', 25, 'none'],
    ['smtp://[::1]:25', '::1', 25, 'none'],
    ['smtps://[2001:db8::25]', '2001:db8::25', 465, 'implicit'],
  ] as const) {
    it(`with ${smtp} means ${host}, port ${port}, TLS ${tls}`, async () => {
      const login = 'login = "me"\npassword_file = "token"';
      const { mail } = await load(`[mail]\nsmtp = "${smtp}"\nfrom = "dynonym@example.org"\n${login}`);
      const expected = { user: 'me', password: 'tk_hunter2' };
      assert.deepEqual(mail, { host, port, tls, from: 'dynonym@example.org', login: expected });
    });
  }
});

describe('[[users.NAME.notices]]', () => {
  const user = (notices: string) => `[users.alice]\npw = "$2b$x"\ndomains = ["home.example.org"]\n${notices}`;
  const own = (lines: string) => user(`[[users.alice.notices]]\n${lines}`);

  it('have a secret of their own, and reach nothing that is not public', async () => {
    const users = new TomlUserStore(written(own(`to = "https://h.test"\nsecret = "${SIGNING_SECRET}"`)));
    const [about] = await users.noticesAbout(domainName('home.example.org'));
    assert.deepEqual([about?.user, about?.target.secret], ['alice', SIGNING_SECRET]);
    assert.deepEqual(about?.target.allow, []);
  });

  it('go by mail where the mailbox is confirmed, also while there is no mail server', async () => {
    const link = `{ sha256 = "${'ab'.repeat(32)}", until = "2026-01-02T00:00:00Z" }`;
    const first = 'to = "mailto:a@example.org"';
    const text = own(
      `${first}\n[[users.alice.notices]]\nto = "mailto:b@example.org"\nlanguage = "de"\nunconfirmed = ${link}`,
    );
    await load(text);
    const about = await new TomlUserStore(written(text)).noticesAbout(domainName('home.example.org'));
    assert.deepEqual(
      about.map(({ target }) => [addressText(target.to), target.language, target.unconfirmed]),
      [
        ['mailto:a@example.org', 'en', undefined],
        ['mailto:b@example.org', 'de', { digest: 'ab'.repeat(32), until: Date.UTC(2026, 0, 2) }],
      ],
    );
  });

  it('go with the user', async () => {
    const users = new TomlUserStore(written(own(`to = "https://h.test"\nsecret = "${SIGNING_SECRET}"`)));
    await users.remove(userNamed('alice').name);
    assert.deepEqual(await users.noticesAbout(domainName('home.example.org')), []);
  });

  for (const [lines, key, line, words] of [
    ['to = "mailto:a@example.org"\nsecret = "hunter2"', 'secret', 6, 'no meaning for mail'],
    ['to = "mailto:a@example.org"\nunconfirmed = { sha256 = "ab" }', 'unconfirmed.sha256', 6, '64'],
    ['to = "https://h.test"\nunconfirmed = { sha256 = "ab" }', 'unconfirmed', 6, 'for mail alone'],
    ['to = "https://h.test"\nlanguage = "de"', 'language', 6, 'for mail alone'],
    ['to = "mailto:a@example.org"\nlanguage = "fr"', 'language', 6, 'it is one of en, de'],
    ['to = "https://h.test"', '', 4, 'secret is needed: it signs'],
    ['to = "https://h.test"\nsecret = "hunter2"', 'secret', 6, 'whsec_ and 24 to 64'],
    ['to = "https://h.test"\nsecret_file = "key"', 'secret_file', 6, 'unknown key'],
    ['to = "https://h.test"\nform = "slack"\nallow = ["10.0.0.0/8"]', 'allow', 7, 'unknown key'],
  ] as const) {
    it(`with ${JSON.stringify(lines)} are refused: ${words}`, async () => {
      await assert.rejects(load(own(lines)), (error: ConfigurationFault) => {
        const [problem] = error.problems.filter(({ message }) => message.includes(words));
        const path = ['users.alice.notices[0]', key].filter((part) => part !== '').join('.');
        assert.deepEqual([problem?.key, problem?.line], [path, line], error.message);
        assert.doesNotMatch(error.message, /hunter2/);
        return true;
      });
    });
  }
});
