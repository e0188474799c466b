/** Elements whose content is not for readers. */
const HIDDEN: ReadonlySet<string> = new Set(['script', 'style', 'head', 'title']);
/** Elements that begin a new line. */
const BREAKS: ReadonlySet<string> = new Set(['br', 'p', 'div', 'li', 'tr', 'hr']);

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/**
 * Text of an HTML message: tags, comments and hidden content left out, references resolved. In one pass, so that no
 * input costs more than its length; what comes out is plain text and must never be taken for HTML again.
 */
export function textOfHtml(html: string): string {
  const out: string[] = [];
  let hiddenIn = '';
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    const end = open < 0 ? html.length : open;
    if (hiddenIn === '') out.push(html.slice(at, end));
    if (open < 0) break;
    const comment = html.startsWith('<!--', open);
    const close = html.indexOf(comment ? '-->' : '>', open);
    // An opening bracket without its end is text, and so is all that follows.
    if (close < 0) {
      if (hiddenIn === '') out.push(html.slice(open));
      break;
    }
    at = close + (comment ? 3 : 1);
    const [, slash = '', name = ''] = /^<(\/?)([a-z][a-z0-9]{0,15})/i.exec(html.slice(open, open + 18)) ?? [];
    const tag = name.toLowerCase();
    if (hiddenIn !== '') {
      if (slash !== '' && tag === hiddenIn) hiddenIn = '';
    } else if (HIDDEN.has(tag) && slash === '') hiddenIn = tag;
    else if (BREAKS.has(tag)) out.push('\n');
  }
  return resolve(out.join(''))
    .replace(/[ \t\f\v]+/g, ' ')
    .replace(/ ?\n[ \n]*/g, '\n')
    .trim();
}

function resolve(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return NAMED[String(name).toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : '\ufffd';
  });
}
