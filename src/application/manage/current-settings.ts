import type { Settings } from './settings.ts';

/** The settings that are in force. A part of the program that keeps a value from them has to listen for changes. */
export class CurrentSettings {
  #value: Settings;
  readonly #told: ((settings: Settings, before: Settings) => void)[] = [];

  constructor(value: Settings) {
    this.#value = value;
  }

  get value(): Settings {
    return this.#value;
  }

  /** Calls `action` after each change, for as long as the program runs. */
  onChange(action: (settings: Settings, before: Settings) => void): void {
    this.#told.push(action);
  }

  /** Puts new settings in force. When an action throws, the old ones are restored everywhere, and this throws too. */
  replace(value: Settings): void {
    const before = this.#value;
    this.#value = value;
    for (const [index, action] of this.#told.entries()) {
      try {
        action(value, before);
      } catch (error) {
        this.#value = before;
        for (const undo of this.#told.slice(0, index)) undo(before, value);
        throw error;
      }
    }
  }
}
