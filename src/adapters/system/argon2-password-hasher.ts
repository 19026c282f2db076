import * as argon2 from '@node-rs/argon2';
import type { PasswordHasher } from '../../application/ports/password-hasher.ts';

/** The OWASP recommendation for argon2id: 19 MiB, two passes, one lane; 10 to 50 ms of one core. */
const NEW_HASHES = { memoryCost: 19456, timeCost: 2, parallelism: 1 };

/**
 * The highest cost of a stored hash: at most a few seconds of one core. A hash contains its own cost, and a hash from
 * elsewhere must not overload the machine at the next login.
 */
const MOST = { memoryCost: 256 * 1024, timeCost: 16, parallelism: 16, bcryptCost: 15, characters: 512 };

/**
 * Writes argon2id (RFC 9106), and verifies all variants of argon2 and bcrypt. Only bcrypt is limited to the first 72
 * octets of a password. Both libraries work on the thread pool.
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
    if (isBcrypt(passwordHash)) {
      // It takes 4 MB of memory, and few have such hashes: new ones are argon2id.
      const { verify } = await import('@node-rs/bcrypt');
      return verify(password, passwordHash);
    }
    return false;
  }

  recognises(passwordHash: string): boolean {
    return isArgon2(passwordHash) || isBcrypt(passwordHash);
  }
}

/** True for a valid argon2 hash whose cost is not above {@link MOST}. */
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

/** `$2b$`, the cost, 22 characters of salt, and 31 of the hash. The last one of each holds less than six bits. */
const BCRYPT = /^\$2[aby]\$(?<cost>\d\d)\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{30}[.CGKOSWaeimquy26]$/;

function isBcrypt(passwordHash: string): boolean {
  const cost = Number(BCRYPT.exec(passwordHash)?.groups?.['cost']);
  return cost >= 4 && cost <= MOST.bcryptCost;
}

/** Undefined for an invalid hash, at which the library throws. */
function parsed<Options>(parse: () => Options): Options | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
