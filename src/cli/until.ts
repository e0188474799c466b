import { InvalidArgumentError } from '@commander-js/extra-typings';

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };
const DAY_MS = 86_400_000;

/**
 * Reads when something ends: a duration (`90s`, `30m`, `1h30m`), or a time of day on this machine (`17:30`), today or else
 * tomorrow. Gives milliseconds since 1970.
 */
export function until(now: () => number): (text: string) => number {
  return (text) => {
    const end = atTime(text, now()) ?? after(text, now());
    if (end === undefined)
      throw new InvalidArgumentError('A time such as 17:30, or a duration such as 30m, was expected.');
    return end;
  };
}

/** Reads how long something lasts from now: `90s`, `30m`, `1h30m`. Gives when it ends, milliseconds since 1970. */
export function lasting(now: () => number): (text: string) => number {
  return (text) => {
    const end = after(text, now());
    if (end === undefined)
      throw new InvalidArgumentError('A duration such as 30m or 1h30m was expected, at most a day.');
    return end;
  };
}

function atTime(text: string, now: number): number | undefined {
  const [, hours, minutes] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text.trim()) ?? [];
  if (hours === undefined || minutes === undefined) return undefined;
  const end = new Date(now);
  end.setHours(Number(hours), Number(minutes), 0, 0);
  if (end.getTime() <= now) end.setDate(end.getDate() + 1);
  return end.getTime();
}

function after(text: string, now: number): number | undefined {
  const parts = [...text.trim().matchAll(/(\d{1,5})([smh])/gy)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== text.trim()) return undefined;
  const duration = parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ''] ?? 0), 0);
  return duration > 0 && duration <= DAY_MS ? now + duration : undefined;
}
