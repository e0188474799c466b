import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { multipart } from '../../../../src/ocs/simulator/documents/multipart.js';
import { attributeOf, elementAt, readXml, textOf } from '../../../../src/ocs/simulator/documents/xml-tree.js';
import { writeXml, xml } from '../../../../src/ocs/simulator/documents/xml-write.js';

const limits = { depth: 6, elements: 50 };
const read = (text: string) => readXml(Buffer.from(text, 'utf8'), limits);

describe('readXml', () => {
  test('finds elements and attributes by local name', () => {
    const root = read('<p:a xmlns:p="urn:x" p:k="1"><b>te&amp;xt<c/><![CDATA[ <more>]]></b></p:a>');
    if (!root.ok) throw new Error(root.reason);
    expect(attributeOf(root.value, 'k')).toBe('1');
    expect(textOf(elementAt(root.value, 'b'))).toBe('te&xt <more>');
    expect(elementAt(root.value, 'b', 'c')?.name).toBe('c');
    expect(elementAt(root.value, 'x', 'c')).toBeUndefined();
  });

  test.each([
    ['a DOCTYPE', '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'],
    ['deep nesting', `${'<a>'.repeat(7)}${'</a>'.repeat(7)}`],
    ['too many elements', `<a>${'<b/>'.repeat(50)}</a>`],
    ['a prefix without declaration', '<p:a/>'],
    ['an open end', '<a><b></a>'],
    ['nothing', ''],
  ])('refuses %s', (_title, text) => {
    expect(read(text).ok).toBe(false);
  });

  test('refuses bytes that are not UTF-8', () => {
    expect(readXml(Buffer.from('<a>\xff</a>', 'latin1'), limits).ok).toBe(false);
  });

  test('never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => void readXml(Buffer.from(bytes), limits)));
  });
});

describe('writeXml', () => {
  test('gives an element the namespaces that it had where it came from', () => {
    const outer = read('<o xmlns="urn:o" xmlns:i="urn:i"><state xmlns="urn:s" i:type="x"><n>1</n></state></o>');
    const state = outer.ok ? elementAt(outer.value, 'state') : undefined;
    const text = state ? writeXml(state) : '';
    expect(text).toBe('<state xmlns="urn:s" xmlns:i="urn:i" i:type="x"><n>1</n></state>');
  });

  test('writes any text so that it reads the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const root = read(xml('a', { b: text }));
        const value = root.ok ? attributeOf(root.value, 'b') : undefined;
        expect(value?.replace(/\s/g, ' ')).toBe(text.replace(/\s/g, ' '));
      }),
    );
  });

  test('drops characters that XML cannot carry', () => {
    expect(xml('a', { b: 'x\u0000\u0008\ufffey' })).toBe('<a b="xy"/>');
  });
});

describe('multipart', () => {
  test('ends every part with an empty line', () => {
    const body = multipart([{ id: 'one', type: 'text/plain', body: '<end/>' }], 'BOUND');
    expect(body).toContain('<end/>\r\n\r\n--BOUND--\r\n');
  });
});
