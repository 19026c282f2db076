import { after, before } from 'node:test';
import { describeWithTools } from '../describe-with-tools.ts';
import { BIND } from './bind.ts';
import { KNOT } from './knot.ts';
import { NameServer, type NameServerOptions, type Recipe } from './name-server.ts';
import { NSD } from './nsd.ts';
import { POWERDNS } from './powerdns.ts';

const RECIPES = { bind: BIND, knot: KNOT, powerdns: POWERDNS, nsd: NSD } satisfies Record<string, Recipe>;

export type ServerKind = keyof typeof RECIPES;

/** The servers that take updates. */
export const PRIMARIES: readonly ServerKind[] = ['bind', 'knot', 'powerdns'];

/**
 * One suite for each kind of server, with a fresh server of that kind for all its tests. `server` may be
 * called in tests and hooks: only then it runs.
 */
export function describeWithServers(
  kinds: readonly ServerKind[],
  suite: (server: () => NameServer, kind: ServerKind) => void,
  options?: NameServerOptions,
): void {
  for (const kind of kinds) {
    describeWithTools(kind, RECIPES[kind].tools, () => {
      let running: NameServer | undefined;
      before(async () => {
        running = await NameServer.start(RECIPES[kind], options);
      });
      after(() => running?.stop());
      suite(() => {
        if (running === undefined) throw new Error(`${kind} runs only while tests and hooks do`);
        return running;
      }, kind);
    });
  }
}
