import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { drawIcon } from '../../../../src/notes/template/icons/draw.js';
import { checkSource } from '../../../../src/notes/template/lint/check.js';
import { readTemplateSource, type TemplateSource } from '../../../../src/notes/template/source/source.js';
import { BridgeError } from '../../../../src/presence/errors.js';
import { TEMPLATE_FOLDER } from '../../../support/template.js';
import { DESIGN_FAULTS } from './planted/design-faults.js';
import { type PlantedFault, plant, withPicture } from './planted/fault.js';
import { FORMULA_FAULTS } from './planted/formula-faults.js';
import { SCRIPT_FAULTS } from './planted/script-faults.js';
import { STRUCTURE_FAULTS } from './planted/structure-faults.js';

const FAULTS: readonly PlantedFault[] = [...STRUCTURE_FAULTS, ...FORMULA_FAULTS, ...DESIGN_FAULTS, ...SCRIPT_FAULTS];

/** Files that are read into other shapes, so that their text is taken from the disk. */
const PARSED = ['Texts/en.json', 'Texts/de.json', 'Statuses.json'];

let source: TemplateSource;
let texts: ReadonlyMap<string, string>;
beforeAll(() => {
  source = readTemplateSource(TEMPLATE_FOLDER);
  texts = new Map(PARSED.map((path) => [path, readFileSync(join(TEMPLATE_FOLDER, path), 'utf8')]));
});

interface Found {
  readonly element?: string;
  readonly file: unknown;
  readonly line: unknown;
  readonly rule: string;
  readonly message: string;
}

/** Findings, or the one reason for which the template cannot be built. */
function findingsOf(edited: TemplateSource, language: string): readonly Found[] {
  try {
    return checkSource(edited, language);
  } catch (thrown) {
    if (!(thrown instanceof BridgeError) || thrown.code !== 'TEMPLATE_INVALID') throw thrown;
    const { file, line } = thrown.details;
    return [{ file, line: line ?? 1, rule: 'build', message: thrown.message }];
  }
}

describe('a mistake in the sources', () => {
  test.each(['en', 'de'] as const)('is not there as shipped (%s)', (language) => {
    expect(checkSource(source, language)).toEqual([]);
  });

  test('is planted in more than a hundred ways', () => {
    expect(new Set(FAULTS.map(({ title, file }) => `${file} ${title}`)).size).toBe(FAULTS.length);
    expect(FAULTS.length).toBeGreaterThan(100);
  });

  test.each(FAULTS)('is found: $title', (fault) => {
    const planted = plant(source, texts, fault);
    const found = findingsOf(planted.source, fault.language ?? 'en');
    const wanted = found.find(
      ({ rule, message, file, line }) =>
        rule === fault.rule && fault.reason.test(message) && file === planted.file && line === planted.line,
    );
    expect(wanted, `${planted.file}:${planted.line}\n${JSON.stringify(found, null, 1)}`).toBeDefined();
    if (fault.rule !== 'build') expect(wanted?.element).toBe(fault.element);
  });

  test.each([
    ['cut off', drawIcon({ body: 'round', tone: 'green' }).subarray(0, 40), /no sound GIF/],
    [
      'that is no GIF',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16"/>'),
      /does not begin like a GIF/,
    ],
  ])('is found: a picture %s', (_, data, reason) => {
    const name = 'presence-extra.gif';
    const [first, ...more] = findingsOf(withPicture(source, name, data), 'en');
    expect(first).toMatchObject({
      element: `imageresource ${name}`,
      file: `Resources/Images/${name}.metadata`,
      line: 1,
      rule: 'image',
      message: expect.stringMatching(reason),
    });
    expect(more).toEqual([]);
  });
});
