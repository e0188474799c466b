import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readXml } from '../../../src/ocs/documents/xml.js';
import type { XmlHandler } from '../../../src/ocs/documents/xml-handler.js';
import { XML_LIMITS } from '../../../src/ocs/documents/xml-limits.js';
import { SCANNED_OCTETS, scanXml } from '../../../src/ocs/documents/xml-scan.js';
import { EventRecorder, vocabulary } from './event-recorder.js';
import { categoriesDocument, resourceList, usualDocument } from './samples.js';

/** The events of the quick way, or `undefined` when it declined. */
function scanned(body: Buffer): readonly string[] | undefined {
  const recorder = new EventRecorder();
  return scanXml(body, vocabulary, recorder, XML_LIMITS) ? recorder.events : undefined;
}

function read(body: Buffer): readonly string[] {
  const recorder = new EventRecorder();
  readXml(body, recorder);
  return recorder.events;
}

/** What the whole test is about: whatever the quick way accepts, the full reader reports in the same words. */
function agrees(body: Buffer): boolean {
  const quick = scanned(body);
  if (quick !== undefined) expect(quick).toEqual(read(body));
  return quick !== undefined;
}

describe('the quick way through a document', () => {
  test.each([
    usualDocument(),
    `\ufeff<?xml version="1.0" encoding="utf-8"?>\r\n${usualDocument()}\r\n`,
    `<?xml version='1.0'?>${usualDocument().replaceAll('"', "'")}`,
    usualDocument().replaceAll('><', '>\r\n\t <'),
    usualDocument().replaceAll('/>', ' / >').replaceAll(' / >', ' />'),
    resourceList(
      '<resource uri="sip:a@b.example"><name>A &amp; B \u00e9</name><instance id="1" state="active"/></resource>',
    ),
    categoriesDocument('<category name="&lt;&#65;&quot;>"\n\turi = "x"  ></category  >'),
    '<a xmlns:xsd="http://www.w3.org/2001/XMLSchema" xsi:type="b" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><body type="c" xsi:type="d"/></a>',
    '<body></body>',
    '<a-b.c_1/>',
  ])('is taken by a usual one (%#)', (document) => {
    expect(agrees(Buffer.from(document, 'utf8'))).toBe(true);
  });

  test.each([
    ['a comment', '<a><!-- --></a>'],
    ['an instruction', '<a><?b?></a>'],
    ['a DOCTYPE', '<!DOCTYPE a><a/>'],
    ['a CDATA section', '<a><![CDATA[b]]></a>'],
    ['a prefix', '<b:a xmlns:b="urn:b"/>'],
    ['xsi in another meaning', '<a xmlns:xsi="urn:b" xsi:type="c"/>'],
    [
      'xsi that is declared only elsewhere',
      '<a><b xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"/><c xsi:type="d"/></a>',
    ],
    ['a namespace it cannot judge', '<a xmlns="http://www.w3.org/2000/xmlns/"/>'],
    ['blanks around a namespace', '<a xmlns=" urn:b "/>'],
    ['a namespace with a reference', '<a xmlns="urn:&#98;"/>'],
    ['a line break in an attribute', '<a b="c\nd"/>'],
    ['a carriage return in a text that is wanted', '<body>a\r\nb</body>'],
    ['an element in a text that is wanted', '<body>a<b/></body>'],
    ['a bare > in text', '<a>b]]>c</a>'],
    ['another version', '<?xml version="1.1"?><a/>'],
    ['another encoding', '<?xml version="1.0" encoding="latin1"?><a/>'],
    ['a character XML forbids', '<a>\uffff</a>'],
    ['a control character', '<a>\u0001</a>'],
    ['two equal attributes', '<a b="1" b="1"/>'],
    [
      'two equal attributes with a prefix',
      '<a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:b="1" xsi:b="1"/>',
    ],
    ['no blank between attributes', '<a b="1"c="2"/>'],
    ['a value without quotation marks', '<a b=1/>'],
    ['an unknown entity', '<a>&nbsp;</a>'],
    ['a reference to a character XML forbids', '<a>&#xFFFE;</a>'],
    ['a reference without end', '<a>&amp</a>'],
    ['a wrong end tag', '<a></b>'],
    ['an end tag that is only a beginning', '<ab></a>'],
    ['text before the root', 'x<a/>'],
    ['text behind the root', '<a/>x'],
    ['a second root', '<a/><a/>'],
    ['an unclosed element', '<a><b></b>'],
    ['an unclosed tag', '<a b="c'],
    ['nothing', ''],
    ['too many levels', '<a>'.repeat(33) + '</a>'.repeat(33)],
    ['too many elements', `<a>${'<b/>'.repeat(5000)}</a>`],
    ['too many attributes', `<a ${Array.from({ length: 65 }, (_, index) => `a${index}="1"`).join(' ')}/>`],
    ['too long a text', `<a>${'x'.repeat(16 * 1024 + 1)}</a>`],
    ['too long a value', `<a b="${'x'.repeat(16 * 1024 + 1)}"/>`],
  ])('declines %s', (_, document) => {
    expect(scanned(Buffer.from(document, 'utf8'))).toBeUndefined();
  });

  test('reads a document of as many octets as it takes, and declines it when it is cut anywhere near its end', () => {
    const end = '<name xmlns="http://www.w3.org/2001/XMLSchema" letters="letters">text</name></displayNames>';
    const start = '<displayNames>';
    const middle = '<a/>'.repeat(1000) + '<a b="'.concat('x'.repeat(15_000), '"/>').repeat(4);
    const document = Buffer.from(start + middle.padEnd(SCANNED_OCTETS - start.length - end.length) + end);
    expect(document.length).toBe(SCANNED_OCTETS);
    expect(scanned(document)).toBeDefined();
    for (let length = SCANNED_OCTETS - end.length; length < SCANNED_OCTETS; length++) {
      const cut = Buffer.concat([Buffer.alloc(SCANNED_OCTETS - length, ' '), document.subarray(0, length)]);
      expect(scanned(cut)).toBeUndefined();
    }
  });

  test('declines octets that are no UTF-8', () => {
    expect(scanned(Buffer.from('<a>\xe9</a>', 'latin1'))).toBeUndefined();
  });

  test('declines another document in the middle of the first, which goes on unharmed', () => {
    const inner = Buffer.from('<a xmlns="urn:inner"><body>inner</body></a>');
    const outer = new EventRecorder();
    const handler: XmlHandler = {
      open: (element) => {
        const wanted = outer.open(element);
        expect(scanned(inner)).toBeUndefined();
        return wanted;
      },
      close: (text) => outer.close(text),
    };
    const body = Buffer.from(usualDocument());
    expect(scanXml(body, vocabulary, handler, XML_LIMITS)).toBe(true);
    expect(outer.events).toEqual(read(body));
  });

  test('leaves out what is within an element that the handler passes over, and checks it all the same', () => {
    const passingOver = () => {
      const heard: string[] = [];
      const handler: XmlHandler = {
        open: ({ local, namespace }) => {
          heard.push(`{${namespace}}${local}`);
          return local === 'note' ? 'skip' : local === 'body';
        },
        close: (text) => void heard.push(text),
      };
      return { heard, handler };
    };
    const scan = (within: string) => {
      const { heard, handler } = passingOver();
      const document = `<a xmlns="urn:a"><note xmlns="urn:b">${within}</note><body>b</body></a>`;
      return scanXml(Buffer.from(document), vocabulary, handler, XML_LIMITS) ? heard : undefined;
    };
    const all = ['{urn:a}a', '{urn:b}note', '', '{urn:a}body', 'b', ''];
    expect(scan('<body xmlns="urn:c">x<x a="1" b="2"/></body><note>&lt;</note>')).toEqual(all);
    expect(scan('')).toEqual(all);
    for (const wrong of [
      '<x>',
      '</x>',
      '<x></y>',
      '<x a="1" a="2"/>',
      '<x a="<"/>',
      '&x;',
      '<x:y/>',
      '<x y:z=""/>',
      '<x a=1/>',
    ]) {
      expect(scan(wrong)).toBeUndefined();
    }
  });

  test('keeps no view into the document in what it reports', () => {
    const body = Buffer.from(usualDocument());
    const recorder = new EventRecorder();
    scanXml(body, vocabulary, recorder, XML_LIMITS);
    const before = recorder.events.join('\n');
    body.fill(0x20);
    expect(recorder.events.join('\n')).toBe(before);
  });
});

describe('the quick way and the full reader', () => {
  const PIECES = [
    ...[
      '<',
      '>',
      '/',
      '"',
      "'",
      '=',
      ' ',
      '&',
      ';',
      '&amp;',
      '&#10;',
      '&#x1F600;',
      '&#0;',
      ']]>',
      '<!--',
      '-->',
      '<?x?>',
    ],
    ...[
      '<a>',
      '</a>',
      '<a/>',
      '<b x="1">',
      '</b>',
      '<body>',
      '</body>',
      '<displayName>x</displayName>',
      '\r\n',
      '\t',
      '\u00e9',
      '\uffff',
    ],
    ...[
      ' xmlns="urn:x"',
      ' xmlns=""',
      ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
      ' xsi:type="t"',
      ' name="n"',
    ],
    ...[
      ' xmlns="http://schemas.microsoft.com/2006/09/sip/state"',
      ' p:q="1"',
      '<![CDATA[c]]>',
      '\ufeff',
      '<?xml version="1.0"?>',
    ],
  ];
  const seed = fc.constantFrom(
    usualDocument(),
    categoriesDocument('<category name="note"/><category name="state"> </category>'),
    resourceList('<resource uri="sip:a@b.example"><name>A</name><instance id="1" state="active" cid="x"/></resource>'),
    '<a><body type="x">y</body><displayName>&lt;</displayName></a>',
  );
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    drop: fc.constantFrom(0, 0, 0, 1, 2, 8),
    put: fc.oneof(
      fc.constantFrom(...PIECES),
      fc.constant(''),
      fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
    ),
  });
  const mutated = fc.tuple(seed, fc.array(edit, { maxLength: 3 })).map(([document, edits]) => {
    let octets = Buffer.from(document, 'utf8').toString('latin1');
    for (const { at, drop, put } of edits) {
      const index = Math.floor(at * octets.length);
      octets = octets.slice(0, index) + Buffer.from(put, 'utf8').toString('latin1') + octets.slice(index + drop);
    }
    return Buffer.from(octets, 'latin1');
  });

  test('agree on every changed document that the quick way accepts', () => {
    let accepted = 0;
    fc.assert(
      fc.property(mutated, (body) => {
        if (agrees(body)) accepted++;
      }),
      { numRuns: 3000, seed: 20260105 },
    );
    expect(accepted).toBeGreaterThan(300);
  });

  const attributeText = fc.array(fc.constantFrom('a', ' ', '>', "'", '&lt;', '&#9;', '\u00e9', '1'), { maxLength: 6 });
  const attribute = fc
    .tuple(
      fc.constantFrom('name', 'type', 'uri', 'x', 'xsi:type', 'xmlns'),
      attributeText.map((parts) => parts.join('')),
    )
    .map(([name, value]) => ` ${name}="${value}"`);
  const text = fc
    .array(fc.constantFrom('3500', ' ', '\n', '&amp;', '&#x41;', 'caf\u00e9', '\u{1f600}'), { maxLength: 4 })
    .map((parts) => parts.join(''));
  const tree = fc.letrec<{ element: string; content: string }>((tie) => ({
    content: fc
      .array(fc.oneof({ depthSize: 'small' }, text, tie('element')), { maxLength: 4 })
      .map((parts) => parts.join('')),
    element: fc
      .tuple(
        fc.constantFrom('a', 'body', 'category', 'state', 'availability', 'other'),
        fc.uniqueArray(attribute, { maxLength: 3, selector: (written) => written.split('=')[0] }),
        tie('content'),
      )
      .map(([name, attributes, content]) => `<${name}${attributes.join('')}>${content}</${name}>`),
  })).element;

  test('agree on every made-up document that the quick way accepts', () => {
    let accepted = 0;
    fc.assert(
      fc.property(tree, (element) => {
        const document = `<a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${element}</a>`;
        if (agrees(Buffer.from(document, 'utf8'))) accepted++;
      }),
      { numRuns: 1500, seed: 20260106 },
    );
    expect(accepted).toBeGreaterThan(300);
  });
});
