import { decodeGif } from '../icons/gif-decode.js';
import { childrenOf, childText, descendants, type XmlElement } from '../xml-tree.js';
import { type Finding, finding } from './finding.js';
import { type LintModel, type LintSubject, subjectsOf } from './model.js';

/** Pixels of the longest side that a view's row takes without growing. */
const MAX_ICON_SIDE = 16;
const ICON_BYTES = 646;

/** Pictures: readable base64, a sound GIF with a transparent colour, a size that fits, words for a screen reader. */
export function lintImages(model: LintModel): Finding[] {
  const icons = iconNames(model);
  return [
    ...subjectsOf(model, 'imageresource').flatMap((subject) => lintImage(subject, icons)),
    ...subjectsOf(model, 'note').flatMap(lintRawItems),
  ];
}

/** Raw items of notes, such as the icon of the database: 6 bytes of head, 128 of mask, 512 of colours. */
function lintRawItems(subject: LintSubject): Finding[] {
  return [...descendants(subject.element)].flatMap((item) =>
    childrenOf(item, 'rawitemdata').flatMap((raw) => {
      const bytes = bytesOf(raw.text);
      const report = (message: string): Finding[] => [finding(subject, raw.line, 'image', message)];
      if (!bytes) return report('the base64 text is broken');
      if (item.attributes.get('name') !== 'IconBitmap' || bytes.length === ICON_BYTES) return [];
      return report(`the icon has ${bytes.length} bytes, not ${ICON_BYTES}`);
    }),
  );
}

function bytesOf(base64: string): Buffer | undefined {
  const text = base64.replace(/\s+/g, '');
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  return Buffer.from(text, 'base64');
}

/** Pictures that formulas of icon columns may name. */
function iconNames(model: LintModel): ReadonlySet<string> {
  const names = subjectsOf(model, 'view', 'folder').flatMap(({ element }) =>
    [...descendants(element)]
      .filter((column) => column.attributes.get('showasicons') === 'true')
      .flatMap((column) => [...descendants(column)])
      .flatMap((part) => [...part.text.matchAll(/"([^"]+\.gif)"/gi)].map((match) => match[1] ?? '')),
  );
  return new Set(names);
}

function lintImage(subject: LintSubject, icons: ReadonlySet<string>): Finding[] {
  const { element } = subject;
  const name = element.attributes.get('name') ?? '';
  const gif = childrenOf(element, 'gif')[0];
  const findings: Finding[] = [];
  const report = (line: number, message: string): void => {
    findings.push(finding(subject, line, 'image', message));
  };
  if (!/^[a-z0-9]+(-[a-z0-9]+)*\.gif$/.test(name)) {
    report(element.line, 'the name must be words with hyphens and end in ".gif": users and screen readers see it');
  }
  if (itemText(element, '$Comment') === '') report(element.line, 'the comment that says what it means is missing');
  if (!gif) {
    report(element.line, 'only GIF pictures are proven in view columns');
    return findings;
  }
  const data = bytesOf(gif.text);
  if (!data) {
    report(gif.line, 'the base64 text is broken');
    return findings;
  }
  const image = decodeGif(data);
  if (!image.ok) {
    report(gif.line, `this is no sound GIF: ${image.reason}`);
    return findings;
  }
  const { width, height, transparent } = image.value;
  if (icons.has(name) && Math.max(width, height) > MAX_ICON_SIDE) {
    report(gif.line, `an icon has at most ${MAX_ICON_SIDE} pixels a side, not ${width} by ${height}`);
  }
  if (icons.has(name) && transparent === undefined) report(gif.line, 'an icon needs a transparent colour: rows differ');
  const size = itemText(element, '$FileSize');
  if (size !== '' && Number(size) !== data.length)
    report(element.line, `$FileSize says ${size}, but there are ${data.length} bytes`);
  return findings;
}

function itemText(element: XmlElement, name: string): string {
  const item = childrenOf(element, 'item').find((child) => child.attributes.get('name') === name);
  return item ? childText(item, 'text') || childText(item, 'number') : '';
}
