import { describe, expect, test } from 'vitest';
import { html } from '../../../../src/notes/template/preview/html.js';

describe('html', () => {
  test('texts are escaped in content and in attributes', () => {
    expect(html`<p title="${`"<&'`}">${'<b>'}</p>`.text).toBe('<p title="&quot;&lt;&amp;&#39;">&lt;b&gt;</p>');
  });

  test('what is HTML already stays as it is, in lists too', () => {
    expect(html`<ul>${[html`<li>${1}</li>`, html`<li>&</li>`]}</ul>`.text).toBe('<ul><li>1</li><li>&</li></ul>');
  });

  test('nothing is written for undefined and false', () => {
    expect(html`a${undefined}${false}b`.text).toBe('ab');
  });

  test('control characters become visible signs, line breaks and tabulators stay', () => {
    expect(html`${'a\u0000b\tc\n'}`.text).toBe('a\ufffdb\tc\n');
  });
});
