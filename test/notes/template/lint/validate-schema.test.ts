import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkTemplate } from '../../../../src/notes/template/lint/check.js';
import { validateAgainstSchemas } from '../../../../src/notes/template/lint/validate-schema.js';
import { sharedPath, skippedWithoutShared } from '../../../support/shared.js';
import { builtDxl, TEMPLATE_FOLDER } from '../../../support/template.js';

describe.skipIf(skippedWithoutShared('the template against the DXL schemas'))('DXL schemas', () => {
  test.each(['en', 'de'])('the %s template is valid, and the lint is content', async (language) => {
    const { findings, checked } = await checkTemplate({
      folder: TEMPLATE_FOLDER,
      language,
      schemas: sharedPath('dxl'),
    });
    expect(findings).toEqual([]);
    expect(checked).toMatch(/\d+ design elements, validated against .*\.dtd.*\.xsd/);
  });

  test('an attribute that does not exist is found in XSD and DTD, with element and line', async () => {
    const dxl = builtDxl().replace("showasicons='true'", "showasicon='true'");
    const line = dxl.slice(0, dxl.indexOf("showasicon='true'")).split('\n').length;
    const outcome = await validateAgainstSchemas(dxl, sharedPath('dxl'));
    if (outcome.status !== 'checked') throw new Error(outcome.reason);
    const found = outcome.findings.filter((finding) => finding.message.includes('showasicon'));
    expect(found.length).toBeGreaterThanOrEqual(outcome.schemas.length);
    expect(new Set(found.map(({ element, rule }) => `${element} ${rule}`))).toEqual(
      new Set(['sharedcolumn OutOfOfficeMark schema']),
    );
    expect(found.map((finding) => finding.line)).toContain(line);
  });
});

describe('validateAgainstSchemas', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'schemas-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('a folder without schemas is refused', async () => {
    await expect(validateAgainstSchemas('<a/>', folder)).rejects.toThrow('there is no .xsd and no .dtd file');
  });

  test('a folder that is not there is refused', async () => {
    await expect(validateAgainstSchemas('<a/>', join(folder, 'nowhere'))).rejects.toThrow('cannot be read');
  });

  test('without the program the outcome says so', async () => {
    writeFileSync(join(folder, 'x.dtd'), '<!ELEMENT a EMPTY>');
    const path = process.env['PATH'];
    process.env['PATH'] = folder;
    try {
      const outcome = await validateAgainstSchemas('<a/>', folder);
      expect(outcome).toEqual({ status: 'skipped', reason: 'the program xmllint is not installed' });
    } finally {
      process.env['PATH'] = path;
    }
  });
});
