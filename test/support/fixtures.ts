import { DEFAULT_SETTINGS, type Settings } from '../../src/application/manage/settings.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import type { Actor } from '../../src/domain/event.ts';
import { type HostChange, type HostSettings, unknownHost } from '../../src/domain/host-settings.ts';
import { parseUserName, type User } from '../../src/domain/user.ts';
import { valueIn } from './parsed.ts';

/** A user with these names, who has no password that fits, no tokens, and nothing else that `more` does not say. */
export function userNamed(
  name: string,
  domains: readonly string[] = [],
  more: Partial<Omit<User, 'name' | 'domains'>> = {},
): User {
  return {
    name: valueIn(parseUserName(name)),
    passwordHash: '',
    domains: domains.map(domainName),
    offline: false,
    networks: [],
    tokens: [],
    ...more,
  };
}

/** Somebody at the command line. */
export const OPERATOR: Actor = { by: 'operator', way: 'command' };

/** A host of which nothing is known but what `change` says. */
export function hostNamed(name: string, change: HostChange = {}): HostSettings {
  return { ...unknownHost(domainName(name)), ...change };
}

/** The default settings, but for these; of `dns`, only what is named differs. */
export function settingsWith({
  dns = {},
  ...more
}: Partial<Omit<Settings, 'dns'>> & { readonly dns?: Partial<Settings['dns']> }): Settings {
  return { ...DEFAULT_SETTINGS, ...more, dns: { ...DEFAULT_SETTINGS.dns, ...dns } };
}

/** The section of a user in a configuration file. */
export function userSection(name: string, passwordHash: string, domains: readonly string[]): string {
  return `[users.${name}]\npw = "${passwordHash}"\ndomains = ${JSON.stringify(domains)}\n`;
}
