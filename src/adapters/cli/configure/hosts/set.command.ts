import { Command, Option } from 'clipanion';
import { parseDomainName } from '../../../../domain/domain-name.ts';
import { parseDuration } from '../../../../domain/duration.ts';
import { parseIpv6 } from '../../../../domain/ip-address.ts';
import { parsePrefixLength } from '../../../../domain/ipv6-prefix.ts';
import { parseTtl } from '../../../../domain/ttl.ts';
import { given, readOptional } from '../../options.ts';
import { HostCommand } from './host.command.ts';

export class ConfigureHostsSetCommand extends HostCommand {
  static override paths = [['configure', 'hosts', 'set']];

  static override usage = Command.Usage({
    category: 'Hosts',
    description: 'Change settings of a host',
    details: `
      Settings without an option here stay as they are.

      A host that follows another one moves when an IPv6 prefix is reported for the other one. Its new address is
      that prefix, followed by its interface id. Without an interface id, it keeps the low bits of its present
      address. With a prefix length, an IPv6 address of the other host also counts as a report of its prefix.

      The interface id is written as an address. Its bits behind the prefix are used: with a /56, these can
      include the subnet.
    `,
    examples: [
      [
        'Let a server at home follow the router',
        '$0 configure hosts set nas.example.org --follows home.example.org --interface-id ::a:b:c:d',
      ],
      [
        'The same for a router that reports an address only',
        '$0 configure hosts set nas.example.org --prefix-length 64',
      ],
      [
        'Let resolvers keep the addresses of a host for ten seconds',
        '$0 configure hosts set home.example.org --ttl 10',
      ],
      [
        'Be told when a host is not reported for an hour',
        '$0 configure hosts set cam.example.org --expect 1h',
      ],
      ['Let clients remove the addresses of a host', '$0 configure hosts set cam.example.org --offline'],
    ],
  });

  follows = Option.String('--follows', { description: 'the `DOMAIN` that the host follows' });
  interfaceId = Option.String('--interface-id', {
    description: 'the `ID` behind the prefix, like ::a:b:c:d',
  });
  prefixLength = Option.String('--prefix-length', {
    description: 'the `BITS` of an address that are its prefix',
  });
  ttl = Option.String('--ttl', { description: 'the time to live of its records, in `SECONDS`' });
  offline = Option.Boolean('--offline', {
    description: 'clients may remove its addresses (--no-offline: they may not)',
  });

  expect = Option.String('--expect', {
    description: 'after this `TIME` without a report it is silent, like 1h',
  });
  offlineAfter = Option.String('--offline-after', {
    description: 'after this `TIME` without a report its addresses are removed, like 30d',
  });

  override async execute(): Promise<number> {
    const { hostName } = this;
    const change = given({
      follows: readOptional('--follows', this.follows, parseDomainName),
      interfaceId: readOptional('--interface-id', this.interfaceId, parseIpv6),
      prefixLength: readOptional('--prefix-length', this.prefixLength, parsePrefixLength),
      ttl: readOptional('--ttl', this.ttl, parseTtl),
      offline: this.offline,
      expect: readOptional('--expect', this.expect, parseDuration),
      offlineAfter: readOptional('--offline-after', this.offlineAfter, parseDuration),
    });
    if (Object.keys(change).length === 0) {
      return this.refuse('nothing to change; dynonym configure hosts set --help shows what can be');
    }
    return this.change(hostName, change);
  }
}
