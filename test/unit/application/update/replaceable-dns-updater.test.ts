import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DnsResult } from '../../../../src/application/ports/dns-updater.ts';
import { ReplaceableDnsUpdater } from '../../../../src/application/update/replaceable-dns-updater.ts';
import { type DomainName, domainName } from '../../../../src/domain/domain-name.ts';
import { MemoryDnsUpdater } from '../../../fakes/memory-dns-updater.ts';

const NAME = domainName('home.example.org');

/** An updater for one zone whose answers come when the test says so. */
function opened(zone: string, journal: string[]) {
  const memory = new MemoryDnsUpdater(zone);
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const findZone = async (): Promise<DnsResult<DomainName>> => {
    await held;
    return { ok: true, value: domainName(zone) };
  };
  const updater = {
    findZone,
    lookUp: memory.lookUp.bind(memory),
    apply: memory.apply.bind(memory),
  };
  return { updater, close: () => void journal.push(`${zone} closes`), answer };
}

describe('an updater in whose place another one is put', () => {
  it('answers what it was asked before, and closes after the last answer', async () => {
    const journal: string[] = [];
    const [old, next] = [opened('old.example', journal), opened('new.example', journal)];
    const updater = new ReplaceableDnsUpdater(old);
    const asked = [updater.findZone(NAME, 1), updater.findZone(NAME, 1)];
    updater.replace(next);
    const later = updater.findZone(NAME, 1);
    next.answer();
    assert.deepEqual(await later, { ok: true, value: 'new.example' });
    assert.deepEqual(journal, []);

    old.answer();
    for (const result of await Promise.all(asked)) {
      assert.deepEqual(result, { ok: true, value: 'old.example' });
    }
    assert.deepEqual(journal, ['old.example closes']);
  });

  it('closes at once when nothing is under way', () => {
    const journal: string[] = [];
    const updater = new ReplaceableDnsUpdater(opened('old.example', journal));
    updater.replace(opened('new.example', journal));
    assert.deepEqual(journal, ['old.example closes']);
  });

  it('closes with all the others at the end, each of them once', async () => {
    const journal: string[] = [];
    const old = opened('old.example', journal);
    const updater = new ReplaceableDnsUpdater(old);
    const asked = updater.findZone(NAME, 1);
    updater.replace(opened('new.example', journal));
    updater.close();
    old.answer();
    await asked;
    assert.deepEqual(journal, ['old.example closes', 'new.example closes']);
  });

  it('counts an answer that is an error as an answer', async () => {
    const journal: string[] = [];
    const old = opened('old.example', journal);
    let fail = (_error: Error) => {};
    const updater = new ReplaceableDnsUpdater({
      updater: {
        ...old.updater,
        apply: () =>
          new Promise((_resolve, reject) => {
            fail = reject;
          }),
      },
      close: old.close,
    });
    const asked = updater.apply(domainName('example.org'), [], 1);
    updater.replace(opened('new.example', journal));
    fail(new Error('a defect'));
    await assert.rejects(asked, /a defect/);
    assert.deepEqual(journal, ['old.example closes']);
  });
});
