import { dirname, join, resolve } from 'node:path';
import { parseDatabaseAddress } from '../../application/manage/database-address.ts';
import type {
  AdminSettings,
  DnsSettings,
  HistorySettings,
  HttpSettings,
  MailSettings,
  Primary,
  Settings,
  StoreSettings,
  TlsSettings,
  TlsTrust,
  WebSettings,
} from '../../application/manage/settings.ts';
import type {
  ChallengesGranted,
  HttpChange,
  NewZone,
  SettingsStore,
  ZoneAdded,
  ZoneAddition,
} from '../../application/ports/settings-store.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import type { Parsed } from '../../domain/errors.ts';
import { networkText } from '../../domain/network.ts';
import { socketText } from '../../domain/socket-address.ts';
import { parseTsigSecret, type TsigKey } from '../../domain/tsig-key.ts';
import { CERTIFICATE_FILE } from '../files/certificate-file.ts';
import { ConfigurationFault, faultOfProblems } from './configuration-fault.ts';
import type { Content } from './content.ts';
import { DEFAULT_CONFIGURATION } from './default-configuration.ts';
import { planAddition, planChallenges, planRemoval } from './name-server-edits.ts';
import { nameServerSettingsOf } from './name-server-settings.ts';
import { type FileTexts, readNamedFiles } from './named-files.ts';
import type { Configuration } from './schema.ts';
import { schemaLine } from './schema-line.ts';
import { noticeTarget } from './schema-notices.ts';
import { problemsAt } from './snapshot.ts';
import type { TomlFile } from './toml-file.ts';
import { type TomlTable, type TomlValue, tableOf, withValue } from './toml-value.ts';
import { tableOfTsig } from './tsig-table.ts';

/** The settings in a configuration file: all of it but `[users]` and `[hosts]`. */
export class TomlSettingsStore implements SettingsStore {
  readonly #file: TomlFile;

  constructor(file: TomlFile) {
    this.#file = file;
  }

  async load(): Promise<Settings> {
    const { text, files, judged } = await this.#file.snapshot();
    if (text === undefined) throw judged;
    const folder = dirname(this.#file.path);
    const { texts, issues } = await readNamedFiles(folder, files);
    const problems = problemsAt(text, issues);
    if (judged instanceof ConfigurationFault) problems.push(...judged.problems);
    else if (problems.length === 0) return settingsOf(judged, texts, folder);
    throw faultOfProblems('CONFIG_INVALID', this.#file.path, problems);
  }

  async store(): Promise<StoreSettings | undefined> {
    const { text = '', files, judged } = await this.#file.snapshot();
    if (judged instanceof ConfigurationFault || judged.store === undefined) return undefined;
    const own = files.filter(({ path }) => path[0] === 'store');
    const { texts, issues } = await readNamedFiles(dirname(this.#file.path), own);
    if (issues.length > 0) {
      throw faultOfProblems('CONFIG_INVALID', this.#file.path, problemsAt(text, issues));
    }
    return storeOf(judged.store, texts);
  }

  create(options: { readonly overwrite: boolean }): Promise<'created' | 'exists'> {
    return this.#file.create(schemaLine() + DEFAULT_CONFIGURATION, options);
  }

  changeDns(change: Partial<DnsSettings>): Promise<void> {
    return this.#change('dns', dnsValues(change));
  }

  changeHttp(change: HttpChange): Promise<void> {
    return this.#change('http', httpValues(change));
  }

  addZone(zone: NewZone, addition: ZoneAddition): Promise<ZoneAdded> {
    return this.#file.edit((table, content) => planAddition(table, content(), zone, addition));
  }

  removeZone(name: DomainName): Promise<'removed' | 'removed-last' | 'unknown-zone'> {
    return this.#file.edit((table, content) => planRemoval(table, content(), name));
  }

  grantChallenges(key: TsigKey, names: readonly DomainName[]): Promise<ChallengesGranted> {
    return this.#file.edit((table, content) => planChallenges(table, content(), key, names));
  }

  #change(section: string, values: Values): Promise<void> {
    return this.#file.edit((table) => ({
      outcome: undefined,
      next: values.reduce((next, [key, value]) => withValue(next, [section, key], value), table),
    }));
  }
}

function settingsOf(content: Content, texts: FileTexts, folder: string): Settings {
  const { http, dns, acme, admin, log, history, nameserver, web, notices, mail, store } = content;
  return {
    http: httpOf(http, texts, folder),
    dns: { ...primaryOf(dns, texts), ttl: dns.ttl },
    servers: dns.servers.map((server) => primaryOf(server, texts)),
    admin: admin && adminOf(admin, texts),
    web: web && webOf(web, texts),
    ...(acme !== undefined && { acme }),
    log: { level: log.level, audit: log.audit && resolve(folder, log.audit) },
    history: historyOf(history, folder),
    notices: notices.map(({ secret_file: file, ...notice }) =>
      noticeTarget({ ...notice, secret: file && texts.get(file) }),
    ),
    mail: mail && mailOf(mail, texts),
    store: store && storeOf(store, texts),
    nameServer:
      nameserver &&
      nameServerSettingsOf(
        nameserver,
        nameserver.keys.map((key) => tsigOf(key, texts)),
        { folder, takesUpdates: !content.hasDns },
      ),
  };
}

function webOf({ url, oidc }: NonNullable<Configuration['web']>, texts: FileTexts): WebSettings {
  if (oidc === undefined) return { url };
  const { issuer, client_id: clientId, client_secret_file: file, claim } = oidc;
  const name = oidc.name ?? new URL(issuer).host;
  return { url, oidc: { issuer, clientId, clientSecret: texts.get(file) ?? '', claim, name } };
}

function historyOf(
  { name_servers: nameServers, file, ...history }: Configuration['history'],
  folder: string,
): HistorySettings {
  return { ...history, file: file && resolve(folder, file), nameServers };
}

function httpOf(written: Configuration['http'], texts: FileTexts, folder: string): HttpSettings {
  const { socket, workers, trusted_proxies: trustedProxies, tls, listeners } = written;
  const { connections_per_site: connectionsPerSite } = written;
  return {
    socket,
    workers,
    trustedProxies,
    connectionsPerSite,
    tls: tls && tlsOf(tls, texts, folder),
    listeners: listeners.map(({ socket, tls, routes }) => ({ socket, tls, routes })),
  };
}

function tlsOf(
  { cert = '', key = '', acme }: NonNullable<Configuration['http']['tls']>,
  texts: FileTexts,
  folder: string,
): TlsSettings {
  if (acme === undefined) return { cert: resolve(folder, cert), key: resolve(folder, key) };
  const { names, email, directory, eab_key_id: keyId, eab_key_file: keyFile = '', ca_file: caFile } = acme;
  const data = resolve(folder, acme.data);
  const kept = join(data, CERTIFICATE_FILE);
  return {
    cert: kept,
    key: kept,
    acme: {
      names: [...new Set(names)],
      email,
      directory,
      externalAccount: keyId === undefined ? undefined : { keyId, key: texts.get(keyFile) ?? '' },
      data,
      ca: caFile && texts.get(caFile),
      nameServers: acme.name_servers,
    },
  };
}

function primaryOf(written: Configuration['dns']['servers'][number], texts: FileTexts): Primary {
  const { socket, fallback_sockets: fallbackSockets, transport, zones, tsig, tls } = written;
  return {
    socket,
    ...(fallbackSockets.length > 0 && { fallbackSockets }),
    transport,
    zones,
    tsig: tsig && tsigOf(tsig, texts),
    tls: { serverName: tls.server_name, ca: tls.ca ?? (tls.ca_file && texts.get(tls.ca_file)) },
  };
}

function adminOf(written: NonNullable<Configuration['admin']>, texts: FileTexts): AdminSettings {
  const { socket, user, password_file: file } = written;
  const password = written.password ?? (file && texts.get(file));
  return { socket, login: password === undefined ? undefined : { user, password } };
}

function mailOf(written: NonNullable<Configuration['mail']>, texts: FileTexts): MailSettings {
  const { smtp, from, login: user, password_file: file } = written;
  const password = file && texts.get(file);
  const login = user === undefined || password === undefined ? undefined : { user, password };
  return { ...smtp, from, login };
}

function storeOf(written: NonNullable<Configuration['store']>, texts: FileTexts): StoreSettings {
  const { postgres, postgres_file: file = '', stale, cached_users: cachedUsers } = written;
  const address = postgres ?? validated(parseDatabaseAddress(texts.get(file) ?? ''), file);
  return { address, stale, cachedUsers };
}

type WrittenTsig = NonNullable<Configuration['dns']['tsig']>;

function tsigOf({ name, algorithm, secret, secret_file: file = '' }: WrittenTsig, texts: FileTexts): TsigKey {
  if (secret !== undefined) return { name, algorithm, secret };
  return { name, algorithm, secret: validated(parseTsigSecret(texts.get(file) ?? ''), file) };
}

/** The value of a file whose text was judged before. */
function validated<Value>(parsed: Parsed<Value>, file: string): Value {
  if (!parsed.ok) throw new TypeError(`${file} was not validated before`);
  return parsed.value;
}

/** Keys of a section with their new values. A key whose value is undefined is removed. */
type Values = readonly (readonly [key: string, value: TomlValue | undefined])[];

function dnsValues(change: Partial<DnsSettings>): Values {
  const { socket, ttl, transport, zones, tls } = change;
  const values: [string, TomlValue | undefined][] = Object.entries(
    tableOf({ socket: socket && socketText(socket), ttl, transport, zones }),
  );
  if (tls !== undefined) values.push(['tls', tableOfTls(tls)]);
  if ('tsig' in change) values.push(['tsig', change.tsig && tableOfTsig(change.tsig)]);
  return values;
}

/** Undefined when nothing would stand in the table. */
function tableOfTls({ serverName, ca }: TlsTrust): TomlTable | undefined {
  const table = tableOf({ server_name: serverName, ca });
  return Object.keys(table).length === 0 ? undefined : table;
}

const httpValues = ({ socket, workers, trustedProxies }: HttpChange): Values =>
  Object.entries(
    tableOf({
      socket: socket && socketText(socket),
      workers,
      trusted_proxies: trustedProxies?.map(networkText),
    }),
  );
