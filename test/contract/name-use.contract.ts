import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NameUse } from '../../src/application/ports/name-use.ts';
import { type DomainName, domainName } from '../../src/domain/domain-name.ts';

/** What stands in a zone, by the names that are asked for. */
export type NameUseSubject = {
  readonly use: NameUse;
  readonly zone: DomainName;
  /** A name with records; one with names below it alone; an alias; one below a delegation. */
  readonly used: Readonly<Record<string, string>>;
  readonly free: string;
};

/** What every NameUse keeps to. */
export function nameUseContract(name: string, open: () => Promise<NameUseSubject> | NameUseSubject): void {
  describe(`${name} as the use of names`, () => {
    it('knows that nothing stands at a name or below it', async () => {
      const { use, zone, free } = await open();
      assert.equal(await use.isUsed(zone, domainName(free)), false);
    });

    it('knows names that are used, whatever stands there', async () => {
      const { use, zone, used } = await open();
      for (const [what, each] of Object.entries(used)) {
        assert.equal(await use.isUsed(zone, domainName(each)), true, what);
      }
    });
  });
}
