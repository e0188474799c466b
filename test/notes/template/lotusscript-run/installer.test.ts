import { describe, expect, test } from 'vitest';
import { dxlNames, installFiles } from '../../../../src/notes/template/install.js';
import { checkScript } from '../../../../src/notes/template/lotusscript/check.js';
import { scriptSections } from '../../../../src/notes/template/script-sections.js';
import { MemoryDatabase } from '../../../support/lotusscript/notes/memory-database.js';
import { NotesWorld, type WorldOptions } from '../../../support/lotusscript/notes/world.js';
import { readScript, runScript } from '../../../support/lotusscript/run.js';
import { builtDxl } from '../../../support/template.js';

const DXL = dxlNames('en').template;
const FACTS = { language: 'en', version: '0.1.0', title: 'Presence', template: 'NotesPresenceBridge-en' };
const text = installFiles('nsf-templates/install', FACTS, ['lotusscript'])[0]?.text ?? '';
const script = readScript(text);

function run(options: Partial<WorldOptions> & { answers?: readonly string[] } = {}): Promise<NotesWorld> {
  const { answers = ['domino01/Contoso', 'presence.ntf'], ...rest } = options;
  const own = new MemoryDatabase({ file: 'any.nsf' });
  const world = new NotesWorld({
    databases: [own],
    files: { [DXL]: builtDxl('en') },
    chosenFile: DXL,
    inputs: answers,
    ...rest,
  });
  return runScript({ script, dxl: builtDxl('en'), world });
}

describe('the agent that installs the template', () => {
  test('is sound LotusScript', () => {
    const sections = scriptSections(text).map((section) => ({ ...section, text: section.lines.join('\n') }));
    expect(checkScript(sections, () => undefined)).toEqual([]);
  });

  test('makes the database, takes properties and access list, imports, and signs', async () => {
    const world = await run();
    const made = world.databases.find(({ file }) => file === 'presence.ntf');
    expect(made).toMatchObject({ server: 'domino01/Contoso', templateName: 'NotesPresenceBridge-en' });
    expect(world.imports.map(({ options }) => options)).toMatchObject([
      {
        aclimportoption: 5,
        designimportoption: 6,
        replacedbproperties: true,
        replicarequiredforreplaceorupdate: false,
      },
    ]);
    expect(world.printed).toEqual([
      expect.stringMatching(/^\d+ design elements imported into presence\.ntf\.$/),
      'presence.ntf is signed by Signer.',
    ]);
  });

  test('replaces nothing but design elements in a template that is there', async () => {
    const there = new MemoryDatabase({ file: 'presence.ntf', documents: [{ Form: 'Presence' }] });
    there.templateName = FACTS.template;
    const world = await run({ databases: [there], answers: ['', 'presence.ntf'] });
    expect(world.imports.map(({ options }) => options)).toMatchObject([
      { aclimportoption: 1, designimportoption: 6, replacedbproperties: false },
    ]);
    expect(world.databases).toHaveLength(1);
  });

  test('leaves a database that is something else alone', async () => {
    const mail = new MemoryDatabase({ file: 'mail.nsf', title: 'Mail of Ana' });
    mail.templateName = 'StdR85Mail';
    const world = await run({ databases: [mail], answers: ['', 'mail.nsf'] });
    expect(world.imports).toEqual([]);
    expect(world.printed.join()).toContain("mail.nsf is not the template NotesPresenceBridge-en but 'Mail of Ana'");
  });

  test('shows the log of an import that failed, and signs nothing', async () => {
    const world = await run({ importFault: () => 'element <fancy> is unknown' });
    expect(world.printed.join()).toContain('element <fancy> is unknown');
    expect(world.printed.join()).not.toContain('is signed');
  });

  test.each([
    ['no file is chosen', { chosenFile: undefined }],
    ['no database is named', { answers: ['', ''] }],
  ])('does nothing when %s', async (_, change) => {
    const world = await run(change as Partial<WorldOptions>);
    expect([world.imports, world.printed]).toEqual([[], []]);
  });
});
