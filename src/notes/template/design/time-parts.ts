import type { TimeParts } from '../formula/time-text.js';
import type { XmlElement } from '../xml-tree.js';

/** What a `datetimeformat` element shows of a moment; without one, all but the zone. */
export function timePartsOf(format: XmlElement | undefined): TimeParts {
  const show = format?.attributes.get('show') ?? 'datetime';
  const date = format?.attributes.get('date') ?? '';
  const time = format?.attributes.get('time') ?? 'hourminutesecond';
  const dates: Readonly<Record<string, TimeParts['date']>> = {
    monthday: 'month-day',
    yearmonth: 'year-month',
    year4month: 'year-month',
  };
  return {
    date: show === 'time' ? 'none' : (dates[date] ?? 'full'),
    time: show === 'date' ? 'none' : time.includes('second') ? 'seconds' : 'minutes',
  };
}
