import { describe, expect, test } from 'vitest';
import { descendants, readXml } from '../../../src/notes/template/xml-tree.js';

const LIMITS = { length: 1000, depth: 3, elements: 5 };

describe('readXml', () => {
  test('gives elements with attributes, text and the lines they stand on', () => {
    const outcome = readXml("<a x='1'>\n  <b\n   y='2'>one<c/>two</b>\n</a>");
    if (!outcome.ok) throw new Error(outcome.reason);
    const all = [...descendants(outcome.root)].map(({ name, text, line, contentLine }) => [
      name,
      text.trim(),
      line,
      contentLine,
    ]);
    expect(all).toEqual([
      ['a', '', 1, 1],
      ['b', 'onetwo', 2, 3],
      ['c', '', 3, 3],
    ]);
  });

  test('keeps text and children of mixed content in their order', () => {
    const outcome = readXml('<par>one <run>two</run> th<![CDATA[r<]]>ee<br/><br/>four</par>');
    if (!outcome.ok) throw new Error(outcome.reason);
    const order = outcome.root.content.map((part) => (typeof part === 'string' ? part : `<${part.name}>`));
    expect(order).toEqual(['one ', '<run>', ' thr<ee', '<br>', '<br>', 'four']);
    expect(outcome.root.content.filter((part) => typeof part !== 'string')).toEqual(outcome.root.children);
  });

  test.each([
    ["<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", /DOCTYPE/],
    ['<a>', /unclosed/],
    ['<a><b></a>', /unexpected close tag|close/],
    ['', /document must contain a root|there is no element/],
    ['<a>&xxe;</a>', /entity/],
    ['<a><b><c><d/></c></b></a>', /deeper than 3/],
    ['<a><b/><b/><b/><b/><b/></a>', /more than 5 elements/],
    [`<a>${'x'.repeat(1000)}</a>`, /more than 1000 characters/],
  ])('refuses %s', (source, reason) => {
    expect(readXml(source, LIMITS)).toMatchObject({ ok: false, reason: expect.stringMatching(reason) });
  });
});
