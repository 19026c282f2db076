import { WireFault } from './wire-fault.ts';
import { WireReader } from './wire-reader.ts';

/** Numbers of the parameters of SVCB and HTTPS (RFC 9460 section 14.3.2, RFC 9461 section 5). */
export const ServiceParameter = {
  mandatory: 0,
  alpn: 1,
  'no-default-alpn': 2,
  port: 3,
  ipv4hint: 4,
  ech: 5,
  ipv6hint: 6,
  dohpath: 7,
} as const;

/** How the value of each parameter is validated. The value of any other parameter may be any octets. */
const CHECKS: ReadonlyMap<number, (value: WireReader) => void> = new Map<number, (value: WireReader) => void>(
  [
    [ServiceParameter.mandatory, (value) => list(value, () => value.uint16())],
    [ServiceParameter.alpn, (value) => list(value, () => some(value.string()))],
    [ServiceParameter['no-default-alpn'], () => {}],
    [ServiceParameter.port, (value) => value.uint16()],
    [ServiceParameter.ipv4hint, (value) => list(value, () => value.take(4))],
    [ServiceParameter.ech, (value) => some(value.rest())],
    [ServiceParameter.dohpath, path],
    [ServiceParameter.ipv6hint, (value) => list(value, () => value.take(16))],
  ],
);

/**
 * Reads the parameters of SVCB and HTTPS up to the end (RFC 9460 section 2.2). Gives their values by number. Throws
 * `WIRE_MALFORMED`.
 */
export function passServiceParameters(reader: WireReader): ReadonlyMap<number, Buffer> {
  const values = new Map<number, Buffer>();
  for (let last = -1; reader.remaining > 0; ) {
    const key = reader.uint16();
    if (key <= last) throw malformed();
    last = key;
    const value = reader.take(reader.uint16());
    const check = CHECKS.get(key);
    if (check !== undefined) {
      const octets = new WireReader(value, 'the value of a parameter');
      check(octets);
      octets.finish();
    }
    values.set(key, value);
  }
  if (!fitTogether(values)) throw malformed();
  return values;
}

/**
 * True for parameters that are consistent (RFC 9460 section 7.1.1, 8): no-default-alpn needs alpn, and mandatory has
 * numbers of present parameters, without its own, in ascending order.
 */
export function fitTogether(values: ReadonlyMap<number, Buffer>): boolean {
  if (values.has(ServiceParameter['no-default-alpn']) && !values.has(ServiceParameter.alpn)) return false;
  const mandatory = new WireReader(values.get(ServiceParameter.mandatory) ?? Buffer.alloc(0), 'mandatory');
  for (let last: number = ServiceParameter.mandatory; mandatory.remaining > 0; ) {
    const next = mandatory.uint16();
    if (next <= last || !values.has(next)) return false;
    last = next;
  }
  return true;
}

/** At least one item, up to the end. */
function list(value: WireReader, item: () => void): void {
  do item();
  while (value.remaining > 0);
}

/** A URI template (RFC 6570 section 2): literals, octets as `%` and two digits, and expressions. */
const TEMPLATE =
  /^\/(?:[^\0-\x20"'%<>\\^`{|}\x7f]|%[0-9A-F]{2}|\{[+#./;?&]?[\w.]+(?::\d{1,4}|\*)?(?:,[\w.]+(?::\d{1,4}|\*)?)*\})*$/i;

/** RFC 9461 section 5: the template of a path, in UTF-8, with the variable `dns`. */
function path(value: WireReader): void {
  const octets = value.rest();
  const text = octets.toString();
  const isTemplate = TEMPLATE.test(text) && Buffer.from(text).equals(octets);
  if (!isTemplate || !text.includes('{?dns}')) throw malformed();
}

function some(octets: Buffer): void {
  if (octets.length === 0) throw malformed();
}

const malformed = (): WireFault => WireFault.malformed('a parameter of a service is not well formed', 0);
