import type { JsonMap } from '@iarna/toml';
import { judge, type TomlScalar, TomlVerdict } from './toml-judge.ts';
import { type Block, type Key, scanToml, TomlSyntaxError, type Value } from './toml-syntax.ts';

/** What a TOML text means. Tables are Maps: `__proto__` and `constructor` are keys like any other. */
export type TomlTable = Map<string, TomlValue>;
export type TomlValue = TomlScalar | TomlValue[] | TomlTable;

/**
 * Reads a TOML text. Throws a TomlSyntaxError.
 *
 * @iarna/toml is the judge of what a text means, but is not shown the text itself: it takes the carriage
 * return behind a comment for an error, a key like `constructor` makes it write into the global Object, and at
 * 0.1 µs a character a file of 100,000 users, mostly hashes and names, costs it more than two seconds. It
 * judges every scalar that is not plain on its own, and then outlines: one statement a line, each key and each
 * value by its number. What stands below `[users.alice]` can contradict other headers that begin so, but none that
 * begins with `[users.bob]`; so it has an outline of its own, `[u]`, `k0='0'`, in which the name does not stand, and
 * the outlines of 100,000 users are a handful, each of which is judged once.
 */
export function readToml(text: string): TomlTable {
  return tableOf(() => scanToml(text));
}

/** What the blocks of a text mean. They are asked for again where their order was unusual. */
export function tableOf(blocks: () => Iterable<Block>, outlines = new Outlines()): TomlTable {
  const units = unitsOf(blocks(), outlines);
  const { sectionsWithTables } = units;
  return (sectionsWithTables.size === 0 ? units : unitsOf(blocks(), outlines, sectionsWithTables)).table();
}

function unitsOf(blocks: Iterable<Block>, outlines: Outlines, undivided?: ReadonlySet<string>): Units {
  const units = new Units(outlines, undivided);
  for (const block of blocks) units.add(block);
  return units;
}

/** Blocks that can contradict one another. */
type Unit = {
  /** Of their headers, so many keys are the same: 2 below `[users.alice]`, 0 when they belong to all of the text. */
  readonly depth: number;
  outline: string;
  /** By the numbers that stand for them in the outline. */
  readonly values: TomlValue[];
  /** Where the statements stand in the text, one for each line of the outline. */
  readonly starts: number[];
};

/** All blocks of a text, in their units. */
class Units {
  /**
   * Sections that are written as tables of their own, `[users]`, but were taken for divided ones, because
   * `[users.alice]` came first.
   */
  readonly sectionsWithTables = new Set<string>();
  readonly #outlines: Outlines;
  readonly #undivided: ReadonlySet<string>;
  /** There are keys in front of all headers, which may speak of anything: everything is one unit. */
  #whole: Unit | undefined;
  /** By the first key of their headers, and by the second; by undefined where all of a section belongs together. */
  readonly #sections = new Map<string, Map<string | undefined, Unit>>();

  constructor(outlines: Outlines, undivided: ReadonlySet<string> = new Set()) {
    this.#outlines = outlines;
    this.#undivided = undivided;
  }

  add({ header, entries }: Block): void {
    if (header === undefined) {
      if (entries.length === 0) return;
      this.#whole = unitAt(0);
    }
    const unit = this.#whole ?? this.#unitOf(header?.keys ?? []);
    if (header !== undefined) {
      const keys = this.#outlines.path(header.keys, unit.depth);
      unit.outline += header.list ? `[[${keys}]]\n` : `[${keys}]\n`;
      unit.starts.push(header.start);
    }
    for (const { keys, value, start } of entries) {
      const number = unit.values.push(meaningOf(value, this.#outlines)) - 1;
      unit.outline += `${this.#outlines.path(keys, 0)}='${number}'\n`;
      unit.starts.push(start);
    }
  }

  #unitOf(keys: readonly Key[]): Unit {
    const section = keys[0]?.name ?? '';
    const name = keys[1]?.name;
    let units = this.#sections.get(section);
    if (units === undefined) {
      const isDivided = name !== undefined && !this.#undivided.has(section);
      units = new Map(isDivided ? [] : [[undefined, unitAt(1)]]);
      this.#sections.set(section, units);
    }
    const whole = units.get(undefined);
    if (whole !== undefined) return whole;
    if (name === undefined) this.sectionsWithTables.add(section);
    let unit = units.get(name);
    if (unit === undefined) {
      unit = unitAt(2);
      units.set(name, unit);
    }
    return unit;
  }

  /** Throws a TomlSyntaxError, the first in the text. */
  table(): TomlTable {
    const faults: TomlSyntaxError[] = [];
    const meaning = (unit: Unit): TomlValue => {
      const judged = this.#outlines.judge(unit.outline);
      if (!(judged instanceof TomlVerdict)) return filled(judged, unit.values);
      faults.push(new TomlSyntaxError(unit.starts[judged.line] ?? 0, judged.message));
      return '';
    };
    const table = this.#whole === undefined ? this.#tableOfSections(meaning) : meaning(this.#whole);
    const [first] = faults.sort((one, other) => one.offset - other.offset);
    if (first !== undefined) throw first;
    return table as TomlTable;
  }

  #tableOfSections(meaning: (unit: Unit) => TomlValue): TomlTable {
    const table: TomlTable = new Map();
    for (const [section, units] of this.#sections) {
      const whole = units.get(undefined);
      if (whole !== undefined) {
        table.set(section, meaning(whole));
        continue;
      }
      const members: TomlTable = new Map();
      for (const [name = '', unit] of units) members.set(name, meaning(unit));
      table.set(section, members);
    }
    return table;
  }
}

const unitAt = (depth: number): Unit => ({ depth, outline: '', values: [], starts: [] });

function meaningOf(value: Value, outlines: Outlines): TomlValue {
  switch (value.kind) {
    case 'scalar':
      return value.value;
    case 'list':
      return value.items.map((item) => meaningOf(item, outlines));
    case 'table':
      return tableOf(() => [{ header: undefined, entries: value.entries, next: value.end }], outlines);
  }
}

/** What an outline means: a value by its number, a list, or a table with the names in place of their numbers. */
type Plan = number | readonly Plan[] | ReadonlyMap<string, Plan>;

function filled(plan: Plan, values: readonly TomlValue[]): TomlValue {
  if (typeof plan === 'number') return values[plan] as TomlValue;
  if (plan instanceof Map) {
    const table: TomlTable = new Map();
    for (const [name, member] of plan) table.set(name, filled(member, values));
    return table;
  }
  return (plan as readonly Plan[]).map((item) => filled(item, values));
}

/** Stands in an outline for the keys that all headers of a unit begin with. Numbers begin with another letter. */
const UNIT = 'u';

/** Knows the keys that outlines name by number, and what those mean that were judged. */
class Outlines {
  readonly #numbers = new Map<string, string>();
  /** By their numbers. */
  readonly #names = new Map<string, string>();
  readonly #judged = new Map<string, Plan | TomlVerdict>();

  /** With {@link UNIT} in place of the first `depth` keys. */
  path(keys: readonly Key[], depth: number): string {
    let path = depth > 0 ? UNIT : this.#number(keys[0] as Key);
    for (let at = Math.max(1, depth); at < keys.length; at += 1) path += `.${this.#number(keys[at] as Key)}`;
    return path;
  }

  #number({ name }: Key): string {
    let number = this.#numbers.get(name);
    if (number === undefined) {
      // The letter keeps the order: an object puts keys that are integers first.
      number = `k${this.#numbers.size}`;
      this.#numbers.set(name, number);
      this.#names.set(number, name);
    }
    return number;
  }

  judge(outline: string): Plan | TomlVerdict {
    let judged = this.#judged.get(outline);
    if (judged === undefined) {
      judged = this.#judgedAnew(outline);
      this.#judged.set(outline, judged);
    }
    return judged;
  }

  #judgedAnew(outline: string): Plan | TomlVerdict {
    try {
      const parsed = judge(outline);
      return this.#planOf(parsed[UNIT] ?? parsed);
    } catch (error) {
      if (error instanceof TomlVerdict) return error;
      throw error;
    }
  }

  #planOf(parsed: unknown): Plan {
    if (typeof parsed === 'string') return Number(parsed);
    if (Array.isArray(parsed)) return parsed.map((item) => this.#planOf(item));
    return new Map(
      Object.entries(parsed as JsonMap).map(([number, member]) => [
        this.#names.get(number) as string,
        this.#planOf(member),
      ]),
    );
  }
}
