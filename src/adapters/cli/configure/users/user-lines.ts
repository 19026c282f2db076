import type { NewUser } from '../../../../application/manage/manage-users.ts';
import { type DomainName, parseDomainName } from '../../../../domain/domain-name.ts';
import { parseChosenUserName, type UserName } from '../../../../domain/user.ts';
import { quoted } from '../../output.ts';

/** What a file of users says, and each problem with its line (`7: …`). With problems, the users are not complete. */
export type UserLines = { readonly users: readonly NewUser[]; readonly problems: readonly string[] };

/** Reads lines like `alice: home.example.org cam.example.org`. */
export function parseUserLines(text: string): UserLines {
  const problems: string[] = [];
  const users = new Map<UserName, NewUser>();
  for (const [index, line] of text.split('\n').entries()) {
    const problem = (reason: string) => problems.push(`${index + 1}: ${reason}`);
    if (/^\s*(?:#|$)/.test(line)) continue;
    const [, before, after] = /^([^:]*):(.*)$/.exec(line.trim()) ?? [];
    if (before === undefined || after === undefined) {
      problem('a line is USER: DOMAIN DOMAIN …');
      continue;
    }
    const domains = new Set<DomainName>();
    for (const word of after.split(/\s+/).filter((word) => word !== '')) {
      const domain = parseDomainName(word);
      if (domain.ok) domains.add(domain.value);
      else problem(`${quoted(word)}: ${domain.reason}`);
    }
    const name = parseChosenUserName(before.trim());
    if (!name.ok) problem(name.reason);
    else if (users.has(name.value)) problem(`${quoted(name.value)} is above already`);
    else users.set(name.value, { name: name.value, domains: [...domains] });
  }
  return { users: [...users.values()], problems };
}
