import * as argon2 from '@node-rs/argon2';
import * as bcrypt from '@node-rs/bcrypt';
import type { PasswordHasher } from '../../application/ports/password-hasher.ts';

/** The OWASP recommendation for argon2id: 19 MiB, two passes, one lane; 10 to 50 ms of one core. */
const NEW_HASHES = { memoryCost: 19456, timeCost: 2, parallelism: 1 };

/**
 * The most that a stored hash may ask for. A hash names its own cost, and one that came from elsewhere must
 * not be able to take the machine down at the next login: this is at most a few seconds of one core.
 */
const MOST = { memoryCost: 256 * 1024, timeCost: 16, parallelism: 16, bcryptCost: 15, characters: 512 };

/**
 * Most hashes that there are: ours, and bcrypt. They are known at a glance, because a configuration may have
 * 100,000 of them; the libraries, which are asked about all others, take ten times as long. The last characters
 * of base64 stand for fewer bits than the others, and so are fewer.
 */
const USUAL = new RegExp(
  `^\\$(?:argon2id\\$v=19\\$m=${NEW_HASHES.memoryCost},t=${NEW_HASHES.timeCost},p=${NEW_HASHES.parallelism}` +
    '\\$[A-Za-z0-9+/]{21}[AQgw]\\$[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]' +
    '|2[aby]\\$(?:0[4-9]|1[0-5])\\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{31})$',
);

/**
 * Writes argon2id (RFC 9106) and verifies argon2 of every kind and bcrypt. bcrypt hashes, and only they, see
 * no more than the first 72 octets of a password. Both libraries work on the thread pool.
 */
export class Argon2PasswordHasher implements PasswordHasher {
  readonly hashOfNobody =
    `$argon2id$v=19$m=${NEW_HASHES.memoryCost},t=${NEW_HASHES.timeCost},p=${NEW_HASHES.parallelism}` +
    '$kvsEHPnrAC932hlKQJaFGg$lOgtv5+//3fyKhBfbOlgfGLOQa7ugMXGyxeKEaScK94';

  hash(password: string): Promise<string> {
    return argon2.hash(password, NEW_HASHES);
  }

  async verify(passwordHash: string, password: string): Promise<boolean> {
    if (isArgon2(passwordHash)) return argon2.verify(passwordHash, password);
    if (isBcrypt(passwordHash)) return bcrypt.verify(password, passwordHash);
    return false;
  }

  recognises(passwordHash: string): boolean {
    return USUAL.test(passwordHash) || isArgon2(passwordHash) || isBcrypt(passwordHash);
  }
}

/** An argon2 hash that can be read, and is not above {@link MOST}. */
function isArgon2(passwordHash: string): boolean {
  if (!/^\$argon2(?:id|i|d)\$/.test(passwordHash) || passwordHash.length > MOST.characters) return false;
  const options = parsed(() => argon2.parseOptions(passwordHash));
  return (
    options !== undefined &&
    options.memoryCost <= MOST.memoryCost &&
    options.timeCost <= MOST.timeCost &&
    options.parallelism <= MOST.parallelism
  );
}

function isBcrypt(passwordHash: string): boolean {
  if (!/^\$2[aby]\$\d\d\$/.test(passwordHash) || passwordHash.length > MOST.characters) return false;
  const options = parsed(() => bcrypt.parseOptions(passwordHash));
  return options !== undefined && options.cost <= MOST.bcryptCost;
}

/** Both libraries throw at what they cannot read. */
function parsed<Options>(parse: () => Options): Options | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
