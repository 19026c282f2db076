import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { reasonOf } from '../../files/system-error.ts';
import { unreadable } from '../rdata/presentation.ts';

/** The file that $INCLUDE names in the file `from`. Throws `WIRE_UNWRITABLE` where it cannot be read. */
export type ReadIncluded = (name: string, from: string) => { readonly path: string; readonly octets: Buffer };

/** From the disk, while all else waits: for commands, and not for a server, which has others to answer. */
export const readIncluded: ReadIncluded = (name, from) => {
  const path = isAbsolute(name) ? name : join(dirname(from), name);
  try {
    return { path, octets: readFileSync(path) };
  } catch (error) {
    throw unreadable(`$INCLUDE cannot read "${path}": ${reasonOf(error)}`);
  }
};
