import type { PasswordHasher } from '../../src/application/ports/password-hasher.ts';

const FORM = /^\$plain\$(\d+)\$(.*)$/s;

/** Costs nothing and hides nothing: the hash of `secret` is `$plain$1$secret`, with a number for the salt. */
export class PlainPasswordHasher implements PasswordHasher {
  /** What was asked, in order. */
  readonly calls: ('hash' | 'verify')[] = [];
  /** With which hashes passwords were compared: that unknown users cost the same as others is seen here. */
  readonly verified: string[] = [];
  readonly hashOfNobody = '$plain$0$nobody\n';
  #salt = 0;

  async hash(password: string): Promise<string> {
    this.calls.push('hash');
    this.#salt += 1;
    return `$plain$${this.#salt}$${password}`;
  }

  async verify(passwordHash: string, password: string): Promise<boolean> {
    this.calls.push('verify');
    this.verified.push(passwordHash);
    return FORM.exec(passwordHash)?.[2] === password;
  }

  recognises(passwordHash: string): boolean {
    return FORM.test(passwordHash);
  }
}
