import { quoted } from '../output.ts';

/** What those say who need a database. */
export const noStore = (configFile: string): string =>
  `${quoted(configFile)} has no [store]: users and hosts are in that file`;
