import type { Settings } from './settings.ts';

/** The settings that hold now. Whoever keeps one of their values for longer asks to be told of changes. */
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

  /** Throws, and all is as it was before, when somebody cannot go by the new settings. */
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
