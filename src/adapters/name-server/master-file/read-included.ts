import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { reasonOf } from '../../files/system-error.ts';
import { unreadable } from '../rdata/presentation.ts';

/** Reads the file that $INCLUDE names in the file `from`. Throws `WIRE_UNWRITABLE` where it cannot be read. */
export type ReadIncluded = (name: string, from: string) => { readonly path: string; readonly octets: Buffer };

/** Reads synchronously, so it is for commands and not for the server. */
export const readIncluded: ReadIncluded = (name, from) => {
  const path = isAbsolute(name) ? name : join(dirname(from), name);
  try {
    return { path, octets: readFileSync(path) };
  } catch (error) {
    throw unreadable(`$INCLUDE cannot read "${path}": ${reasonOf(error)}`);
  }
};
