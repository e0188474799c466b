import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentLengthLines } from '../../../src/ocs/wire/content-length.js';
import { Head } from '../../../src/ocs/wire/head.js';
import { HeaderLines } from '../../../src/ocs/wire/header-lines.js';
import { headerName } from '../../../src/ocs/wire/header-name.js';
import { DEFAULT_SIP_LIMITS } from '../../../src/ocs/wire/limits.js';
import { trimmed } from '../../../src/ocs/wire/scan.js';

const NAME = headerName('content-length');

describe('Content-Length', () => {
  test('is found in the same lines by framer and decoder, however the head looks', () => {
    const piece = fc.constantFrom(
      ...[
        'Content-Length',
        'content-lengtH',
        'l',
        'L',
        'Content-Lengths',
        ':',
        ' ',
        '\t',
        '5',
        '17',
        ',',
        '\r\n',
        '\r',
        '\n',
        'x',
      ],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const octets = `OPTIONS sip:a@b SIP/2.0\r\n${pieces.join('')}\r\n`.replaceAll('\r\n\r\n', '\r\n');
        const bytes = Buffer.from(octets, 'latin1');
        const lines = new HeaderLines(new Head(bytes), octets.indexOf('\n') + 1, DEFAULT_SIP_LIMITS);
        const found = contentLengthLines(octets).map((line) => trimmed(line).replace(/\s+/g, ' '));
        expect(found).toEqual(lines.all(NAME).map((line) => line.replace(/\s+/g, ' ')));
      }),
      { numRuns: 3000 },
    );
  });
});
