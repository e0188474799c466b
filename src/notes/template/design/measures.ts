/** A length in CSS pixels, of which an inch has 96, or a part of the place there is. */
export type Length = { readonly px: number } | { readonly percent: number };

/** CSS pixels of the units of DXL; an `ex` is half a line of ordinary text. */
const UNITS: Readonly<Record<string, number>> = {
  in: 96,
  cm: 96 / 2.54,
  mm: 96 / 25.4,
  pt: 96 / 72,
  pc: 16,
  px: 1,
  ex: 7,
};

/** Nothing on a screen is longer; what claims to be is not believed. */
const LONGEST = 10_000;

/** Reads `1.5in`, `13px`, `100%`; nothing when it is no length. */
export function lengthOf(text: string | undefined): Length | undefined {
  const [, digits, unit = 'px'] = /^(-?\d{0,6}(?:\.\d{1,6})?)(in|cm|mm|pt|pc|px|ex|%)?$/.exec(text?.trim() ?? '') ?? [];
  const value = digits === undefined || digits === '' ? Number.NaN : Number(digits);
  if (!(Math.abs(value) <= LONGEST)) return undefined;
  if (unit === '%') return { percent: value };
  const px = value * (UNITS[unit] ?? 1);
  return Math.abs(px) <= LONGEST ? { px: Math.round(px * 100) / 100 } : undefined;
}

/** Pixels of a length; nothing for a percentage. */
export function pixelsOf(text: string | undefined): number | undefined {
  const length = lengthOf(text);
  return length && 'px' in length ? length.px : undefined;
}

/** Top, right, bottom and left of `1px 2px`: one to four lengths in pixels, as in CSS. */
export function edgesOf(text: string | undefined): readonly [number, number, number, number] {
  const list = (text ?? '').split(/\s+/).map((entry) => pixelsOf(entry) ?? 0);
  const [top = 0, right = top, bottom = top, left = right] = list;
  return [top, right, bottom, left];
}

const COLOURS: Readonly<Record<string, string>> = {
  aqua: '#00ffff',
  black: '#000000',
  blue: '#0000ff',
  fuchsia: '#ff00ff',
  gray: '#808080',
  green: '#008000',
  lime: '#00ff00',
  maroon: '#800000',
  navy: '#000080',
  olive: '#808000',
  purple: '#800080',
  red: '#ff0000',
  silver: '#c0c0c0',
  teal: '#008080',
  white: '#ffffff',
  yellow: '#ffff00',
};

/** `#rrggbb` in lower case; nothing for `none`, `system` and what is no colour. */
export function colourOf(text: string | undefined): string | undefined {
  const word = (text ?? '').toLowerCase();
  if (/^#[0-9a-f]{6}$/.test(word)) return word;
  return Object.hasOwn(COLOURS, word) ? COLOURS[word] : undefined;
}
