import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeLines, encodeLine } from '../../../../src/notes/drivers/embedded/journal-lines.js';

function file(contents: readonly unknown[]): Buffer {
  return Buffer.from(contents.map((content, number) => encodeLine(number, content)).join(''));
}

const CONTENTS = [{ a: 1 }, { text: 'Grüße\nmit Umbruch' }, { list: ['x', 2] }, { last: true }];

describe('decodeLines', () => {
  test('reads back what was written', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (contents) => {
        const plain = JSON.parse(JSON.stringify(contents)) as unknown[];
        expect(decodeLines(file(contents))).toEqual({ contents: plain });
      }),
    );
  });

  test('a file cut at any byte gives the whole lines before the cut, and calls the rest torn', () => {
    const whole = file(CONTENTS);
    for (let length = 0; length <= whole.length; length++) {
      const { contents, damage } = decodeLines(whole.subarray(0, length));
      expect(contents).toEqual(CONTENTS.slice(0, contents.length));
      const endsBetweenLines = length === 0 || whole[length - 1] === 0x0a;
      expect(damage?.kind).toBe(endsBetweenLines ? undefined : 'torn');
    }
  });

  test('a byte changed anywhere ends the reading before that line', () => {
    const whole = file(CONTENTS);
    for (let at = 0; at < whole.length; at++) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 0x01;
      const { contents, damage } = decodeLines(changed);
      const line = whole.subarray(0, at).toString('latin1').split('\n').length - 1;
      expect(contents).toEqual(CONTENTS.slice(0, line));
      expect(damage?.line).toBe(line);
    }
  });

  test('a missing line ends the reading, though the lines behind it are whole', () => {
    const lines = CONTENTS.map((content, number) => encodeLine(number, content));
    const without = Buffer.from([lines[0], lines[2], lines[3]].join(''));
    expect(decodeLines(without)).toMatchObject({
      contents: CONTENTS.slice(0, 1),
      damage: { kind: 'damaged', line: 1 },
    });
  });

  test('1,000 random damages give a beginning of the file and never throw', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ at: fc.nat(10_000), bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }) }), {
          minLength: 1,
          maxLength: 5,
        }),
        (damages) => {
          const whole = file(CONTENTS);
          for (const { at, bytes } of damages) Buffer.from(bytes).copy(whole, at % whole.length);
          const { contents } = decodeLines(whole);
          expect(contents).toEqual(CONTENTS.slice(0, contents.length));
        },
      ),
      { numRuns: 1000 },
    );
  });
});
