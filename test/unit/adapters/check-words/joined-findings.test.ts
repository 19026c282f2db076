import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { joinedFindings, wordsOfJoined } from '../../../../src/adapters/check-words/joined-findings.ts';
import type { ConfigurationFinding } from '../../../../src/application/check/check-configuration.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { parseUserName } from '../../../../src/domain/user.ts';
import { valueIn } from '../../../support/parsed.ts';

const user = (name: string) => valueIn(parseUserName(name));
const [HOME, CAM, NAS, LAB] = ['home', 'cam', 'nas', 'lab'].map((label) =>
  domainName(`${label}.example.org`),
);
assert.ok(HOME && CAM && NAS && LAB);

/** The subjects of each block, and its words. */
const told = (findings: readonly ConfigurationFinding[]) =>
  joinedFindings(findings).map((joined) => ({ ...wordsOfJoined(joined), subjects: joined.subjects }));

describe('findings that people are told', () => {
  it('of one user keep the sentence that names the user', () => {
    assert.deepEqual(told([{ code: 'user-without-domains', user: user('bob') }]), [
      {
        subjects: ['bob'],
        problem: 'the user bob may change no name',
        cure: 'type: dynonym configure users auth bob DOMAIN',
      },
    ]);
  });

  it('of several files are joined: one command is enough for all', () => {
    const places = ['/etc/dynonym.toml', '/etc/my key'];
    const [files] = told(places.map((place) => ({ code: 'readable-by-everybody', place })));
    assert.deepEqual(files?.subjects, places);
    assert.equal(files?.cure, "type: chmod o= /etc/dynonym.toml '/etc/my key'");
  });

  it('of several tokens and hosts are joined, where others stand in between', () => {
    const tokens = ['alice', 'bob'].map(
      (name) => ({ code: 'token-without-certificates', user: user(name), token: 't' }) as const,
    );
    const hosts = [CAM, NAS].map((host) => ({ code: 'host-of-nobody', host }) as const);
    const [one, other] = [tokens[0], hosts[0]];
    assert.ok(one && other);
    const blocks = told([one, other, { code: 'no-users' }, ...tokens.slice(1), ...hosts.slice(1)]);
    assert.deepEqual(
      blocks.map(({ subjects }) => subjects),
      [['alice/t', 'bob/t'], [CAM, NAS], ['users']],
    );
    assert.match(blocks[0]?.problem ?? '', /^these tokens /);
    assert.match(blocks[1]?.problem ?? '', /^there are settings for these hosts/);
  });

  it('of hosts are joined where they follow the same name', () => {
    const follow = (host: typeof CAM, follows: typeof CAM) =>
      ({ code: 'host-follows-nobody', host, follows }) as const;
    const blocks = told([follow(CAM, HOME), follow(LAB, CAM), follow(NAS, HOME)]);
    assert.deepEqual(
      blocks.map(({ subjects }) => subjects),
      [[CAM, NAS], [LAB]],
    );
    assert.match(blocks[0]?.problem ?? '', /^these hosts follow home\.example\.org/);
    assert.match(blocks[1]?.problem ?? '', /^the host lab\.example\.org follows cam\.example\.org/);
  });

  it('that say more of their subject are not joined', () => {
    const beyond = ['alice', 'bob'].map(
      (name) => ({ code: 'token-beyond-rights', user: user(name), token: 't', beyond: [HOME] }) as const,
    );
    assert.equal(told(beyond).length, 2);
  });
});
