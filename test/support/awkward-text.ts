import fc from 'fast-check';

const PIECES = [
  'a',
  'B',
  ' ',
  "'",
  'é',
  'e',
  '\u0301',
  'ß',
  '東',
  '👋',
  '\ud800',
  '\0',
  '\n',
  '\u202e',
  '[<',
  '>]',
  '[',
  '<',
];

/** Text of all that has ever made trouble: quotes, accents, halves of characters, control marks, HTML brackets. */
export const awkwardText: fc.Arbitrary<string> = fc.string({ unit: fc.constantFrom(...PIECES) });
