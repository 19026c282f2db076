import type { Settings } from './settings.ts';

/** What new settings mean for a program that runs. */
export type SettingsChange = {
  /** What holds from now on. */
  readonly settings: Settings;
  /** The keys, as they are written, whose values change with that. */
  readonly changed: readonly string[];
  /** The keys whose values go on until the program starts anew. */
  readonly waiting: readonly string[];
};

/** What can change while the program runs: whole sections, or single keys of one. Everything else waits. */
const LIVE: ReadonlySet<string> = new Set([
  'dns',
  'servers',
  'log',
  'http.trustedProxies',
  'http.connectionsPerSite',
]);

/** The sections of which a part may change now and another wait, or whose keys are told one by one. */
const DIVIDED: ReadonlySet<string> = new Set(['http', 'dns', 'log']);

/** Takes of `written` what can change now, and leaves the rest of `inForce` as it is. */
export function takeUp(inForce: Settings, written: Settings): SettingsChange {
  const changed: string[] = [];
  const waiting: string[] = [];
  const take = (old: unknown, next: unknown, path: readonly string[]): unknown => {
    if (isSame(old, next)) return old;
    const isLive = path.some((_key, index) => LIVE.has(path.slice(0, index + 1).join('.')));
    const isDivided = path.length === 0 || DIVIDED.has(path.join('.'));
    if (isDivided && isSection(old) && isSection(next)) {
      const keys = [...new Set([...Object.keys(old), ...Object.keys(next)])];
      return Object.fromEntries(keys.map((key) => [key, take(old[key], next[key], [...path, key])]));
    }
    (isLive ? changed : waiting).push(asWritten(path));
    return isLive ? next : old;
  };
  const settings = take(inForce, written, []) as Settings;
  return { settings, changed, waiting };
}

/** Settings are plain data, and made by the same code each time. */
export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function isSection(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const WRITTEN: ReadonlyMap<string, string> = new Map([
  ['servers', 'dns.servers'],
  ['nameServer', 'nameserver'],
]);

/** `http.trustedProxies` is written `http.trusted_proxies`. */
function asWritten(path: readonly string[]): string {
  const key = path.join('.');
  return WRITTEN.get(key) ?? key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
