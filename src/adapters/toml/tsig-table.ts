import type { TsigKey } from '../../domain/tsig-key.ts';
import type { TomlTable } from './toml-value.ts';

/** A key as a configuration has it. */
export const tableOfTsig = ({ name, algorithm, secret }: TsigKey): TomlTable => ({
  name,
  algorithm,
  secret: Buffer.from(secret).toString('base64'),
});
