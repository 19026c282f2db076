import type { HostChanged, HostStore } from '../../application/ports/host-store.ts';
import { type DomainName, parseDomainName } from '../../domain/domain-name.ts';
import { type Host, type HostChange, hasSameSettings, unknownHost } from '../../domain/host.ts';
import { withValue } from './toml-change.ts';
import type { TomlFile } from './toml-file.ts';
import type { TomlTable, TomlValue } from './toml-reader.ts';

/** The hosts in a configuration file: the tables below `[hosts]`. */
export class TomlHostStore implements HostStore {
  readonly #file: TomlFile;

  constructor(file: TomlFile) {
    this.#file = file;
  }

  async find(name: DomainName): Promise<Host | undefined> {
    return (await this.#file.content()).hosts.get(name);
  }

  async followersOf(name: DomainName): Promise<readonly Host[]> {
    return (await this.#file.content()).followers.get(name) ?? [];
  }

  async *list(): AsyncIterable<Host> {
    yield* (await this.#file.content()).hosts.values();
  }

  change(name: DomainName, change: HostChange): Promise<HostChanged> {
    return this.#file.edit<HostChanged>((table, content) => {
      const known = content().hosts.get(name) ?? unknownHost(name);
      const host: Host = { ...known, ...change };
      if (hasSameSettings(host, known)) return { outcome: { kind: 'unchanged', host } };
      const entry = hasSameSettings(host, unknownHost(name)) ? undefined : tableOfHost(host);
      return { outcome: { kind: 'changed', host }, next: withValue(table, pathIn(table, name), entry) };
    });
  }

  clear(name: DomainName): Promise<'cleared' | 'unknown-host'> {
    return this.#file.edit((table, content) =>
      content().hosts.has(name)
        ? { outcome: 'cleared', next: withValue(table, pathIn(table, name), undefined) }
        : { outcome: 'unknown-host' },
    );
  }
}

/** Of the host's table, in whatever spelling its name is written. */
function pathIn(table: TomlTable, name: DomainName): string[] {
  const hosts = table.get('hosts');
  for (const spelling of hosts instanceof Map ? hosts.keys() : []) {
    const parsed = parseDomainName(spelling);
    if (parsed.ok && parsed.value === name) return ['hosts', spelling];
  }
  return ['hosts', name];
}

function tableOfHost({ ttl, offline, follows, interfaceId, prefixLength }: Host): TomlTable {
  const table: TomlTable = new Map<string, TomlValue>();
  if (ttl !== undefined) table.set('ttl', ttl);
  if (follows !== undefined) table.set('follows', follows);
  if (interfaceId !== undefined) table.set('interface_id', interfaceId.text);
  if (prefixLength !== undefined) table.set('prefix_length', prefixLength);
  if (offline) table.set('offline', true);
  return table;
}
