import {
  type MasterFile,
  parseMasterFile,
} from '../../src/adapters/name-server/master-file/parse-master-file.ts';
import { masterFileOf } from '../../src/adapters/name-server/master-file/write-master-file.ts';
import { checkZone } from '../../src/adapters/name-server/master-file/zone-checks.ts';
import { Zone } from '../../src/adapters/name-server/zone.ts';
import type { ZoneRecord } from '../../src/adapters/name-server/zone-data.ts';

/** The records in lines of a master file whose origin is `origin`; each has a TTL of 300 unless it says more. */
export function recordsOf(origin: string, lines: string): readonly ZoneRecord[] {
  return masterFile(origin, lines).records;
}

/** A zone with a SOA of serial 1, an NS, and these records. */
export function zoneOf(name: string, lines = ''): Zone {
  const apex = '@ SOA ns.example.net. hostmaster 1 3600 600 86400 60\n@ NS ns.example.net.\n';
  const { records, problems } = checkZone(name, masterFile(name, apex + lines));
  const [problem] = problems;
  if (problem !== undefined) throw new Error(problem.reason);
  return new Zone(name, records);
}

function masterFile(origin: string, lines: string): MasterFile {
  const file = parseMasterFile(Buffer.from(`$TTL 300\n${lines}`, 'latin1'), origin, 'lines');
  const [problem] = file.problems;
  if (problem !== undefined) throw new Error(`line ${problem.line - 1}: ${problem.reason}`);
  return file;
}

/** The zone as its master file. */
export const textOf = (zone: Zone): string => [...masterFileOf(zone.snapshot())].join('');
