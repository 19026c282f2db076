const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** The seconds of `90`, `1h30m` or `1W`; undefined for anything else, and from 2^32 on. */
export function parseDuration(text: string): number | undefined {
  if (/^\d{1,10}$/.test(text)) return inRange(Number(text));
  if (!/^(?:\d{1,10}[smhdw])+$/i.test(text)) return undefined;
  let seconds = 0;
  for (const [, amount, unit = ''] of text.matchAll(/(\d+)([a-z])/gi)) {
    seconds += Number(amount) * (SECONDS[unit.toLowerCase()] ?? 0);
  }
  return inRange(seconds);
}

const inRange = (seconds: number): number | undefined => (seconds < 2 ** 32 ? seconds : undefined);
