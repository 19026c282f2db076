import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { IssuedCertificate } from '../../src/application/ports/certificate-authority.ts';
import type { CertificateFacts, CertificateStore } from '../../src/application/ports/certificate-store.ts';

/** Two processes at one empty store, and two certificates with what they say. */
export type CertificateStores = {
  readonly store: CertificateStore;
  readonly other: CertificateStore;
  readonly certificates: readonly { readonly issued: IssuedCertificate; readonly facts: CertificateFacts }[];
};

/** What every CertificateStore keeps to. */
export function certificateStoreContract(name: string, open: () => Promise<CertificateStores>): void {
  describe(`${name} as the store of our own certificate`, () => {
    it('has none at first, and then the one that was saved last', async () => {
      const { store, other, certificates } = await open();
      assert.equal(await store.find(), undefined);
      for (const { issued, facts } of certificates) {
        assert.equal(await store.alone(() => store.save(issued)), 'done');
        assert.deepEqual([await store.find(), await other.find()], [facts, facts]);
      }
    });

    it('lets one process at a time save, and the next one after a failure', async () => {
      const { store, other, certificates } = await open();
      const [{ issued, facts }] = certificates as [CertificateStores['certificates'][number]];
      const failing = store.alone(async () => {
        assert.equal(await other.alone(() => assert.fail('two at once')), 'held');
        throw new Error('of the action');
      });
      await assert.rejects(failing, /of the action/);
      assert.equal(await other.alone(() => other.save(issued)), 'done');
      assert.deepEqual(await store.find(), facts);
    });
  });
}
