import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseDdclient } from '../../../../src/adapters/import/ddclient.ts';
import { valueIn } from '../../../support/parsed.ts';

/** Each user with the password and the names. */
function read(text: string) {
  const { accounts } = valueIn(parseDdclient(text));
  return accounts.map(({ user, secret, domains }) => [
    user,
    secret.kind === 'password' ? secret.password : secret.kind,
    ...domains,
  ]);
}

describe('a configuration of ddclient', () => {
  for (const [what, text, ...users] of [
    [
      'settings for all hosts, and hosts on a line',
      'protocol=dyndns2\nserver=x.example\nlogin=alice\npassword=s3cret\nhome.example.org,cam.example.org\n',
      ['alice', 's3cret', 'home.example.org', 'cam.example.org'],
    ],
    [
      'a line that goes on',
      'protocol=dyndns2, \\\nlogin=alice, \\\npassword=s3cret \\\nhome.example.org, cam.example.org\n',
      ['alice', 's3cret', 'home.example.org', 'cam.example.org'],
    ],
    [
      'what counts for one host, and what for all',
      'login=alice\npassword=one\nlogin=bob, password=two bob.example.org\nhome.example.org\n',
      ['bob', 'two', 'bob.example.org'],
      ['alice', 'one', 'home.example.org'],
    ],
    [
      'the old form with login and password behind the hosts',
      'home.example.org alice s3cret\n',
      ['alice', 's3cret', 'home.example.org'],
    ],
    [
      'a password in quotes, with a blank, a comma, a number sign and a quote',
      "login=alice\npassword='s3 cr#t, isn't it' # not this\nhome.example.org\n",
      ['alice', "s3 cr#t, isn't it", 'home.example.org'],
    ],
    [
      'a password without quotes, to the next blank',
      'login=alice\npassword=a"b\\c,d#e f=g.example\nhome.example.org\n',
      ['alice', 'a"b\\c,d#e', 'home.example.org'],
    ],
    [
      'a login in quotes and with escapes',
      'login="o\'brien \\"x\\"", password=s3cret home.example.org\n',
      ['o\'brien "x"', 's3cret', 'home.example.org'],
    ],
    [
      'host= beside hosts',
      'login=alice\npassword=s3cret\nhost=cam.example.org home.example.org\n',
      ['alice', 's3cret', 'home.example.org', 'cam.example.org'],
    ],
    [
      'comments, empty lines and Windows line ends',
      '# login=nobody\r\n\r\nlogin=alice # me\r\npassword=s3cret\r\nhome.example.org\r\n',
      ['alice', 's3cret', 'home.example.org'],
    ],
    [
      'one login on several lines',
      'login=alice\npassword=s3cret\nhome.example.org\ncam.example.org\n',
      ['alice', 's3cret', 'home.example.org', 'cam.example.org'],
    ],
    [
      'the last line about a host',
      'home.example.org bob two\nhome.example.org alice s3cret\n',
      ['alice', 's3cret', 'home.example.org'],
    ],
    [
      'a password that is elsewhere',
      'login=alice\npassword_env=SECRET\nhome.example.org\n',
      ['alice', 'unusable', 'home.example.org'],
    ],
  ] as const) {
    it(`${what}`, () => assert.deepEqual(read(text), users));
  }

  it('hosts of services that speak something else are left, and so is a second password of one login', () => {
    const text = [
      'login=alice\npassword=one\nprotocol=cloudflare, zone=example.org zoned.example.org',
      'home.example.org',
      'password=two other.example.org',
      'login=\\",\\" x.example.org',
      '',
    ].join('\n');
    const { left } = valueIn(parseDdclient(text));
    assert.deepEqual(
      left.map(({ what, name, why }) => [what, name, why]),
      [
        ['host', 'zoned.example.org', 'its protocol is "cloudflare"; dynonym needs dyndns2'],
        ['host', 'other.example.org', 'its login "alice" has another password further up'],
      ],
    );
  });

  it('a host without a login is left', () => {
    const { left } = valueIn(parseDdclient('home.example.org\n'));
    assert.deepEqual(left, [{ what: 'host', name: 'home.example.org', why: 'it has no login' }]);
  });

  for (const [text, reason] of [
    ['', 'it is no configuration of ddclient: it has no hosts'],
    ['login=alice\npassword=s3cret\n', 'it is no configuration of ddclient: it has no hosts'],
    ['login=alice\nuse="web\nhome.example.org\n', 'line 2: a quote is open, or a backslash is at the end'],
    ['login=alice \\\n', 'line 1: it ends with a backslash, and nothing follows'],
  ] as const) {
    it(`is not ${JSON.stringify(text)}: ${reason}`, () =>
      assert.deepEqual(parseDdclient(text), { ok: false, reason }));
  }
});
