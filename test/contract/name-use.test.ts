import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Rfc2136NameUse } from '../../src/adapters/rfc2136/probe/rfc2136-name-use.ts';
import { SystemClock } from '../../src/adapters/system/system-clock.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import { parseSocketAddress } from '../../src/domain/socket-address.ts';
import { MemoryNameUse } from '../fakes/memory-name-use.ts';
import { describeWithServers, PRIMARIES } from '../support/name-servers/describe-with-servers.ts';
import { CHILD_ZONE, DYN_ZONE } from '../support/name-servers/zones.ts';
import { valueIn } from '../support/parsed.ts';
import { primaryAt } from '../support/primary-at.ts';
import { nameUseContract } from './name-use.contract.ts';

const NAMES = {
  zone: DYN_ZONE,
  used: {
    records: `www.${DYN_ZONE}`,
    'no address': `txt.${DYN_ZONE}`,
    'names below it alone': `wild.${DYN_ZONE}`,
    'a wildcard that answers for it': `any.wild.${DYN_ZONE}`,
    'an alias': `alias.${DYN_ZONE}`,
    'a delegation': `deleg.${DYN_ZONE}`,
    'a delegation above it': `x.deleg.${DYN_ZONE}`,
    'a zone of its own': CHILD_ZONE,
  },
  free: `nothing.${DYN_ZONE}`,
};

nameUseContract('MemoryNameUse', () => {
  const use = new MemoryNameUse();
  for (const name of Object.values(NAMES.used)) use.used.add(name);
  return { use, ...NAMES };
});

describeWithServers(PRIMARIES, (server, kind) => {
  nameUseContract(`Rfc2136NameUse with ${kind}`, () => {
    const primary = primaryAt(server().socket);
    // A PowerDNS whose zone was not rectified does not know that a name has others below it.
    const { 'names below it alone': _, ...rectified } = NAMES.used;
    const used = kind === 'powerdns' ? rectified : NAMES.used;
    return { use: new Rfc2136NameUse(() => primary, new SystemClock()), ...NAMES, used };
  });
});

it('Rfc2136NameUse does not know where the primary does not answer', async () => {
  const primary = primaryAt(valueIn(parseSocketAddress('127.0.0.1:1')));
  const use = new Rfc2136NameUse(() => primary, new SystemClock());
  assert.equal(await use.isUsed(DYN_ZONE, domainName(`www.${DYN_ZONE}`)), undefined);
});
