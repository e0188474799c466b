import { describe, expect, test } from 'vitest';
import { validateAgainstSchemas } from '../../../../src/notes/template/lint/validate-schema.js';
import { buildFromSource, locate } from '../../../../src/notes/template/source/build.js';
import { readTemplateSource } from '../../../../src/notes/template/source/source.js';
import { sharedPath, skippedWithoutShared } from '../../../support/shared.js';
import { TEMPLATE_FOLDER } from '../../../support/template.js';
import { plant } from './planted/fault.js';
import { SCHEMA_FAULTS } from './planted/schema-faults.js';

describe.skipIf(skippedWithoutShared('mistakes that only the DXL schemas see'))('a mistake against the schemas', () => {
  test.each(SCHEMA_FAULTS)('is found: $title', async (fault) => {
    const planted = plant(readTemplateSource(TEMPLATE_FOLDER), new Map(), fault);
    const built = buildFromSource(planted.source, 'en');
    const outcome = await validateAgainstSchemas(built.dxl, sharedPath('dxl'));
    if (outcome.status !== 'checked') throw new Error(outcome.reason);
    const places = outcome.findings
      .filter(
        ({ element, rule, message }) => element === fault.element && rule === fault.rule && fault.reason.test(message),
      )
      .map(({ line }) => locate(built, line));
    expect(places).toContainEqual({ file: planted.file, line: planted.line });
  });
});
