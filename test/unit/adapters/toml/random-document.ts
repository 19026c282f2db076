import fc, { type GeneratorValue } from 'fast-check';

/**
 * Writes random configurations: the same users in any of the forms that TOML has for them, with comments,
 * blank lines and blank space wherever they may stand.
 */
export type RandomDocument = {
  readonly text: string;
  /** The names of its users, in their order. */
  readonly users: readonly string[];
  /** The comments that do not stand inside of what is written about one user, or on a line of it. */
  readonly commentsElsewhere: readonly string[];
  /** The comments inside of what is written about each user. */
  readonly commentsOf: ReadonlyMap<string, readonly string[]>;
};

/** Draws the next random value of a case. */
export type Draw = GeneratorValue;

const NAMES = [
  'alice',
  'bob',
  'a.b',
  'constructors',
  '__proto',
  '"quoted"',
  "o'brien",
  'back\\slash',
  'mit Leerzeichen',
  'ünïcödé',
  '🔑',
  '1234',
  '-',
  '[x]',
  '#hash',
  'a = b',
];

const DOMAINS = [
  'a.example.org',
  'B.example.org.',
  '*.lab.example.org',
  'münchen.example.org',
  '_x.example.org',
];

/** 0 to `max`. The generator remembers every set of arguments that it ever got: there must not be many. */
export const upTo = (draw: Draw, max: number): number => draw(fc.nat, { max: 9999 }) % (max + 1);

export const pick = <Value>(draw: Draw, values: readonly Value[]): Value =>
  values[upTo(draw, values.length - 1)] as Value;

export const chance = (draw: Draw, percent: number): boolean => upTo(draw, 99) < percent;

export function shuffled<Value>(draw: Draw, values: readonly Value[]): Value[] {
  const rest = [...values];
  return values.flatMap(() => rest.splice(upTo(draw, rest.length - 1), 1));
}

/** Some of the values, perhaps none, in any order. */
export const some = <Value>(draw: Draw, values: readonly Value[]): Value[] =>
  shuffled(draw, values).slice(0, upTo(draw, values.length));

export const randomName = (draw: Draw): string => pick(draw, NAMES);
export const randomDomain = (draw: Draw): string => pick(draw, DOMAINS);

export function randomDocument(draw: Draw): RandomDocument {
  return new Writer(draw).document();
}

class Writer {
  readonly #draw: Draw;
  readonly #lineBreak: string;
  readonly #commentsElsewhere: string[] = [];
  readonly #commentsOf = new Map<string, string[]>();
  #comments = 0;
  #text = '';

  constructor(draw: Draw) {
    this.#draw = draw;
    this.#lineBreak = pick(draw, ['\n', '\n', '\r\n']);
  }

  document(): RandomDocument {
    const draw = this.#draw;
    const users = some(draw, NAMES).slice(0, 4);
    if (chance(draw, 10)) this.#text = '\ufeff';
    this.#gap();
    const form = pick(draw, ['headers', 'headers', 'headers', 'below [users]', 'root dotted', 'root inline']);
    // What stands at the root has to stand before the first header.
    if (form.startsWith('root')) this.#rootUsers(form, users);
    const sections = [() => this.#http(), () => this.#dns()];
    if (form === 'headers') sections.push(() => this.#userHeaders(users));
    if (form === 'below [users]') sections.push(() => this.#usersTable(users));
    for (const section of shuffled(draw, sections)) section();
    this.#gap();
    const text = chance(draw, 20) ? this.#text.replace(/\r?\n$/, '') : this.#text;
    return { text, users, commentsElsewhere: this.#commentsElsewhere, commentsOf: this.#commentsOf };
  }

  #http(): void {
    this.#line('[http]');
    if (chance(this.#draw, 50)) this.#line(`socket${this.#equals()}${this.#string('127.0.0.1:8053')}`);
    if (chance(this.#draw, 50))
      this.#line(`workers${this.#equals()}${pick(this.#draw, ['1', '0x2', '1_0'])}`);
    this.#gap();
  }

  #dns(): void {
    this.#line('[dns]');
    if (chance(this.#draw, 50)) this.#line(`ttl${this.#equals()}60`);
    if (chance(this.#draw, 30)) this.#line(`zones${this.#equals()}${this.#list(['example.org'])}`);
    if (chance(this.#draw, 30)) this.#line(`tsig${this.#equals()}{ name = "k", secret = "c2VjcmV0" }`);
    this.#gap();
    for (let server = 0; server < 2 && chance(this.#draw, 30); server += 1) {
      this.#line('[[dns.servers]]');
      this.#line(`socket${this.#equals()}"192.0.2.53:53"`);
      this.#gap();
    }
  }

  #userHeaders(users: readonly string[]): void {
    if (chance(this.#draw, 20)) this.#line('[users]');
    const indent = pick(this.#draw, ['', '', '  ']);
    for (const user of users) {
      this.#line(`${indent}[${pick(this.#draw, ['', ' '])}users.${this.#key(user)}]`);
      for (const [key, value] of this.#members()) {
        if (chance(this.#draw, 15)) this.#line(`${indent}${this.#comment(user)}`);
        this.#line(`${indent}${key}${this.#equals()}${value}`, user);
      }
      // A comment that ends what is written about the user stays.
      if (chance(this.#draw, 15)) this.#line(this.#comment());
      this.#gap();
      for (let token = 0; token < 2 && chance(this.#draw, 30); token += 1) {
        this.#line(`${indent}[[users.${this.#key(user)}.tokens]]`);
        this.#line(`${indent}name = "t${token}"`, user);
        this.#gap();
      }
    }
  }

  #usersTable(users: readonly string[]): void {
    this.#line('[users]');
    for (const user of users) this.#compactUser('', user);
    this.#gap();
  }

  #rootUsers(form: string, users: readonly string[]): void {
    if (form === 'root dotted') {
      for (const user of users) this.#compactUser('users.', user);
    } else {
      const tables = users.map((user) => `${this.#key(user)} = ${this.#inlineUser()}`);
      this.#line(`users = {${pick(this.#draw, ['', ' '])}${tables.join(pick(this.#draw, [',', ', ']))} }`);
    }
    this.#gap();
  }

  /** With dotted keys, or on one line. */
  #compactUser(prefix: string, user: string): void {
    if (chance(this.#draw, 40)) {
      this.#line(`${prefix}${this.#key(user)}${this.#equals()}${this.#inlineUser()}`, user);
      return;
    }
    for (const [key, value] of this.#members()) {
      this.#line(`${prefix}${this.#key(user)}.${key}${this.#equals()}${value}`, user);
      if (chance(this.#draw, 15)) this.#line(this.#comment());
    }
  }

  #inlineUser(): string {
    const domains = some(this.#draw, DOMAINS).map((domain) => this.#string(domain));
    const members = [`pw = ${this.#string('$2b$x')}`];
    if (chance(this.#draw, 60)) members.push(`domains = [${domains.join(',')}]`);
    if (chance(this.#draw, 30)) members.push('tokens = [{name="t0"}, { name = "t1" }]');
    return `{ ${members.join(', ')}${pick(this.#draw, ['', ' '])}}`;
  }

  #members(): [key: string, value: string][] {
    const members: [string, string][] = [['pw', this.#string('$2b$x')]];
    if (chance(this.#draw, 70)) members.push(['domains', this.#list(some(this.#draw, DOMAINS))]);
    if (chance(this.#draw, 20)) members.push(['offline', 'true']);
    return chance(this.#draw, 30) ? members.reverse() : members;
  }

  /** On one line, or on many with comments. */
  #list(items: readonly string[]): string {
    const draw = this.#draw;
    const separator = pick(draw, [',', ', ', ' , ']);
    if (chance(draw, 50)) return `[${items.map((item) => this.#string(item)).join(separator)}]`;
    const lines = items.map((item, index) => {
      const comma = index < items.length - 1 || chance(draw, 50) ? pick(draw, [',', ' ,']) : '';
      const comment = chance(draw, 30) ? ` # about ${item.replace(/[^a-z]/gi, '')}` : '';
      return `  ${this.#string(item)}${comma}${comment}${this.#lineBreak}`;
    });
    return `[${this.#lineBreak}${lines.join('')}${pick(draw, ['', '  '])}]`;
  }

  #key(name: string): string {
    return /^[A-Za-z0-9_-]+$/.test(name) && chance(this.#draw, 70) ? name : this.#string(name);
  }

  #string(text: string): string {
    const forms = [JSON.stringify(text)];
    if (!text.includes("'")) forms.push(`'${text}'`);
    forms.push(`"${[...text].map((c) => `\\U${c.codePointAt(0)?.toString(16).padStart(8, '0')}`).join('')}"`);
    return pick(this.#draw, forms);
  }

  #equals(): string {
    return pick(this.#draw, [' = ', ' = ', '=', '  =\t']);
  }

  #comment(user?: string): string {
    this.#comments += 1;
    const comment = `# comment ${this.#comments}.`;
    if (user === undefined) this.#commentsElsewhere.push(comment);
    else this.#commentsOf.set(user, [...(this.#commentsOf.get(user) ?? []), comment]);
    return comment;
  }

  /** Blank lines and comments that belong to nobody. */
  #gap(): void {
    for (let lines = upTo(this.#draw, 2); lines > 0; lines -= 1) {
      this.#text += chance(this.#draw, 30) ? this.#comment() : '';
      this.#text += this.#lineBreak;
    }
  }

  /** `user` is whom the line is about; a comment on it goes when the line goes. */
  #line(line: string, user?: string): void {
    const isHeader = line.trimStart().startsWith('[');
    const comment =
      chance(this.#draw, 15) && !line.includes('#') && !isHeader ? ` ${this.#comment(user)}` : '';
    this.#text += `${line}${comment}${this.#lineBreak}`;
  }
}
