import { invalid, type Parsed, valid } from './errors.ts';

const UNITS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 } as const;
type Unit = keyof typeof UNITS;

/** A bound against typing errors. */
const MOST = 3650 * UNITS.d;

/** Reads a whole number with a unit: `90s`, `15m`, `1h` or `30d`. Gives milliseconds. */
export function parseDuration(text: string): Parsed<number> {
  const [, number, unit] = /^([1-9]\d{0,9})([smhd])$/.exec(text) ?? [];
  const milliseconds = number === undefined ? 0 : Number(number) * UNITS[unit as Unit];
  return milliseconds >= UNITS.m && milliseconds <= MOST
    ? valid(milliseconds)
    : invalid('a duration is written like 15m, 1h or 30d: at least a minute, at most ten years');
}

/** The same duration in its largest unit that fits. */
export function durationText(milliseconds: number): string {
  const units = Object.entries(UNITS);
  const [unit, length] = units.find(([, length]) => milliseconds % length === 0) ?? ['s', UNITS.s];
  return `${Math.round(milliseconds / length)}${unit}`;
}
