import { type DatabaseAddress, parseDatabaseAddress } from '../../../application/manage/database-address.ts';
import { readContent } from '../options.ts';

/** Reads the address of a database from a file that an option names. Rejects with a UsageError. */
export const readDatabaseAddress = (option: string, file: string): Promise<DatabaseAddress> =>
  readContent(option, file, (text) => parseDatabaseAddress(text.trim()));
