import { type DomainName, domainName } from '../src/domain/domain-name.ts';

/** Names of a zone that are changed together, all to the same address, which is another each time. */
export class Fleet {
  readonly zone: DomainName;
  readonly names: readonly DomainName[];
  readonly has: (name: string) => boolean;
  #steps = 0;

  /** Two fleets in one zone differ in the number of their first name. */
  constructor(zone: DomainName, size: number, first = 0) {
    this.zone = zone;
    this.names = Array.from({ length: size }, (_, index) => domainName(`h${first + index}.${zone}`));
    const own = new Set<string>(this.names);
    this.has = (name) => own.has(name);
  }

  /** The address that all names have, once what was asked last is done. */
  get address(): string {
    return addressOf(this.#steps);
  }

  /** A new address for all names; the one before is {@link address} no more. */
  nextAddress(): string {
    this.#steps += 1;
    return this.address;
  }
}

/** Hosts of the three networks for documentation (RFC 5737). No two of 750 that follow one another are equal. */
function addressOf(step: number): string {
  const networks = ['192.0.2', '198.51.100', '203.0.113'];
  return `${networks[Math.floor(step / 250) % networks.length]}.${1 + (step % 250)}`;
}
