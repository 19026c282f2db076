import type { DomainName } from '../src/domain/domain-name.ts';
import type { PlannedRequest } from './load-job.ts';
import { type BenchUser, basicAuthorization } from './users.ts';

/** One update of each name by its user, as ddclient sends it, with the answer that is a success. */
export function updatesTo(
  address: string,
  answer: 'good' | 'nochg',
  users: readonly BenchUser[],
  isWanted: (name: DomainName) => boolean = () => true,
): readonly (PlannedRequest & { readonly name: DomainName })[] {
  const requests = users.flatMap((user) => {
    const authorization = basicAuthorization(user);
    return user.domains.filter(isWanted).map((name) => ({
      name,
      text: get(`/nic/update?system=dyndns&hostname=${name}&myip=${address}`, authorization),
      body: `${answer} ${address}\n`,
    }));
  });
  return requests;
}

export function get(target: string, authorization?: string, fields: readonly string[] = []): string {
  const head = [
    `GET ${target} HTTP/1.1`,
    'Host: dyn.example.test',
    ...(authorization === undefined ? [] : [`Authorization: ${authorization}`]),
    'User-Agent: ddclient/3.10.0',
    ...fields,
  ];
  return `${head.join('\r\n')}\r\n\r\n`;
}
