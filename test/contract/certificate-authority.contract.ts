import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type {
  CertificateAuthority,
  ChallengeAnswers,
  DnsChallenge,
} from '../../src/application/ports/certificate-authority.ts';
import { type DomainName, domainName } from '../../src/domain/domain-name.ts';
import { DynonymError } from '../../src/domain/errors.ts';

/** An authority, and what it takes to answer its challenges. */
export type OpenedAuthority = {
  readonly authority: CertificateAuthority;
  /** Puts challenges where the authority looks for them, and takes them away. */
  readonly answers: ChallengeAnswers;
  /** Two names that it gives certificates for; the second is the wildcard below the first. */
  readonly names: readonly [DomainName, DomainName];
  /** The names in a certificate. */
  namesIn(chain: string): readonly string[];
};

/** What every CertificateAuthority keeps to. */
export function certificateAuthorityContract(name: string, open: () => Promise<OpenedAuthority>): void {
  describe(`${name} as an authority`, () => {
    /** Passes on to `answers`, and keeps what stands. */
    const watched = (answers: ChallengeAnswers, fail?: Error) => {
      const all: DnsChallenge[] = [];
      const standing = new Set<string>();
      const watching: ChallengeAnswers = {
        async present(challenge, stop) {
          all.push(challenge);
          standing.add(challenge.value);
          if (fail !== undefined) throw fail;
          await answers.present(challenge, stop);
        },
        async cleanUp(challenge) {
          standing.delete(challenge.value);
          await answers.cleanUp(challenge);
        },
      };
      return { watching, all, standing };
    };

    it('gives a certificate for a name and its wildcard, and each has a challenge that is cleaned up', async () => {
      const { authority, answers, names, namesIn } = await open();
      const { watching, all, standing } = watched(answers);
      const { chain, key } = await authority.order(names, watching, new AbortController().signal);
      assert.deepEqual([...namesIn(chain)].toSorted(), [...names].toSorted());
      assert.notEqual(key, '');
      assert.deepEqual(
        all.map((challenge) => challenge.name),
        names.map(() => domainName(`_acme-challenge.${names[0]}`)),
      );
      assert.equal(new Set(all.map(({ value }) => value)).size, 2);
      for (const { value } of all) assert.match(value, /^[A-Za-z0-9_-]{43}$/);
      assert.equal(standing.size, 0);
    });

    it('rejects with what kept a challenge from being presented, and all are cleaned up', async () => {
      const { authority, answers, names } = await open();
      const fault = new DynonymError('CHALLENGE_NOT_VISIBLE', 'one server lacks it');
      const { watching, all, standing } = watched(answers, fault);
      await assert.rejects(authority.order(names, watching, new AbortController().signal), (error) => {
        assert.equal(error, fault);
        return true;
      });
      assert.deepEqual([all.length, standing.size], [2, 0]);
    });
  });
}
