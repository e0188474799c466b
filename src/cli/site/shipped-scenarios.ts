import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readScenario } from '../../ocs/simulator/scenario/scenario-file.js';
import type { Scenario } from '../../ocs/simulator/scenario/step.js';
import { BridgeError } from '../../presence/errors.js';

const EXTENSION = '.yaml';
const FOLDER = new URL('../../../docs/guide/scenarios/', import.meta.url);

/** The scenarios that come with the package, by name. */
export function shippedScenarios(): readonly { readonly name: string; readonly scenario: Scenario }[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(EXTENSION))
    .sort()
    .map((file) => ({ name: basename(file, EXTENSION), scenario: read(fileURLToPath(new URL(file, FOLDER))) }));
}

/** A scenario by file name, or by the name of one that comes with the package. Throws `SIM_SCENARIO`. */
export function findScenario(name: string): { readonly file: string; readonly scenario: Scenario } {
  const isWord = /^[a-z0-9-]{1,64}$/.test(name);
  const shipped = fileURLToPath(new URL(`${isWord ? name : 'none'}${EXTENSION}`, FOLDER));
  const file = !existsSync(name) && isWord && existsSync(shipped) ? shipped : name;
  return { file, scenario: read(file) };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EISDIR: 'is a folder',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'is not UTF-8 text',
};

function read(file: string): Scenario {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const reason = REASONS[code ?? ''] ?? `cannot be read: ${code}`;
    throw new BridgeError(
      'SIM_SCENARIO',
      `${file} ${reason}; --list-scenarios shows those that come with the package`,
      {
        cause,
      },
    );
  }
  return readScenario(file, text);
}
