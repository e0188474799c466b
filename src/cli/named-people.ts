import { createReadStream } from 'node:fs';
import { MAX_ASKED, MAX_QUERY_BODY } from '../bridge/api/people/query-schemas.js';
import { BridgeError } from '../presence/errors.js';
import type { CliIo } from './io.js';
import { readInput } from './read-input.js';

type Source = (io: CliIo) => Promise<string>;

/**
 * Everybody who is named, in the order of the command line, those of the file last; `-` is standard input in both. Throws
 * `CLI_USAGE`.
 */
export async function namedPeople(
  who: readonly string[],
  file: string | undefined,
  io: CliIo,
): Promise<readonly string[]> {
  const places = [...who.map((one) => (one === '-' ? fromInput : one)), ...fileOf(file)];
  if (places.filter((place) => place === fromInput).length > 1) {
    throw new BridgeError('CLI_USAGE', 'Standard input can be read only once.');
  }
  const people: string[] = [];
  for (const place of places) {
    if (typeof place === 'string') people.push(place);
    else people.push(...linesOf(await place(io)));
  }
  if (people.length > MAX_ASKED) {
    throw new BridgeError('CLI_USAGE', `${people.length} people are named; at most ${MAX_ASKED} may be.`);
  }
  return people;
}

const fromInput: Source = (io) => io.input(MAX_QUERY_BODY);

function fileOf(file: string | undefined): readonly Source[] {
  if (file === undefined) return [];
  return [file === '-' ? fromInput : () => readNames(file)];
}

async function readNames(file: string): Promise<string> {
  try {
    return await readInput(createReadStream(file), MAX_QUERY_BODY, file);
  } catch (cause) {
    if (cause instanceof BridgeError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new BridgeError('CLI_USAGE', `the file ${file} cannot be read: ${code}`, { cause });
  }
}

/** Lines that say something. Editors of Windows begin a file with a byte order mark. */
function linesOf(text: string): readonly string[] {
  return text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
