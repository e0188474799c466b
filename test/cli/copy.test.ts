import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { exportDocuments } from '../../src/notes/desk/export.js';
import { lockFolder } from '../../src/system/folder-lock.js';
import { command } from '../support/command-line.js';
import { StoreSite } from '../support/store-site.js';
import { storedMapping, storedPerson } from '../support/stored-documents.js';

let from: StoreSite;
let to: StoreSite;
beforeEach(() => {
  from = new StoreSite('old');
  to = new StoreSite('new');
});
afterEach(() => {
  from.remove();
  to.remove();
});

const copy = (...more: readonly string[]) => command('copy', '--from', from.config, '--to', to.config, ...more);

async function bridges(): Promise<readonly unknown[]> {
  const driver = await to.open();
  const found = await exportDocuments(driver, ['Presence']);
  await driver.close();
  return found.map(({ items }) => items['Bridge']);
}

describe('copy', () => {
  test("fills the other store once, under its bridge's name", async () => {
    await from.holds(
      storedPerson('sip:ana.reyes@contoso.example', 'CN=Ana Reyes/OU=Sales/O=Contoso'),
      storedMapping('CN=Ana Reyes/OU=Sales/O=Contoso', 'sip:ana.reyes@contoso.example'),
    );
    const first = await copy();
    expect([first.code, first.out]).toMatchObject([0, expect.stringContaining(`From ${from.store}\nTo   ${to.store}`)]);
    expect(first.out).toMatch(/^People +1 +1 +0 +0 +0$/m);
    expect(first.out).toMatch(/^Mappings +1 +1 +0 +0 +0$/m);
    const second = await copy();
    expect([second.code, second.out]).toMatchObject([0, expect.stringMatching(/^People +1 +0 +1 +0 +0$/m)]);
    expect(await bridges()).toEqual(['new']);
  });

  test('copies from a store whose bridge runs', async () => {
    await from.holds(storedPerson('sip:ana.reyes@contoso.example'));
    const owner = await from.open();
    const { code } = await copy().finally(() => owner.close());
    expect([code, await bridges()]).toEqual([0, ['new']]);
  });

  test('--dry-run says what it would write, and leaves no trace', async () => {
    await from.holds(storedPerson('sip:ana.reyes@contoso.example'));
    const { code, out } = await copy('--dry-run');
    expect([code, out.includes('Nothing was written')]).toEqual([0, true]);
    expect(out).toMatch(/would write/);
    expect(await bridges()).toEqual([]);
  });

  test('names whom it left out, in words and as JSON', async () => {
    await from.holds(storedPerson('no address', undefined, { DisplayName: 'Ghost' }));
    expect((await copy()).out).toMatch(/^left out +Presence [0-9A-F]{32} \(Ghost\): it has no readable address$/m);
    expect(JSON.parse((await copy('--json')).out)).toMatchObject({
      ok: true,
      dryRun: false,
      forms: { Presence: { found: 1, written: 0, leftOut: 1 } },
      leftOut: [{ form: 'Presence', who: 'Ghost', reason: 'it has no readable address' }],
    });
  });

  test('refuses a store as its own target', async () => {
    const { code, err } = await command('copy', '--from', from.config, '--to', from.config);
    expect([code, err]).toMatchObject([64, expect.stringContaining('are the same store')]);
  });

  test("waits until the target's bridge is stopped", async () => {
    await from.holds(storedPerson('sip:ana.reyes@contoso.example'));
    const lock = lockFolder(to.stateFolder);
    const { code, err } = await copy();
    if (lock.taken) lock.release();
    expect([code, err]).toMatchObject([73, expect.stringContaining('stop it while documents are copied')]);
    expect(await bridges()).toEqual([]);
  });

  test('ends with 78 for documents of a newer bridge', async () => {
    await from.holds(storedPerson('sip:ana.reyes@contoso.example', undefined, { SchemaVersion: 99 }));
    const { code, err } = await copy();
    expect([code, err]).toMatchObject([78, expect.stringContaining('NOTES_SCHEMA')]);
  });
});
