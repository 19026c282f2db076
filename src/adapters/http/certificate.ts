import { readFile, stat } from 'node:fs/promises';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { CertificateFiles } from '../../application/manage/settings.ts';
import type { Clock } from '../../application/ports/clock.ts';
import type { Logger } from '../../application/ports/logger.ts';
import { DynonymError } from '../../domain/errors.ts';
import { hasCode, isMissing, reasonOf as systemReasonOf } from '../files/system-error.ts';

/** Milliseconds between two looks at the files. */
const INTERVAL = 2_000;

/** A certificate with its chain and its private key, in two files that somebody renews while the server runs. */
export class Certificate {
  readonly #files: CertificateFiles;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #standIn: (() => Promise<SecureContextOptions>) | undefined;
  /** The state of the files when they were read last, and when they were looked at last. */
  #read = '';
  #seen = '';

  /** @param standIn makes what is used until the files can be used; without it, the files are needed at the start */
  constructor(
    files: CertificateFiles,
    clock: Clock,
    logger: Logger,
    standIn?: () => Promise<SecureContextOptions>,
  ) {
    this.#files = files;
    this.#clock = clock;
    this.#logger = logger;
    this.#standIn = standIn;
  }

  /** Rejects with a DynonymError when the files cannot be read, or are no certificate with its key. */
  async read(): Promise<SecureContextOptions> {
    try {
      return await this.#load();
    } catch (error) {
      if (this.#standIn === undefined) throw error;
      return this.#standIn();
    }
  }

  async #load(): Promise<SecureContextOptions> {
    const { cert: certFile, key: keyFile } = this.#files;
    try {
      // The look comes before the reading, so that the next look notices what is written meanwhile.
      this.#read = await this.#look();
      this.#seen = this.#read;
      const [cert, key] = await Promise.all([
        readPem(certFile, 'CERTIFICATE', 'certificate'),
        readPem(keyFile, 'PRIVATE KEY', 'private key'),
      ]);
      const options = { cert, key, minVersion: 'TLSv1.2' } as const;
      // Throws for what a server cannot use, also for the key of another certificate.
      createSecureContext(options);
      return options;
    } catch (cause) {
      throw new DynonymError(
        'HTTP_CERTIFICATE_UNUSABLE',
        `http.tls: ${certFile} and ${keyFile} cannot be used: ${reasonOf(cause)}`,
        { cause },
      );
    }
  }

  /** Gives every new pair to `take` until the returned function is called. A broken pair is logged. */
  watch(take: (options: SecureContextOptions) => void): () => void {
    let stopped = false;
    let callOff = () => {};
    const later = () => {
      callOff = this.#clock.schedule(INTERVAL, async () => {
        const options = await this.#renewed();
        if (stopped) return;
        if (options !== undefined) {
          take(options);
          this.#logger.info('A new certificate is used', { file: this.#files.cert });
        }
        later();
      });
    };
    later();
    return () => {
      stopped = true;
      callOff();
    };
  }

  async #renewed(): Promise<SecureContextOptions | undefined> {
    const now = await this.#look();
    const isAtRest = now === this.#seen;
    this.#seen = now;
    // The two files are written one after the other: a pair that still changes is no pair yet.
    if (now === this.#read || !isAtRest) return undefined;
    this.#read = now;
    try {
      return await this.#load();
    } catch (error) {
      this.#logger.error('A new certificate cannot be used; the old one stays in use', {
        error: error as Error,
      });
      return undefined;
    }
  }

  /** Differs when a file was written, or another one put in its place. */
  async #look(): Promise<string> {
    try {
      const states = await Promise.all([this.#files.cert, this.#files.key].map((file) => stat(file)));
      return states.map(({ ino, size, mtimeMs }) => [ino, size, mtimeMs].join()).join(' ');
    } catch (error) {
      return (error as Error).message;
    }
  }
}

/** Says which file holds nothing of its kind: OpenSSL says only "unsupported" or "no start line". */
async function readPem(file: string, label: string, what: string): Promise<Buffer> {
  const octets = await readFile(file);
  if (octets.length === 0) throw new Error(`${file} is empty`);
  // RFC 7468. What a private key is for may stand before its label: RSA PRIVATE KEY.
  if (!new RegExp(`^-----BEGIN (?:[A-Z0-9]+ )*${label}-----`, 'm').test(octets.toString('latin1'))) {
    throw new Error(`there is no ${what} in PEM in ${file}`);
  }
  return octets;
}

/** The system names the file, which stands there already; OpenSSL has its reason in words. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if ('reason' in cause && typeof cause.reason === 'string') return cause.reason;
  if (isMissing(cause)) return 'no such file';
  if (hasCode(cause, 'EACCES')) return 'this user may not read them';
  return systemReasonOf(cause);
}
