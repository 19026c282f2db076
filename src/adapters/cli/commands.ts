import type { CommandClass } from 'clipanion';
import { CheckCommand } from './check.command.ts';
import { CompletionCommand } from './completion/completion.command.ts';
import { ConfigureDefaultCommand } from './configure/default.command.ts';
import { ConfigureDnsCommand } from './configure/dns.command.ts';
import { ConfigureHistoryCommand } from './configure/history.command.ts';
import { ConfigureHostsClearCommand } from './configure/hosts/clear.command.ts';
import { ConfigureHostsListCommand } from './configure/hosts/list.command.ts';
import { ConfigureHostsSetCommand } from './configure/hosts/set.command.ts';
import { ConfigureHttpCommand } from './configure/http.command.ts';
import { ConfigureNameserverAddCommand } from './configure/nameserver/add.command.ts';
import { ConfigureNameserverKeyCommand } from './configure/nameserver/key.command.ts';
import { ConfigureNameserverRmCommand } from './configure/nameserver/rm.command.ts';
import { ConfigureUsersAddCommand } from './configure/users/add.command.ts';
import { ConfigureUsersAuthCommand } from './configure/users/auth.command.ts';
import { ConfigureUsersCertificatesCommand } from './configure/users/certificates.command.ts';
import { ConfigureUsersDeauthCommand } from './configure/users/deauth.command.ts';
import { ConfigureUsersListCommand } from './configure/users/list.command.ts';
import { ConfigureUsersNetworksCommand } from './configure/users/networks.command.ts';
import { ConfigureUsersOidcCommand } from './configure/users/oidc.command.ts';
import { ConfigureUsersOperatorCommand } from './configure/users/operator.command.ts';
import { ConfigureUsersPasskeyListCommand } from './configure/users/passkey/list.command.ts';
import { ConfigureUsersPasskeyRmCommand } from './configure/users/passkey/rm.command.ts';
import { ConfigureUsersPwCommand } from './configure/users/pw.command.ts';
import { ConfigureUsersRmCommand } from './configure/users/rm.command.ts';
import { ConfigureUsersTokenAddCommand } from './configure/users/token/add.command.ts';
import { ConfigureUsersTokenListCommand } from './configure/users/token/list.command.ts';
import { ConfigureUsersTokenRmCommand } from './configure/users/token/rm.command.ts';
import type { CommandContext } from './context.ts';
import { DemoCommand } from './demo.command.ts';
import { HostsHistoryCommand } from './hosts/history.command.ts';
import { HostsListCommand } from './hosts/list.command.ts';
import { ImportAcmeDnsCommand } from './import/acme-dns.command.ts';
import { ImportCsvCommand } from './import/csv.command.ts';
import { ImportDdclientCommand } from './import/ddclient.command.ts';
import { ImportDyndnsdCommand } from './import/dyndnsd.command.ts';
import { ImportNsupdateInfoCommand } from './import/nsupdate-info.command.ts';
import { NoticesTestCommand } from './notices/test.command.ts';
import { ServeCommand } from './serve.command.ts';
import { SnippetCommand } from './snippet.command.ts';
import { StoreCheckCommand } from './store/check.command.ts';
import { StoreCopyCommand } from './store/copy.command.ts';
import { StoreMigrateCommand } from './store/migrate.command.ts';
import { StoreStatusCommand } from './store/status.command.ts';
import { ZoneExportCommand } from './zone/export.command.ts';
import { ZoneImportCommand } from './zone/import.command.ts';
import { ZoneListCommand } from './zone/list.command.ts';
import { ZoneShowCommand } from './zone/show.command.ts';

/** All commands, in the order of the help. */
export const COMMANDS: readonly CommandClass<CommandContext>[] = [
  ServeCommand,
  CheckCommand,
  DemoCommand,
  NoticesTestCommand,
  ConfigureDefaultCommand,
  ConfigureDnsCommand,
  ConfigureHttpCommand,
  ConfigureHistoryCommand,
  ConfigureUsersAddCommand,
  ConfigureUsersListCommand,
  ConfigureUsersPwCommand,
  ConfigureUsersRmCommand,
  ConfigureUsersAuthCommand,
  ConfigureUsersDeauthCommand,
  ConfigureUsersOperatorCommand,
  ConfigureUsersNetworksCommand,
  ConfigureUsersCertificatesCommand,
  ConfigureUsersOidcCommand,
  ConfigureUsersPasskeyListCommand,
  ConfigureUsersPasskeyRmCommand,
  ConfigureUsersTokenAddCommand,
  ConfigureUsersTokenListCommand,
  ConfigureUsersTokenRmCommand,
  HostsListCommand,
  HostsHistoryCommand,
  ConfigureHostsSetCommand,
  ConfigureHostsListCommand,
  ConfigureHostsClearCommand,
  ConfigureNameserverAddCommand,
  ConfigureNameserverKeyCommand,
  ConfigureNameserverRmCommand,
  StoreMigrateCommand,
  StoreStatusCommand,
  StoreCheckCommand,
  StoreCopyCommand,
  ZoneListCommand,
  ZoneShowCommand,
  ZoneExportCommand,
  ZoneImportCommand,
  SnippetCommand,
  CompletionCommand,
  ImportNsupdateInfoCommand,
  ImportDyndnsdCommand,
  ImportAcmeDnsCommand,
  ImportDdclientCommand,
  ImportCsvCommand,
];
