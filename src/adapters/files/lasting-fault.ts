/** A fault that may last, as that of a full disk. It is logged when it begins and when it changes, and not each time. */
export class LastingFault {
  #message: string | undefined;

  /** True from a failure until the next success. */
  get lasts(): boolean {
    return this.#message !== undefined;
  }

  /** Notes a failure, and calls `log` unless the last one said the same. */
  failed(thrown: unknown, log: (error: Error) => void): void {
    const error = thrown as Error;
    if (error.message !== this.#message) log(error);
    this.#message = error.message;
  }

  succeeded(): void {
    this.#message = undefined;
  }
}
