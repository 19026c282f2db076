import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseTsigKeyFile } from '../../../../src/adapters/cli/tsig-key-file.ts';
import { TSIG_ALGORITHMS } from '../../../../src/domain/tsig-key.ts';

/** What the tools of BIND 9.18 write, with a secret of our own. */
const TSIG_KEYGEN = `key "tsig-key" {
	algorithm hmac-sha256;
	secret "c2VjcmV0IG9mIHRoZSB0ZXN0cw==";
};
`;

const DDNS_CONFGEN = `# To activate this key, place the following in named.conf, and
# in a separate keyfile on the system or systems from which nsupdate
# will be run:
key "ddns-key" {
	algorithm hmac-sha512;
	secret "c2VjcmV0IG9mIHRoZSB0ZXN0cw==";
};

# Then, in the "zone" statement for each zone you wish to dynamically
# update, place an "update-policy" statement granting update permission
# to this key.  For example, the following statement grants this key
# permission to update any name within the zone:
update-policy {
	grant ddns-key zonesub ANY;
};

# After the keyfile has been placed, the following command will
# execute nsupdate using this key:
nsupdate -k <keyfile>
`;

const RNDC_CONFGEN = `# Start of rndc.conf
key "rndc-key" {
	algorithm hmac-sha256;
	secret "c2VjcmV0IG9mIHRoZSB0ZXN0cw==";
};

options {
	default-key "rndc-key";
	default-server 127.0.0.1;
	default-port 953;
};
# End of rndc.conf

# Use with the following in named.conf, adjusting the allow list as needed:
# key "rndc-key" {
# 	algorithm hmac-sha256;
# 	secret "c2VjcmV0IG9mIHRoZSB0ZXN0cw==";
# };
#
# controls {
# 	inet 127.0.0.1 port 953
# 		allow { 127.0.0.1; } keys { "rndc-key"; };
# };
# End of named.conf
`;

const SECRET = new TextEncoder().encode('secret of the tests');

function read(text: string) {
  const parsed = parseTsigKeyFile(text);
  assert.ok(parsed.ok, parsed.ok ? '' : parsed.reason);
  return parsed.value;
}

function reasonFor(text: string): string {
  const parsed = parseTsigKeyFile(text);
  assert.ok(!parsed.ok);
  return parsed.reason;
}

const key = (name: string, inside = 'algorithm hmac-sha256; secret "c2VjcmV0";') =>
  `key ${name} { ${inside} };`;

describe('a TSIG key file that one of the tools wrote', () => {
  for (const [tool, text, name, algorithm] of [
    ['tsig-keygen', TSIG_KEYGEN, 'tsig-key', 'hmac-sha256'],
    ['ddns-confgen', DDNS_CONFGEN, 'ddns-key', 'hmac-sha512'],
    ['rndc-confgen', RNDC_CONFGEN, 'rndc-key', 'hmac-sha256'],
  ] as const) {
    it(`${tool}: the key is found`, () => {
      const found = read(text);
      assert.deepEqual({ ...found, secret: [...found.secret] }, { name, algorithm, secret: [...SECRET] });
    });
  }
});

describe('a TSIG key file that a person wrote', () => {
  it('CRLF, no final semicolon, no quotes, clauses the other way round: read', () => {
    const found = read('key Home.Example.ORG. {\r\n  secret c2VjcmV0; algorithm HMAC-MD5.SIG-ALG.REG.INT }');
    assert.equal(found.name, 'home.example.org');
    assert.equal(found.algorithm, 'hmac-md5');
    assert.equal(Buffer.from(found.secret).toString(), 'secret');
  });

  it('all three kinds of comments, with keys inside: passed over', () => {
    const text = `
      # ${key('"a"')}
      // ${key('"b"')}
      /* ${key('"c"')}
         ${key('"d"')} */
      key /* its name */ "e" { // here
        algorithm # as usual
          hmac-sha1; secret /**/ "c2VjcmV0"; }; `;
    assert.equal(read(text).name, 'e');
  });

  it('a secret with slashes, quoted or not: read as a whole', () => {
    for (const secret of ['"a//b/Q=="', 'a//b/Q==']) {
      const found = read(key('n', `algorithm hmac-sha256; secret ${secret};`));
      assert.equal(Buffer.from(found.secret).toString('base64'), 'a//b/Q==');
    }
  });

  it('references to keys: no keys', () => {
    const text = `
      zone "example.org" { type primary; allow-update { key "a"; key "b"; }; };
      server 192.0.2.1 { keys "c"; };
      view "inside" { ${key('"inner"')} };
      statistics key { x; };`;
    assert.equal(read(text).name, 'inner');
  });

  it('a string with quotes and braces in another statement: passed over', () => {
    assert.equal(read(`options { version "key \\"no\\" { } ;"; }; ${key('yes')}`).name, 'yes');
  });

  for (const [what, text, reason] of [
    ['nothing', '', /no key/],
    ['only a comment', '# key "n" { algorithm hmac-sha256; secret "c2VjcmV0"; };', /no key/],
    [
      'the format of Knot without a secret',
      'key:\n  - id: foo\n    algorithm: hmac-sha256\n',
      /a configuration of Knot/,
    ],
    ['two keys', `${key('"one"')}\n${key('"two"')}`, /2 keys \("one", "two"\)/],
    ['the same key twice', key('n') + key('n'), /2 keys/],
    ['no algorithm', '\n\nkey n { secret "c2VjcmV0"; };', /^line 3: .*no algorithm/],
    ['no secret', 'key n { algorithm hmac-sha256; };', /no secret/],
    ['two secrets', key('n', 'secret "c2VjcmV0"; secret "b3RoZXI=";'), /two of "secret"/],
    [
      'a clause that no key has',
      key('n', 'algorithm hmac-sha256;\nsecrt "c2VjcmV0";'),
      /^line 2: .*nothing else/,
    ],
    ['a clause with two values', key('n', 'secret "c2VjcmV0" "c2VjcmV0";'), /nothing else/],
    ['a clause without a value', key('n', 'secret;'), /nothing else/],
    ['a block inside', key('n', 'secret { "c2VjcmV0" };'), /nothing else/],
    ['an unknown algorithm', key('n', 'secret "c2VjcmV0";\n algorithm hmac-sha3;'), /^line 2: .*hmac-sha256/],
    ['a secret that is not base64', key('n', 'algorithm hmac-sha256; secret "c2Vj*";'), /base64/],
    ['an empty secret', key('n', 'algorithm hmac-sha256; secret "";'), /not empty/],
    ['a name that the DNS forbids', key('"a b"'), /label/],
    ['an unclosed key', 'key "n" { algorithm hmac-sha256;', /^line 1: the key is not closed/],
    ['an unclosed string', 'options { };\nkey "n', /^line 2: a string is not closed/],
    ['an unclosed comment', 'options { };\n\n/* key', /^line 3: a comment is not closed/],
  ] as const) {
    it(`${what}: refused with the reason`, () => {
      assert.match(reasonFor(text), reason);
    });
  }
});

describe('any TSIG key file', () => {
  const gap = fc.constantFrom(
    ' ',
    '\n',
    '\t',
    '\r\n',
    ' # note\n',
    ' // key "x" {\n',
    '/* } */',
    '/* a\nb */ ',
  );
  const around = fc.constantFrom('', 'options { a "b"; };', 'include "x";', 'acl y { key "z"; };');
  const algorithm = fc.constantFrom(...TSIG_ALGORITHMS);
  const name = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?(\.[a-z0-9]{1,5}){0,3}$/);
  const secret = fc.uint8Array({ minLength: 1, maxLength: 80 });

  it('reads the same key wherever comments and space stand', () => {
    fc.assert(
      fc.property(
        fc.record({ name, algorithm, secret, before: around, after: around, secretFirst: fc.boolean() }),
        fc.array(gap, { minLength: 13, maxLength: 13 }),
        (wanted, gaps) => {
          const base64 = Buffer.from(wanted.secret).toString('base64');
          const algorithmClause = ['algorithm', wanted.algorithm, ';'];
          const secretClause = ['secret', `"${base64}"`, ';'];
          const clauses = wanted.secretFirst
            ? [...secretClause, ...algorithmClause]
            : [...algorithmClause, ...secretClause];
          const parts = [wanted.before, 'key', `"${wanted.name}"`, '{', ...clauses, '}', ';', wanted.after];
          const text = parts.map((part, index) => part + (gaps[index] ?? ' ')).join('');
          const found = read(text);
          assert.equal(found.name, wanted.name);
          assert.equal(found.algorithm, wanted.algorithm);
          assert.deepEqual([...found.secret], [...wanted.secret]);
        },
      ),
    );
  });

  it('never throws, and never repeats what might be the secret', () => {
    const secretText = 'dG9wIHNlY3JldA==';
    const pieces = fc.constantFrom(
      ...[
        'key',
        ' "n" ',
        '{',
        '}',
        ';',
        'algorithm ',
        'secret ',
        'hmac-sha256',
        '"',
        '/*',
        '*/',
        '#',
        '\n',
        '\\',
      ],
      `"${secretText}"`,
      secretText,
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 5, arbitrary: pieces }, fc.string()), { maxLength: 30 }),
        (parts) => {
          const parsed = parseTsigKeyFile(parts.join(''));
          // A name is told, so that one of several keys can be found; a secret in its place is no secret.
          if (!parsed.ok && !/keys \(/.test(parsed.reason)) assert.ok(!parsed.reason.includes(secretText));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('takes time in proportion to its length', () => {
    // Each would take minutes if the expression went back over it again and again.
    for (const hostile of ['/* ', '"', 'key n {', 'key n { };', '\\', '/', 'key n ', 'key;']) {
      assert.ok(!parseTsigKeyFile(hostile.repeat(50_000)).ok, hostile);
    }
  });
});
