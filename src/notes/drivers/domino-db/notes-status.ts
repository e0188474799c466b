import type { ErrorCode } from '../../../presence/errors.js';

/**
 * Status numbers of Notes that say more than the code of the module beside them: those of the C API, which Proton passes
 * on in the cause of an error. Package OS begins at 256, package NSF at 512.
 *
 * How certain: only 3849 was ever seen coming from Proton. The numbers and texts are those of the C API, stable since
 * Release 5; that Proton passes each of them on is a guess, and so nothing else depends on it.
 */
const BY_STATUS: ReadonlyMap<number, ErrorCode> = new Map([
  // File or disk is read-only.
  [258, 'NOTES_READ_ONLY'],
  // File does not exist.
  [259, 'NOTES_NOT_FOUND'],
  // Insufficient disk space.
  [262, 'NOTES_FULL'],
  // Document has been deleted.
  [549, 'NOTES_NOT_FOUND'],
  // Invalid or nonexistent document.
  [551, 'NOTES_NOT_FOUND'],
  // Database is in use by another user.
  [553, 'NOTES_READ_ONLY'],
  // Database space exhausted.
  [565, 'NOTES_FULL'],
  // Not authorized to perform that operation.
  [582, 'NOTES_FORBIDDEN'],
  // Not authorized to access that database.
  [587, 'NOTES_FORBIDDEN'],
  // Not listed as an allowable author of this document.
  [590, 'NOTES_FORBIDDEN'],
  // Database is being replicated or copied.
  [614, 'NOTES_READ_ONLY'],
  // Database has grown too large.
  [645, 'NOTES_FULL'],
  // The connection to the server dropped.
  [673, 'NOTES_UNREACHABLE'],
  // Not while the database is being compacted.
  [678, 'NOTES_READ_ONLY'],
  // File not found, or not a Notes database.
  [693, 'NOTES_NOT_FOUND'],
  // Maximum size of a storage container.
  [708, 'NOTES_FULL'],
  // Compact must finish before use.
  [716, 'NOTES_READ_ONLY'],
  // The database is locally protected, and this identity is not allowed.
  [760, 'NOTES_FORBIDDEN'],
  // The disk quota would be exceeded.
  [766, 'NOTES_FULL'],
]);

/** Status with which a search says that it found nothing because the database has no documents. */
export const NO_DOCUMENTS_STATUS = 572;

/**
 * The same by what is said, for answers that hold a text alone, as `@error` of a document may. English, the language of
 * these texts on servers; no text of a designer's own form validation should be taken for one of them.
 */
const BY_TEXT: readonly (readonly [RegExp, ErrorCode])[] = [
  [/\b(exceed\w*|over) its disk quota\b|\bdatabase space exhausted\b|^insufficient disk space\b/i, 'NOTES_FULL'],
  [/^database \([^)]*\) has grown too large\b|^maximum size of a storage container reached\b/i, 'NOTES_FULL'],
  [/\(file or disk is read-only\)|\bdatabase is being compacted\b/i, 'NOTES_READ_ONLY'],
  [/^database is currently (being replicated or copied|in use by)\b/i, 'NOTES_READ_ONLY'],
  [/^you are not authorized to (perform that operation|access that database)\b/i, 'NOTES_FORBIDDEN'],
  [/\bnot listed as an allowable author\b/i, 'NOTES_FORBIDDEN'],
  [/^(file does not exist|file not found or not a notes database)\b/i, 'NOTES_NOT_FOUND'],
  [/^(document has been deleted|invalid or nonexistent document)\b/i, 'NOTES_NOT_FOUND'],
];

/** What a status number of Notes or, without a known one, the text beside it means to us. */
export function codeOfNotesStatus(status: number | undefined, text: string): ErrorCode | undefined {
  return (
    (status === undefined ? undefined : BY_STATUS.get(status)) ?? BY_TEXT.find(([pattern]) => pattern.test(text))?.[1]
  );
}
