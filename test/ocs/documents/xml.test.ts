import { describe, expect, test } from 'vitest';
import { readXml } from '../../../src/ocs/documents/xml.js';
import { XML_LIMITS, type XmlLimits } from '../../../src/ocs/documents/xml-limits.js';
import type { BridgeError } from '../../../src/presence/errors.js';
import { EventRecorder } from './event-recorder.js';
import { refusalReason } from './refusal-reason.js';

function eventsOf(document: string | Buffer, limits: XmlLimits = XML_LIMITS): readonly string[] {
  const recorder = new EventRecorder();
  readXml(Buffer.from(document), recorder, limits);
  return recorder.events;
}

const reasonOf = (document: string | Buffer, limits: Partial<XmlLimits> = {}) =>
  refusalReason(() => eventsOf(document, { ...XML_LIMITS, ...limits }));

describe('the guarded XML reader', () => {
  test('reports elements with namespaces and the text that was asked for', () => {
    expect(eventsOf('<p:a xmlns:p="urn:p" uri="1" p:uri="2"><body>x&lt;<![CDATA[<y>]]></body>z</p:a>')).toEqual([
      'open {urn:p}a uri=1',
      'open {}body',
      'close x<<y>',
      'close ',
    ]);
  });

  test('gives no name that is longer than any that is asked for', () => {
    const name = 'x'.repeat(65);
    expect(eventsOf(`<${name}><body>y</body></${name}>`)).toEqual(['open {}', 'open {}body', 'close y', 'close ']);
  });

  test('takes a byte order mark, a declaration, comments and instructions', () => {
    expect(eventsOf('\ufeff<?xml version="1.0" encoding="UTF-8"?><!-- c --><?p x?><a/>')).toEqual([
      'open {}a',
      'close ',
    ]);
  });

  test.each([
    ['bytes', Buffer.alloc(XML_LIMITS.bytes + 1, 0x20)],
    ['encoding', Buffer.from('<a>\xff</a>', 'latin1')],
    ['encoding', Buffer.from('<a>\xc0\xbcb\xc0\xbe</a>', 'latin1')],
    ['encoding', Buffer.from('<a>\xed\xa0\xbd</a>', 'latin1')],
    ['encoding', Buffer.from('\ufeff<a/>', 'utf16le')],
    ['encoding', '<?xml version="1.0" encoding="UTF-7"?><a/>'],
    ['encoding', '<?xml version="1.0" encoding="UTF-16"?><a/>'],
    ['doctype', '<!DOCTYPE a><a/>'],
    ['doctype', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
    ['depth', '<a>'.repeat(33)],
    ['elements', `<a>${'<b/>'.repeat(5000)}</a>`],
    ['attributes', `<a ${Array.from({ length: 65 }, (_, index) => `a${index}="1"`).join(' ')}/>`],
    ['attributes', `<a ${Array.from({ length: 65 }, (_, index) => `xmlns:a${index}="u:${index}"`).join(' ')}/>`],
    ['text', `<a>${'x'.repeat(16 * 1024 + 1)}</a>`],
    ['text', `<a b="${'x'.repeat(16 * 1024 + 1)}"/>`],
    ['text', `<body>${'x'.repeat(16 * 1024)}<!-- -->x</body>`],
    ['not-well-formed', ''],
    ['not-well-formed', ' \r\n\t'],
    ['not-well-formed', '{"not":"xml"}'],
    ['not-well-formed', '<a></b>'],
    ['not-well-formed', '<a><b></a></b>'],
    ['not-well-formed', '<a/><a/>'],
    ['not-well-formed', '<a>'],
    ['not-well-formed', '<a b="1" b="2"/>'],
    ['not-well-formed', '<p:a/>'],
    ['not-well-formed', '<a p:b="1"/>'],
    ['not-well-formed', '<a>\u0000</a>'],
    ['not-well-formed', '<a>&#0;</a>'],
    ['not-well-formed', '<a>&undefined;</a>'],
    ['not-well-formed', '<?xml version="1.1"?><a>&#1;</a>'],
  ])('refuses with reason "%s"', (reason, document) => {
    expect(reasonOf(document)).toBe(reason);
  });

  test('accepts what is just within the limits', () => {
    expect(reasonOf('<a>'.repeat(32) + '</a>'.repeat(32))).toBe('accepted');
    expect(reasonOf(`<a>${'<b/>'.repeat(4999)}</a>`)).toBe('accepted');
    expect(reasonOf(`<body b="${'x'.repeat(16 * 1024)}">${'x'.repeat(16 * 1024)}</body>`)).toBe('accepted');
  });

  test('takes its limits from the caller', () => {
    expect(reasonOf('<a><b/></a>', { depth: 1 })).toBe('depth');
    expect(reasonOf('<a><b/></a>', { elements: 1 })).toBe('elements');
    expect(reasonOf('<a b="1"/>', { attributes: 0 })).toBe('attributes');
    expect(reasonOf('<a>xx</a>', { text: 1 })).toBe('text');
    expect(reasonOf('<a/>', { bytes: 3 })).toBe('bytes');
  });

  test('never quotes the document in its message', () => {
    try {
      eventsOf('<secret></b>');
    } catch (thrown) {
      expect((thrown as BridgeError).message).not.toContain('secret');
    }
  });
});
