import { describe, expect, test } from 'vitest';
import { parseIdentity } from '../../../../src/ocs/wire/headers/identity.js';

describe('an asserted identity', () => {
  test.each([
    ['"Cullen Jennings" <sip:fluffy@cisco.com>', 'sip:fluffy@cisco.com', undefined],
    ['tel:+14085264000', undefined, 'tel:+14085264000'],
    [
      '"Lunch, Lucas" <sip:llucas@cisco.com>,<tel:+420123456;ext=88463>',
      'sip:llucas@cisco.com',
      'tel:+420123456;ext=88463',
    ],
    ['"recipient"<SIP:recipient@company.com>', 'SIP:recipient@company.com', undefined],
    ['"<sip:not@this.one>" <sip:a@b>', 'sip:a@b', undefined],
    ['<sip:first@b>, <sip:second@b>, <TEL:+1>, <tel:+2>', 'sip:first@b', 'TEL:+1'],
    ['sip:without@brackets', undefined, undefined],
    ['"unclosed <sip:a@b>', undefined, undefined],
    ['<sip:unclosed@b', undefined, undefined],
    ['', undefined, undefined],
  ])('of %j', (line, sip, tel) => {
    expect(parseIdentity([line])).toEqual({ sip, tel });
  });

  test('may come in several lines, or not at all', () => {
    expect(parseIdentity(['<tel:+1>', '<sip:a@b>'])).toEqual({ sip: 'sip:a@b', tel: 'tel:+1' });
    expect(parseIdentity([])).toEqual({ sip: undefined, tel: undefined });
  });
});
