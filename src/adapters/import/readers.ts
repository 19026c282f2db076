import type { ImportReaders } from '../../application/manage/import-users.ts';
import { parseAcmeDns } from './acme-dns.ts';
import { parseCsv } from './csv.ts';
import { parseDdclient } from './ddclient.ts';
import { parseDyndnsd } from './dyndnsd.ts';
import { parseNsupdateInfo } from './nsupdate-info.ts';

/** A new source is a file here, a line here, and a command. */
export const importReaders: ImportReaders = {
  nsupdateInfo: async (text) => parseNsupdateInfo(text),
  dyndnsd: parseDyndnsd,
  acmeDns: async (text, zone) => parseAcmeDns(text, zone),
  ddclient: async (text) => parseDdclient(text),
  csv: parseCsv,
};
