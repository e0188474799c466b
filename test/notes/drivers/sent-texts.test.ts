import { describe, expect, test } from 'vitest';
import { DominoDbDriver } from '../../../src/notes/drivers/domino-db/domino-db.js';
import type { DominoDatabase } from '../../../src/notes/drivers/domino-db/domino-db-surface.js';
import { textsOfQuery, withoutSecrets } from '../../../src/notes/drivers/sent-texts.js';
import type { Unid } from '../../../src/presence/ids.js';
import { SimulatedClock } from '../../support/simulated-clock.js';

describe('withoutSecrets', () => {
  const secret = `p&<w"'ö/ rd`;

  test('takes a secret out however it is written', () => {
    const forms = [secret, JSON.stringify(secret), 'p&amp;&lt;w&quot;&#39;ö/ rd', encodeURIComponent(secret)];
    expect(withoutSecrets(forms.join('|'), [secret])).toBe('...|"..."|...|...');
  });

  test('takes keys in PEM form out, whole or cut', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nMIIEcanary\n-----END PRIVATE KEY-----';
    expect(withoutSecrets(`bad ${key} and ${key.slice(0, 40)}`, [])).toBe('bad ... and ...');
  });

  test('takes the names in a query out, with quotes doubled or not', () => {
    const query = "FullName in ('CN=Liam O''Connor/O=Contoso')";
    expect(withoutSecrets("near CN=Liam O'Connor/O=Contoso", textsOfQuery(query))).toBe('near ...');
    expect(withoutSecrets("near CN=Liam O''Connor/O=Contoso", textsOfQuery(query))).toBe('near ...');
  });
});

describe('what domino-db repeats of a call', () => {
  const UNID = 'A'.repeat(32) as Unid;
  const ITEMS = { Form: 'Presence', PersonName: 'CN=Canary Surname/O=Contoso', Note: 'CanaryNote' };
  const REPEATED = 'refused: CN=Canary Surname/O=Contoso CanaryNote canary@contoso.example of form Presence';

  async function opened(database: Partial<DominoDatabase>): Promise<DominoDbDriver> {
    const server = { hostName: 'domino.contoso.example', connection: { port: '3002' } };
    const all = { bulkReadDocuments: async () => ({ documents: [], errors: 0 }), ...database } as DominoDatabase;
    const load = async () => ({ name: 'a', version: '1', useServer: async () => ({ useDatabase: async () => all }) });
    const driver = new DominoDbDriver({ kind: 'domino-db', load, server, filePath: 'a.nsf' }, new SimulatedClock());
    await driver.open();
    return driver;
  }

  test('is not in the error of a query', async () => {
    let isOpen = false;
    const driver = await opened({
      bulkReadDocuments: async () => {
        if (isOpen) throw Object.assign(new Error(REPEATED), { code: 'ERR_BAD_REQUEST' });
        isOpen = true;
        return { documents: [], errors: 0 };
      },
    });
    const query = "FullName = 'CN=Canary Surname/O=Contoso' or Note = 'CanaryNote' or X = 'canary@contoso.example'";
    await expect(driver.find({ query, itemNames: ['Form'] })).rejects.toMatchObject({
      message: 'refused: ... ... ... of form Presence',
    });
  });

  test('is not in errors of documents', async () => {
    const documents = [{ '@unid': UNID, '@error': { message: REPEATED } }];
    const answer = async () => ({ documents, errors: 1 });
    const driver = await opened({ bulkCreateDocuments: answer, bulkReplaceItemsByUnid: answer });
    const items = { ...ITEMS, SipAddress: 'canary@contoso.example' };
    const outcomes = [...(await driver.create([items])), ...(await driver.replaceItems([{ unid: UNID, items }]))];
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ error: { message: 'refused: ... ... ... of form Presence' } });
    }
  });
});
