import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DnsFaultCode } from '../../../../src/application/ports/dns-fault.ts';
import { RememberingDnsUpdater } from '../../../../src/application/update/remembering-dns-updater.ts';
import { domainName } from '../../../../src/domain/domain-name.ts';
import type { RecordSetChange, RecordType } from '../../../../src/domain/record-set.ts';
import { ttl } from '../../../../src/domain/ttl.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { MemoryDnsUpdater } from '../../../fakes/memory-dns-updater.ts';

const ZONE = domainName('example.org');
const NAME = domainName('home.example.org');
const DEADLINE = 10_000;

function setUp() {
  const dns = new MemoryDnsUpdater('example.org');
  const remembering = new RememberingDnsUpdater(dns, new ManualClock());
  /** `asked` or `remembered`, and the values. */
  const lookUp = async (types: readonly RecordType[] = ['A'], fresh = false) => {
    const found = await remembering.lookUp({ zone: ZONE, name: NAME, types, fresh }, DEADLINE);
    if (!found.ok) return found.fault.code;
    const texts = found.value.recordSets.flatMap(({ values }) => values.map(({ text }) => text));
    return [found.value.remembered ? 'remembered' : 'asked', ...texts].join(' ');
  };
  const apply = (...changes: readonly RecordSetChange[]) =>
    remembering.apply(ZONE, [{ name: NAME, condition: [], changes }], DEADLINE);
  return { dns, lookUp, apply };
}

const txt = (kind: RecordSetChange['kind'], text: string): RecordSetChange => ({
  kind,
  type: 'TXT',
  ttl: ttl(60),
  values: [{ family: 'text', text }],
});

describe('an updater that remembers', () => {
  it('tells that there is no RRset from not knowing', async () => {
    const { lookUp } = setUp();
    assert.equal(await lookUp(['A']), 'asked');
    assert.equal(await lookUp(['A']), 'remembered');
    assert.equal(await lookUp(['A', 'AAAA']), 'asked');
    assert.equal(await lookUp(['AAAA']), 'remembered');
  });

  it('asks where a fresh answer is wanted, and remembers that one', async () => {
    const { dns, lookUp } = setUp();
    await lookUp();
    dns.put(NAME, '192.0.2.1');
    assert.equal(await lookUp(['A'], true), 'asked 192.0.2.1');
    assert.equal(await lookUp(), 'remembered 192.0.2.1');
  });

  it('does not remember an RRset of which single values were changed: it does not know the others', async () => {
    const { lookUp, apply } = setUp();
    await lookUp(['TXT']);
    await apply(txt('add', 'one'));
    assert.equal(await lookUp(['TXT']), 'asked one');
    await apply(txt('add', 'two'), txt('remove', 'one'));
    assert.equal(await lookUp(['TXT']), 'asked two');
    await apply(txt('replace', 'three'));
    assert.equal(await lookUp(['TXT']), 'remembered three');
  });

  for (const code of ['DNS_REFUSED', 'DNS_TIMEOUT'] as const satisfies readonly DnsFaultCode[]) {
    it(`forgets a name of which a change ended with ${code}`, async () => {
      const { dns, lookUp, apply } = setUp();
      await lookUp(['TXT']);
      dns.fail('apply', NAME, code);
      await apply(txt('replace', 'one'));
      assert.equal(await lookUp(['TXT']), 'asked');
    });
  }
});
