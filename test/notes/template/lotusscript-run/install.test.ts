import { describe, expect, test } from 'vitest';
import { installFiles } from '../../../../src/notes/template/source/install.js';
import { MemoryDatabase } from '../../../support/lotusscript/notes/memory-database.js';
import { NotesWorld, type WorldOptions } from '../../../support/lotusscript/notes/world.js';
import { readScript, runScript } from '../../../support/lotusscript/run.js';
import { builtDxl, treeOf } from '../../../support/template.js';

const DXL = builtDxl('en');
const PATH = 'C:\\presence-en.dxl';
const TEMPLATE = treeOf(DXL).attributes.get('templatename') ?? '';
const FACTS = { language: 'en', version: '1.2.3', title: 'Presence', template: TEMPLATE };
const [SCRIPT] = installFiles('nsf-templates/install', FACTS, ['lotusscript']);

/** Runs the agent as an administrator would, with that file picked; gives what was said and the world. */
async function install(options: Partial<WorldOptions> = {}, ...more: readonly MemoryDatabase[]): Promise<NotesWorld> {
  const world = new NotesWorld({
    databases: [new MemoryDatabase({ file: 'any.nsf' }), ...more],
    files: { [PATH]: DXL },
    chosenFile: PATH,
    inputs: ['', 'presence.ntf'],
    ...options,
  });
  return runScript({ dxl: DXL, world, script: readScript(SCRIPT?.text ?? '') });
}

/** A template that is there already. */
function installed(): MemoryDatabase {
  const db = new MemoryDatabase({ file: 'presence.ntf', title: 'Presence of ours', documents: [{ Form: 'Presence' }] });
  db.templateName = TEMPLATE;
  return db;
}

describe('the agent that installs the template', () => {
  test('makes the template, with its properties and access list, and signs it', async () => {
    const world = await install();
    const [run] = world.imports;
    expect(run?.dxl).toBe(DXL);
    expect(run?.options).toMatchObject({
      designimportoption: 6,
      aclimportoption: 5,
      replacedbproperties: true,
      replicarequiredforreplaceorupdate: false,
      documentimportoption: 2,
      exitonfirstfatalerror: true,
    });
    const made = world.database('', 'presence.ntf');
    expect([made?.templateName, made?.signed]).toEqual([TEMPLATE, [32_767]]);
    expect([...(made?.granted ?? [])]).toEqual([[world.userName, 6]]);
    expect(made?.view('LookUpByName')).toBeDefined();
    expect(world.printed).toEqual([
      expect.stringMatching(/^\d+ design elements imported into presence\.ntf\.$/),
      'presence.ntf is signed by Signer.',
    ]);
  });

  test('an upgrade replaces design alone: title, access list and documents are those of the site', async () => {
    const db = installed();
    const world = await install({}, db);
    expect(world.imports[0]?.options).toMatchObject({
      designimportoption: 6,
      aclimportoption: 1,
      replacedbproperties: false,
    });
    expect([db.title, db.documents()]).toMatchObject(['Presence of ours', [{ items: { Form: 'Presence' } }]]);
    expect(world.imports[0]?.database).toBe(db);
    expect(db.granted.size).toBe(0);
  });

  test('refuses a database that is not the template', async () => {
    const db = new MemoryDatabase({ file: 'presence.ntf', title: 'Orders' });
    const world = await install({}, db);
    expect(world.imports).toEqual([]);
    expect(world.printed).toEqual([
      expect.stringContaining(`presence.ntf is not the template ${TEMPLATE} but 'Orders'`),
    ]);
  });

  test('does nothing when the dialog is cancelled', async () => {
    const world = await install({ chosenFile: undefined });
    expect([world.imports, world.printed]).toEqual([[], []]);
  });

  test('tells what the importer says when the import fails, and what to delete, and does not sign', async () => {
    const world = await install({ importFault: () => 'line 7: unknown token' });
    expect(world.printed).toEqual([
      expect.stringMatching(/DXL importer operation failed\n.*line 7: unknown token[\s\S]*Delete the new file/),
    ]);
    expect(world.database('', 'presence.ntf')?.signed).toEqual([]);
  });
});
