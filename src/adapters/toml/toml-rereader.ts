import { readToml, type TomlTable, type TomlValue, tableOf } from './toml-reader.ts';
import { type Block, scanToml, TomlSyntaxError } from './toml-syntax.ts';

/** A header, and all up to the next one. */
type Piece = { readonly text: string; readonly path: readonly string[] };

/** All pieces of a text that may speak of one thing: of `users.alice`, or of `http`; and what they say of it. */
type KnownUnit = { readonly pieces: readonly Piece[]; readonly value: TomlValue };

/**
 * The units of a text by the first key of their headers, and by the second; by undefined where a header has only
 * one key, because then all of the section belongs together.
 */
type KnownUnits = ReadonlyMap<string, ReadonlyMap<string | undefined, KnownUnit>>;

/**
 * Characters of a text of which all is kept: some 25,000 users. What is kept takes nine times as much memory, and of
 * a longer text that is worth more than the time.
 */
const MOST_KEPT = 4_000_000;

/** So many pieces may be gone at once, and what follows is still known for what it was. */
const AHEAD = 8;

/**
 * Reads versions of one text, of which most are like the one before: what is written in the same words means the
 * same, and only the rest is read. Values of the version before are taken over as they are, so whoever judges
 * them can tell by identity what has not changed. What comes of it is exactly what {@link readToml} makes of the
 * text.
 *
 * That holds because headers divide a text, as {@link readToml} says; unless `users` is written anywhere as a table of
 * its own.
 */
export class TomlRereader {
  #pieces: readonly Piece[] = [];
  #units: KnownUnits | undefined;
  /** What the pieces mean, as long as there are no units. */
  #table: TomlTable = new Map();

  /** Throws a TomlSyntaxError. */
  read(text: string): TomlTable {
    if (text.length > MOST_KEPT) {
      this.#keep([], new Map());
      return readToml(text);
    }
    try {
      return this.#pieces.length === 0 ? this.#readAll(text) : this.#readChanged(text);
    } catch (error) {
      if (!(error instanceof TomlSyntaxError)) throw error;
      // It was found in a part of the text, and has the place of the whole.
      return readToml(text);
    }
  }

  #readAll(text: string): TomlTable {
    let pieces: Piece[] = [];
    let isDivided = true;
    function* noting(): Generator<Block> {
      pieces = [];
      for (const block of scanToml(text)) {
        if (block.header !== undefined) pieces.push(pieceOf(text, block));
        else isDivided = block.entries.length === 0;
        yield block;
      }
    }
    const table = tableOf(noting);
    this.#keep(isDivided ? pieces : [], table);
    return table;
  }

  #keep(pieces: readonly Piece[], table: TomlTable): void {
    this.#pieces = pieces;
    this.#table = table;
    this.#units = undefined;
  }

  #readChanged(text: string): TomlTable {
    const [root] = scanToml(text);
    // Keys in front of all headers may speak of anything.
    if (root === undefined || root.entries.length > 0) return readToml(text);
    // Most texts are never read again, and need no units before they are.
    this.#units ??= unitsOf(groupsOf(this.#pieces, new Map()), this.#table);

    const pieces = this.#piecesOf(text, root.next);
    const groups = groupsOf(pieces, this.#units);
    const changed = groups.flatMap((group) => (group.known === undefined ? group.pieces : []));
    // The last piece may lack its line feed, and need not be the last one here.
    this.#units = unitsOf(groups, readToml(changed.map((piece) => piece.text).join('\n')));
    this.#pieces = pieces;
    return tableOfUnits(this.#units);
  }

  #piecesOf(text: string, start: number): Piece[] {
    const pieces: Piece[] = [];
    for (let [at, due] = [start, 0]; at < text.length; ) {
      const index = this.#knownAt(text, at, due);
      const piece = this.#pieces[index] ?? newPieceAt(text, at);
      if (index !== -1) due = index + 1;
      pieces.push(piece);
      at += piece.text.length;
    }
    return pieces;
  }

  /** Which known piece stands here, the one that is `due` or one soon behind it. */
  #knownAt(text: string, at: number, due: number): number {
    for (let index = due; index < due + AHEAD; index += 1) {
      const words = this.#pieces[index]?.text;
      // It ended in front of a header, as here, or with the text: then what follows here may belong to it.
      if (words === undefined || index === this.#pieces.length - 1) return -1;
      if (text.startsWith(words, at) && text[at + words.length] === '[') return index;
    }
    return -1;
  }
}

function pieceOf(text: string, { header, next }: Block): Piece {
  return { text: text.slice(header?.start, next), path: header?.keys.map(({ name }) => name) ?? [] };
}

function newPieceAt(text: string, at: number): Piece {
  const [, { next } = { next: text.length }] = scanToml(text, at);
  // A copy: a slice, and each value that is read from it, would keep the whole text of this version in memory.
  const copy = structuredClone(text.slice(at, next));
  const [, block] = scanToml(copy);
  if (block === undefined) throw new Error('a piece of TOML has no header');
  return pieceOf(copy, block);
}

/** The pieces that are to become a unit, or are one already. */
type Group = {
  readonly section: string;
  readonly name: string | undefined;
  readonly pieces: readonly Piece[];
  readonly known: KnownUnit | undefined;
};

function groupsOf(pieces: readonly Piece[], units: KnownUnits): Group[] {
  return [...grouped(pieces, ({ path }) => path[0] ?? '')].flatMap(([section, all]) => {
    const isDivided = all.every(({ path }) => path.length > 1);
    const byName = isDivided ? grouped(all, ({ path }) => path[1]) : new Map([[undefined, all]]);
    return Array.from(byName, ([name, own]) => {
      const unit = units.get(section)?.get(name);
      const isKnown =
        unit?.pieces.length === own.length && own.every((piece, index) => piece === unit.pieces[index]);
      return { section, name, pieces: own, known: isKnown ? unit : undefined };
    });
  });
}

/** @param table what the pieces of those groups mean that are not known */
function unitsOf(groups: readonly Group[], table: TomlTable): KnownUnits {
  const sections = new Map<string, Map<string | undefined, KnownUnit>>();
  for (const { section, name, pieces, known } of groups) {
    const units = sections.get(section) ?? new Map<string | undefined, KnownUnit>();
    sections.set(section, units.set(name, known ?? { pieces, value: valueIn(table, section, name) }));
  }
  return sections;
}

function valueIn(table: TomlTable, section: string, name: string | undefined): TomlValue {
  const whole = table.get(section);
  const value = name === undefined || !(whole instanceof Map) ? whole : whole.get(name);
  if (value === undefined) throw new Error('a piece of TOML means nothing');
  return value;
}

function tableOfUnits(sections: KnownUnits): TomlTable {
  return new Map(
    Array.from(sections, ([section, units]) => {
      const whole = units.get(undefined)?.value;
      return [section, whole ?? new Map(Array.from(units, ([name = '', { value }]) => [name, value]))];
    }),
  );
}

/** In the order in which the keys come first. */
function grouped<Key>(pieces: readonly Piece[], keyOf: (piece: Piece) => Key): Map<Key, Piece[]> {
  const groups = new Map<Key, Piece[]>();
  for (const piece of pieces) {
    const key = keyOf(piece);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [piece]);
    else group.push(piece);
  }
  return groups;
}
