import { unreadable, type Word } from './presentation.ts';

/** Takes the words of one record from the first to the last. */
export class WordReader {
  readonly #words: readonly Word[];
  #at = 0;

  constructor(words: readonly Word[]) {
    this.#words = words;
  }

  /** The next word, which stays; undefined at the end. */
  peek(): Word | undefined {
    return this.#words[this.#at];
  }

  /** Takes the next word, which must be there: `what` says what it should be. */
  next(what: string): Word {
    const word = this.peek();
    if (word === undefined) throw unreadable(`${what} is missing`);
    this.#at += 1;
    return word;
  }

  /** Takes all that is left. */
  rest(): readonly Word[] {
    const words = this.#words.slice(this.#at);
    this.#at = this.#words.length;
    return words;
  }
}
