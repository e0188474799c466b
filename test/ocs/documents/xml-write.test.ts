import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readXml } from '../../../src/ocs/documents/xml.js';
import { escapeXml, xml } from '../../../src/ocs/documents/xml-write.js';

describe('the XML writer', () => {
  test('writes elements, attributes and text', () => {
    const note = xml('body', { type: 'personal', uri: '', left: undefined, order: 1 }, ['Back < 5 & "later"']);
    expect(xml('note', { xmlns: 'urn:n' }, [note, xml('empty')]).text).toBe(
      '<note xmlns="urn:n"><body type="personal" uri="" order="1">Back &lt; 5 &amp; &quot;later&quot;</body><empty/></note>',
    );
  });

  test('replaces what XML forbids', () => {
    expect(escapeXml('a\u0000b\ud800c\ufffed')).toBe('a\ufffdb\ufffdc\ufffdd');
  });

  test('writes any text so that a reader gets it back, as content and as attribute', () => {
    const legal = fc
      .string({ unit: 'grapheme' })
      .filter((text) => text === text.replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, ''));
    fc.assert(
      fc.property(legal, (text) => {
        const read: (string | undefined)[] = [];
        readXml(Buffer.from(xml('a', { b: text }, [text]).text, 'utf8'), {
          open: (element) => {
            read.push(element.attribute('b'));
            return true;
          },
          close: (content) => {
            read.push(content);
          },
        });
        expect(read).toEqual([text, text]);
      }),
    );
  });
});
