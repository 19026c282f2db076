import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { Opcode, Rcode, RrType } from '../../src/adapters/dns-wire/constants.ts';
import type { Message } from '../../src/adapters/dns-wire/message.ts';
import { PrimaryClient } from '../../src/adapters/rfc2136/primary-client.ts';
import { Rfc2136DnsUpdater } from '../../src/adapters/rfc2136/rfc2136-dns-updater.ts';
import { ZoneDirectory } from '../../src/adapters/rfc2136/zone-directory.ts';
import { DEFAULT_SETTINGS } from '../../src/application/manage/settings.ts';
import { noLogger } from '../../src/application/ports/logger.ts';
import { NameTurns } from '../../src/application/turns/name-turns.ts';
import { ReconcileRecords } from '../../src/application/update/reconcile-records.ts';
import type { Reconciliation } from '../../src/application/update/reconciliation.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import { parseIpv4 } from '../../src/domain/ip-address.ts';
import { ttl } from '../../src/domain/ttl.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { type Scripted, ScriptedTransport } from '../fakes/scripted-transport.ts';
import { decorated } from '../support/decorated.ts';
import { addressRecord, answerTo, soaRecord } from '../support/dns-answers.ts';
import { noEvents } from '../support/events.ts';
import { fuzzRuns } from '../support/fuzz-runs.ts';
import { ModelZone } from '../support/model-zone.ts';
import { valueIn } from '../support/parsed.ts';
import { zoneOf } from '../support/zone-of.ts';

const ZONE = domainName('example.test');
/** Longer than any request waits. */
const LONG = 60_000;
const LABELS = ['a', 'b', 'c', 'd', 'e', 'f', 'forbidden'] as const;
/** So few that names often have what is wanted. */
const ADDRESSES = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'] as const;

/** What becomes of one message. */
const FATES = [
  'answered',
  'answered',
  'answered',
  'lost before',
  'lost after',
  'silent after',
  'SERVFAIL',
] as const;
type Fate = (typeof FATES)[number];

/** A primary that does what RFC 2136 says, forbids one name, and whose messages meet the fates given in turn. */
class ModelPrimary {
  readonly #zone = new ModelZone(ZONE, zoneOf(ZONE).snapshot());
  readonly #fates: readonly Fate[];
  readonly #failsBulks: boolean;
  #messages = 0;
  /** UPDATEs that asked whether records are there, and were told so. */
  confirmations = 0;

  constructor(fates: readonly Fate[], failsBulks: boolean) {
    this.#fates = fates;
    this.#failsBulks = failsBulks;
  }

  addressesOf(label: string): readonly string[] {
    return this.#zone
      .shown()
      .map((line) => line.split(' '))
      .filter(([name, , type]) => name === `${label}.${ZONE}` && type === String(RrType.A))
      .map(([, , , ...octets]) => octets.join('.'));
  }

  readonly answer = async (request: Message): Promise<Scripted> => {
    // The answer comes later than the question, so that changes gather.
    await Promise.resolve();
    if (request.opcode === Opcode.QUERY) return this.#look(request);
    const next = this.#fates[this.#messages++] ?? 'answered';
    if (next === 'lost before') return { kind: 'lost' };
    if (next === 'SERVFAIL') return answerTo(request, { rcode: Rcode.SERVFAIL });
    const rcode = this.#update(request);
    if (next === 'lost after') return { kind: 'lost' };
    if (next === 'silent after') return { kind: 'silent' };
    return answerTo(request, { rcode });
  };

  #look(request: Message): Buffer {
    const [question] = request.questions;
    const label = question?.name.split('.')[0] ?? '';
    const addresses = question?.type === RrType.A ? this.addressesOf(label) : [];
    const answers = addresses.map((address) => addressRecord(question?.name ?? '', address));
    return answerTo(request, { answers, authorities: [soaRecord(ZONE)] });
  }

  #update({ answers, authorities }: Message): number {
    const names = new Set(authorities.map(({ name }) => name));
    if (this.#failsBulks && names.size > 1) return Rcode.SERVFAIL;
    if (names.has(`forbidden.${ZONE}`)) return Rcode.REFUSED;
    const rcode = this.#zone.update(answers, authorities);
    if (rcode === Rcode.NOERROR && answers.length > 0 && authorities.length === 0) this.confirmations += 1;
    return rcode;
  }
}

const request = fc.record({
  labels: fc.uniqueArray(fc.constantFrom(...LABELS), { minLength: 1, maxLength: 6 }),
  address: fc.constantFrom(...ADDRESSES),
  /** Milliseconds after the one before. */
  pause: fc.constantFrom(0, 0, 0, 5, 2_000),
});

it('whatever becomes of messages, each request hears the truth of its names, and the zone is what was acknowledged', async () => {
  let confirmations = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(request, { minLength: 1, maxLength: 40 }),
      fc.array(fc.constantFrom(...FATES), { maxLength: 30 }),
      fc.boolean(),
      async (requests, fates, failsBulks) => {
        const clock = new ManualClock();
        const primary = new ModelPrimary(fates, failsBulks);
        const stream = new ScriptedTransport(clock, primary.answer);
        const client = new PrimaryClient(
          DEFAULT_SETTINGS.dns,
          () => ({ udp: undefined, stream }),
          clock,
          noLogger,
          noEvents,
        );
        const directory = new ZoneDirectory(new Map([[ZONE, client]]), undefined, clock);
        const updater = decorated(new Rfc2136DnsUpdater(directory), clock);
        const records = new ReconcileRecords(updater, clock, new NameTurns(), noEvents);

        const running: Promise<readonly Reconciliation[]>[] = [];
        for (const { labels, address, pause } of requests) {
          await clock.advance(pause);
          const addresses = [valueIn(parseIpv4(address))];
          const wanted = labels.map((label) => ({
            name: domainName(`${label}.${ZONE}`),
            recordSets: [{ type: 'A', ttl: ttl(60), values: addresses } as const],
          }));
          running.push(records.execute(wanted, clock.monotonic() + 9_500));
        }
        await clock.advance(LONG);
        const outcomes = await Promise.all(running);
        client.close();
        confirmations += primary.confirmations;

        for (const label of LABELS) {
          /** What the name may hold: the last acknowledged, or something that was asked for later in vain. */
          let possible: readonly string[] = [''];
          for (const [index, { labels, address }] of requests.entries()) {
            const outcome = outcomes[index]?.[labels.indexOf(label)];
            if (outcome === undefined) continue;
            if (outcome.kind === 'failed') {
              const { code, refused } = outcome.fault;
              assert.ok(!refused || label === 'forbidden', `${label}: ${code}`);
              if (!refused) possible = [...possible, address];
            } else {
              assert.notEqual(label, 'forbidden');
              possible = [address];
            }
          }
          const held = primary.addressesOf(label);
          assert.ok(possible.includes(held.join()), `${label} holds ${held}, and may hold ${possible}`);
        }
      },
    ),
    { numRuns: fuzzRuns(150) },
  );
  assert.ok(confirmations > 0);
});
