import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { xmlBoolean, xmlInteger, xmlTime } from '../../../src/ocs/documents/xml-values.js';

describe('an integer', () => {
  test.each([
    ['0', 0],
    ['3500', 3500],
    [' +18500\r\n', 18500],
    ['-1', -1],
    ['007', 7],
    ['999999999', 999999999],
  ])('"%s" is read', (text, value) => {
    expect(xmlInteger(text)).toBe(value);
  });

  test.each([undefined, '', ' ', '-', '+-1', '1 2', '1e3', '3500.0', '0x10', '1234567890', '\u0663'])(
    '%j is none',
    (text) => {
      expect(xmlInteger(text)).toBeUndefined();
    },
  );
});

describe('a boolean', () => {
  test('is true only when it says so', () => {
    expect(['true', '1', 'false', '0', 'TRUE', '', undefined].map(xmlBoolean)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('a time', () => {
  test.each([
    ['2010-01-01T08:55:00.250', '2010-01-01T08:55:00.250Z'],
    ['2010-01-01T08:55:00', '2010-01-01T08:55:00Z'],
    ['2010-01-01T08:55:00Z', '2010-01-01T08:55:00Z'],
    ['2010-01-01T08:55:00.1239999Z', '2010-01-01T08:55:00.123Z'],
    ['2010-01-01T08:55:00.5+01:00', '2010-01-01T07:55:00.500Z'],
    ['2010-01-01T08:55:00-05:30', '2010-01-01T14:25:00Z'],
    ['2008-02-29T23:59:59', '2008-02-29T23:59:59Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
    ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59Z'],
  ])('%s is read', (text, iso) => {
    expect(xmlTime(text)).toBe(Date.parse(iso));
  });

  test.each([
    ...[undefined, '', 'now', '2010-01-01', '2010-01-01 08:55:00', '2010-1-1T08:55:00', '2010-01-01T08:55'],
    ...[
      '2010-02-29T00:00:00',
      '2010-13-01T00:00:00',
      '2010-00-10T00:00:00',
      '2010-01-00T00:00:00',
      '2010-04-31T00:00:00',
    ],
    ...[
      '2010-01-01T24:00:00',
      '2010-01-01T00:60:00',
      '2010-01-01T00:00:60',
      '0000-01-01T00:00:00',
      '2010-01-01T08:55:00.',
    ],
    ...['2010-01-01T08:55:00z', '2010-01-01T08:55:00+0100', '2010-01-01T08:55:00+01:00x', '2010-01-01T08:55:00Zx'],
    ...['-2010-01-01T08:55:00', `2010-01-01T08:55:00.${'1'.repeat(60)}`],
  ])('%j is none', (text) => {
    expect(xmlTime(text)).toBeUndefined();
  });

  test('of any moment survives being written and read', () => {
    const moment = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(fc.property(moment, (date) => xmlTime(date.toISOString()) === date.getTime()));
  });
});
