const MAX_LENGTH = 200;

/** Controls, and what turns the direction of all that follows: somebody's note must not read as our own words. */
const UNWANTED = /[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]+/gu;

/** Somebody's own words on one line, isolated from the text around them (Unicode UAX #9, FSI and PDI). */
export function plainText(text: string): string {
  const line = text
    .replaceAll(UNWANTED, ' ')
    .replaceAll(/\p{Cs}/gu, '\uFFFD')
    .trim();
  if (line === '') return '';
  const characters = [...line];
  const cut = characters.length > MAX_LENGTH ? `${characters.slice(0, MAX_LENGTH).join('')}…` : line;
  return `\u2068${cut}\u2069`;
}
