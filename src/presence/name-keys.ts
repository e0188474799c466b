import type { NotesName } from './ids.js';

/** `Ana Reyes/Sales/Contoso`, as Notes shows it. */
export function abbreviated(name: NotesName): string {
  return name
    .split('/')
    .map((part) => part.slice(part.indexOf('=') + 1))
    .join('/');
}

/**
 * A name as it is compared: upper and lower case, and composed and decomposed letters make no difference; accents and ß
 * do, since Müller and Muller, Weiß and Weiss are two people each.
 */
export function foldName(text: string): string {
  // One letter with two small forms.
  return text.toLowerCase().replaceAll('ς', 'σ').normalize('NFC');
}
