import { describe, expect, test } from 'vitest';
import { parseContentType } from '../../../../src/ocs/wire/headers/content-type.js';
import { parseCSeq } from '../../../../src/ocs/wire/headers/cseq.js';
import { parseDate } from '../../../../src/ocs/wire/headers/date.js';
import { parseEvent } from '../../../../src/ocs/wire/headers/event.js';
import { HIGHEST_SECONDS, parseUnsigned } from '../../../../src/ocs/wire/headers/number.js';
import { parseParams } from '../../../../src/ocs/wire/headers/params.js';
import { parseSubscriptionState } from '../../../../src/ocs/wire/headers/subscription-state.js';

describe('CSeq', () => {
  test('keeps the number as written beside its value', () => {
    expect(parseCSeq('0009  INVITE')).toEqual({ number: 9, digits: '0009', method: 'INVITE' });
    expect(parseCSeq('2147483647 A')).toMatchObject({ number: 2147483647 });
  });

  test.each([
    '',
    '1',
    'INVITE',
    '1INVITE',
    '-1 INVITE',
    '1 IN VITE',
    '1 ',
    '1.0 A',
    '2147483648 A',
    '9292394834772304023312 A',
  ])('is refused: %j', (text) => {
    expect(parseCSeq(text)).toBeUndefined();
  });
});

describe('Content-Type', () => {
  test('has a type in lower case and its parameters', () => {
    const type = parseContentType('Multipart/Related;type="application/rlmi+xml";start=resourceList;boundary=tRnS9f0a');
    expect(type?.type).toBe('multipart/related');
    expect(type?.params.get('type')).toBe('application/rlmi+xml');
    expect(type?.params.get('boundary')).toBe('tRnS9f0a');
    expect(parseContentType('text / plain ; charset = UTF-8')?.type).toBe('text/plain');
  });

  test.each(['', 'text', 'text/', '/plain', 'text/plain charset', 'text/plain;', 'a b/c'])('is refused: %j', (text) => {
    expect(parseContentType(text)).toBeUndefined();
  });
});

describe('Event', () => {
  test('has package and id', () => {
    expect(parseEvent('vnd-microsoft-roaming-self;id=7')).toMatchObject({
      package: 'vnd-microsoft-roaming-self',
      id: '7',
    });
    expect(parseEvent('presence')).toMatchObject({ package: 'presence', id: undefined });
    expect(parseEvent(';id=7')).toBeUndefined();
    expect(parseEvent('presence;;')).toBeUndefined();
  });
});

describe('Subscription-State', () => {
  test('has state, times and reason', () => {
    expect(parseSubscriptionState('Terminated ;reason=Deactivated;retry-after=30;expires=0')).toMatchObject({
      state: 'terminated',
      reason: 'deactivated',
      retryAfter: 30,
      expires: 0,
    });
  });

  test('has no time where the number is none', () => {
    const state = parseSubscriptionState('active;expires=99999999999999;retry-after=-1');
    expect([state?.state, state?.expires, state?.retryAfter, state?.reason]).toEqual([
      'active',
      undefined,
      undefined,
      undefined,
    ]);
    expect(parseSubscriptionState('')).toBeUndefined();
  });
});

describe('a number', () => {
  test('is decimal and within its range', () => {
    expect(parseUnsigned(' 0068 ', 255)).toBe(68);
    expect(parseUnsigned('4294967295', HIGHEST_SECONDS)).toBe(4294967295);
    for (const text of ['', '-1', '+1', '1e3', '0x10', '1.5', '256', '١', '9'.repeat(400)]) {
      expect(parseUnsigned(text, 255), text).toBeUndefined();
    }
  });
});

describe('parameters', () => {
  const read = (text: string): unknown => {
    const params = parseParams(text, 0);
    return params && Object.fromEntries(params);
  };

  test('are read with blanks around every sign', () => {
    expect(read(' ; q = 0.33 ;\tlr;X="a \\"b\\", \\\\" ; empty= ')).toEqual({
      q: '0.33',
      lr: '',
      x: 'a "b", \\',
      empty: '',
    });
    expect(read('  ')).toEqual({});
  });

  test('count once, the first time', () => {
    expect(read(';tag=1;TAG=2')).toEqual({ tag: '1' });
  });

  test.each(['x', ';', ';;', ';a;', ';=b', ';a="b', ';a="b"c', ';a=b,c', ';a=<b>', ';a b'])(
    'are refused: %j',
    (text) => {
      expect(parseParams(text, 0)).toBeUndefined();
    },
  );
});

describe('Date', () => {
  test('is a moment of Greenwich time', () => {
    expect(parseDate('Sat, 15 Oct 2005 04:44:56 GMT')).toBe(Date.UTC(2005, 9, 15, 4, 44, 56));
  });

  test.each([
    'Fri, 01 Jan 2010 16:00:00 EST',
    'Fri, 1 Jan 2010 16:00:00 GMT',
    'Fri, 31 Feb 2010 16:00:00 GMT',
    'Fri, 01 Jan 2010 24:00:00 GMT',
    'Fri, 01 Jan 2010 16:00:0x GMT',
    'Xxx, 01 Jan 2010 16:00:00 GMT',
    '2010-01-01T16:00:00Z',
    '',
  ])('is refused: %j', (text) => {
    expect(parseDate(text)).toBeUndefined();
  });
});
