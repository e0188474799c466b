import { describe, expect, test } from 'vitest';
import { readFault, WRONG_DELTA } from '../../../src/ocs/documents/publish-fault.js';
import { BridgeError } from '../../../src/presence/errors.js';

const read = (document: string) => readFault(Buffer.from(document, 'utf8'));
const fault = (code: string, details = '', attributes = '') =>
  `<Fault${attributes}><Faultcode>${code}</Faultcode><details>${details}</details></Fault>`;

describe('the fault of a publication', () => {
  test('says which publication has which version at the server', () => {
    const operations = '<operation index="1" version="0" curVersion="3"/><operation index="3" curVersion="7"/>';
    expect(read(fault(WRONG_DELTA, operations))).toEqual({
      code: WRONG_DELTA,
      operations: [
        { index: 1, version: 0, curVersion: 3 },
        { index: 3, version: undefined, curVersion: 7 },
      ],
    });
  });

  test('reads the same in a namespace and with a prefix', () => {
    const written = fault(WRONG_DELTA, '<operation index="1" version="0" curVersion="3"/>');
    expect(read(written.replace('<Fault>', '<Fault xmlns="urn:any">'))).toEqual(read(written));
    expect(read(written.replace(/<(\/?)(\w)/g, '<$1f:$2').replace('<f:Fault>', '<f:Fault xmlns:f="urn:any">'))).toEqual(
      read(written),
    );
  });

  test('passes over operations without position or version', () => {
    expect(read(fault('X', '<operation curVersion="3"/><operation index="1" curVersion="-1"/>')).operations).toEqual(
      [],
    );
  });

  test('gives no code that does not belong into a log', () => {
    expect(read(fault('a b\n{"forged":1}')).code).toBe('');
    expect(read(fault('x'.repeat(101))).code).toBe('');
  });

  test('is refused when it is another document', () => {
    expect(() => read('<note/>')).toThrow(BridgeError);
  });
});
