import { expect, test } from 'vitest';
import { MemoryDatabase } from '../../support/lotusscript/notes/memory-database.js';
import { NotesWorld } from '../../support/lotusscript/notes/world.js';
import { runAgent } from '../../support/lotusscript/run.js';
import { beatDocument, personDocument } from '../../support/presence-documents.js';
import { builtDxl } from '../../support/template.js';

const DXL = builtDxl('en');

async function shown(input: string): Promise<string> {
  const ana = personDocument({ address: 'sip:ana@contoso.example', name: 'CN=Ana Reyes/O=Contoso', status: 'away' });
  const presence = new MemoryDatabase({ file: 'presence.nsf', dxl: DXL, documents: [beatDocument(), ana] });
  const world = new NotesWorld({ databases: [presence], inputs: [input] });
  return (await runAgent({ dxl: DXL, world, agent: 'SampleQuery' })).printed.join('\n');
}

test('agent SampleQuery shows what is known of the names that somebody gives', async () => {
  const words = await shown(' Ana Reyes, nobody@contoso.example;');
  expect(words).toContain('Ana Reyes: Away (as of 0 minutes ago)');
  expect(words).toContain('nobody@contoso.example: Unknown - The bridge watches nobody of this name.');
});

test('agent SampleQuery says nothing when nobody is given', async () => {
  expect(await shown('  ')).toBe('');
});
