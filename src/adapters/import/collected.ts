import type {
  ImportedAccount,
  ImportedData,
  ImportedHost,
  ImportedSecret,
  Left,
} from '../../application/manage/import-users.ts';
import { type DomainName, parseDomainName } from '../../domain/domain-name.ts';
import { invalid, type Parsed, valid as parsed } from '../../domain/errors.ts';
import { parseNetwork } from '../../domain/network.ts';
import { parsePassword } from '../../domain/password.ts';
import { parseChosenUserName, type UserName } from '../../domain/user.ts';

/** An account as a source has it: all of it is text. */
export type WrittenAccount = {
  readonly user: string;
  readonly secret: ImportedSecret;
  readonly names: readonly string[];
  readonly offline?: boolean;
  readonly networks?: readonly string[];
  readonly challenge?: DomainName;
  readonly remarks?: readonly string[];
};

/** Collects what a source has, in the words of the domain. */
export class Collected implements ImportedData {
  readonly #accounts = new Map<UserName, ImportedAccount>();
  readonly hosts: ImportedHost[] = [];
  readonly left: Left[] = [];

  get accounts(): readonly ImportedAccount[] {
    return [...this.#accounts.values()];
  }

  /** An account whose name was used before is left: nobody knows which of the two is meant. */
  addAccount(written: WrittenAccount): void {
    const account = this.#read(written);
    if (account.ok) this.#accounts.set(account.value.user, account.value);
    else this.leave('user', written.user, account.reason);
  }

  #read({
    user: text,
    names,
    networks = [],
    remarks = [],
    ...rest
  }: WrittenAccount): Parsed<ImportedAccount> {
    const user = parseChosenUserName(text);
    if (!user.ok) return user;
    if (this.#accounts.has(user.value)) return invalid('another account of this name comes before it');
    const valid = networks.map(parseNetwork).flatMap((network) => (network.ok ? [network.value] : []));
    // Without its networks, the account could be used from everywhere.
    if (valid.length < networks.length) return invalid('a network that it is limited to is none');
    const all = [...remarks];
    const domains = new Set<DomainName>();
    for (const name of names) {
      const domain = parseDomainName(name);
      if (domain.ok) domains.add(domain.value);
      else all.push(`not taken: the name ${JSON.stringify(name)}, because ${domain.reason}`);
    }
    const account = { ...rest, user: user.value, domains: [...domains], remarks: all };
    return parsed(valid.length > 0 ? { ...account, networks: valid } : account);
  }

  leave(what: Left['what'], name: string, why: string): void {
    this.left.push({ what, name, why });
  }
}

/** A password as it is written. */
export function writtenPassword(text: string): ImportedSecret {
  const password = parsePassword(text);
  return password.ok
    ? { kind: 'password', password: password.value }
    : { kind: 'unusable', why: `its password cannot be used here: ${password.reason}` };
}
