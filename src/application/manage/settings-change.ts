import type { Settings } from './settings.ts';

/** What new settings change in a running program. */
export type SettingsChange = {
  /** The settings that are in force from now on. */
  readonly settings: Settings;
  /** The keys whose new values are in force now, as the configuration has them. */
  readonly changed: readonly string[];
  /** The keys whose new values need a restart. */
  readonly waiting: readonly string[];
};

/** Sections and keys that can change while the program runs. All others need a restart. */
const LIVE: ReadonlySet<string> = new Set([
  'dns',
  'servers',
  'log',
  'notices',
  'mail',
  'history.visibility',
  'history.nameServers',
  'http.trustedProxies',
  'http.connectionsPerSite',
]);

/** Sections that are compared key by key, and not as a whole. */
const DIVIDED: ReadonlySet<string> = new Set(['http', 'dns', 'log', 'history']);

/** The settings in force, with the values of `written` that can change while the program runs. */
export function takeUp(inForce: Settings, written: Settings): SettingsChange {
  const changed: string[] = [];
  const waiting: string[] = [];
  const take = (old: unknown, next: unknown, path: Path): unknown => {
    if (isSame(old, next)) return old;
    if (isDivided(path) && isSection(old) && isSection(next)) {
      const keys = [...new Set([...Object.keys(old), ...Object.keys(next)])];
      return Object.fromEntries(keys.map((key) => [key, take(old[key], next[key], [...path, key])]));
    }
    if (isLive(path)) {
      changed.push(asWritten(path));
      return next;
    }
    waiting.push(asWritten(path));
    return old;
  };
  const settings = take(inForce, written, []) as Settings;
  return { settings, changed, waiting };
}

/** The keys that lead to a setting, from the outermost section on. */
type Path = readonly string[];

const isDivided = (path: Path): boolean => path.length === 0 || DIVIDED.has(path.join('.'));

/** True where the setting itself, or a section that contains it, takes effect while the program runs. */
const isLive = (path: Path): boolean =>
  path.some((_key, index) => LIVE.has(path.slice(0, index + 1).join('.')));

/** Settings are plain data, and their keys always have the same order. */
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
function asWritten(path: Path): string {
  const key = path.join('.');
  return WRITTEN.get(key) ?? key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
