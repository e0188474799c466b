import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/bridge/runtime/system.js';
import type { FoundDocument } from '../../src/notes/driver.js';
import { DominoRestDriver } from '../../src/notes/drivers/domino-rest/domino-rest.js';
import { probeDominoRest } from '../../src/notes/drivers/domino-rest/probe.js';
import { FORMS, PERSON_ITEMS as ITEM } from '../../src/notes/fields.js';
import { textOf } from '../../src/notes/item-access.js';
import type { Items } from '../../src/notes/item-value.js';
import { parseUnid, type Unid } from '../../src/presence/ids.js';
import { type Judge, startJudge, whyNoJudge } from '../support/openapi-judge.js';
import { REST_PASSWORD, REST_USER, RestServer } from '../support/rest-server.js';
import { shared, sharedPath } from '../support/shared.js';
import { silentLog } from '../support/silent-log.js';

/**
 * Where what happens differs from the published document, and why that is right. Nothing else is let pass.
 */
const DEVIATIONS: readonly { readonly says: RegExp; readonly because: string }[] = [
  {
    says: /^Violation: response\.body\.@meta Response body property @meta must have required property 'Form'$/,
    because: "the document's own examples of @meta have no Form there either",
  },
  {
    says: /^Violation: response Unable to match the returned status code with those defined in the document: 200,400,403,500,501$/,
    because: 'PATCH lists neither 401, which every call can meet, nor what an unknown or changed document is',
  },
];

const reason = shared === undefined ? 'no shared test material; set PRESENCE_SHARED' : whyNoJudge();
const suite = reason === undefined ? describe : describe.skip;
const NOBODY = 'F'.repeat(32) as Unid;

const DOCUMENT = sharedPath('reference', 'openapi', 'drapi-basis.json');
const login = { kind: 'password', user: REST_USER, password: REST_PASSWORD } as const;

function driverAt(url: string): DominoRestDriver {
  return new DominoRestDriver({ url, scope: 'presence', login, parallel: 4 }, { clock: systemClock, log: silentLog });
}

const person = (key: string, items: Items = {}): Items => ({
  [ITEM.form]: FORMS.person,
  [ITEM.key]: key,
  [ITEM.name]: { type: 'text', data: `CN=${key}/O=Contoso`, names: true },
  [ITEM.otherNames]: { type: 'text', data: '', names: true },
  [ITEM.status]: 'available',
  [ITEM.rank]: 1,
  [ITEM.activity]: '',
  [ITEM.since]: { type: 'datetime', data: '2026-01-05T09:30:00Z' },
  [ITEM.observedAt]: '',
  ...items,
});

suite(`requests and answers as the published document says${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  let server: RestServer;
  let judge: Judge;
  let driver: DominoRestDriver;

  beforeEach(async () => {
    server = new RestServer();
    judge = await startJudge(DOCUMENT, await server.start());
    driver = driverAt(judge.url);
    await driver.open();
  });

  afterEach(async () => {
    await driver.close();
    await judge.close();
    await server.stop();
  });

  const unexpected = (): readonly string[] =>
    judge.violations.filter((text) => !DEVIATIONS.some(({ says }) => says.test(text)));
  const create = async (...documents: readonly Items[]): Promise<readonly Unid[]> =>
    (await driver.create(documents)).map((outcome) => (outcome.ok ? outcome.unid : NOBODY));
  const find = (): Promise<readonly FoundDocument[]> =>
    driver.find({ query: `Form = '${FORMS.person}'`, itemNames: Object.values(ITEM) });

  test('a document lives from creation to deletion', async () => {
    const unids = await create(person('ana'), person('ben'));
    const found = await find();
    expect(found.map(({ unid }) => unid)).toEqual(unids);
    const changes = found.map(({ unid, revision = '' }) => ({ unid, revision, items: person('cleo') }));
    expect((await driver.replaceItems(changes)).map(({ ok }) => ok)).toEqual([true, true]);
    const read = await driver.read(unids, [ITEM.key]);
    expect(read.map((document) => document && textOf(document.items, ITEM.key))).toEqual(['cleo', 'cleo']);
    expect((await driver.remove(unids)).map(({ ok }) => ok)).toEqual([true, true]);
    expect(await find()).toEqual([]);
    await driver.close();
    expect(server.count('/auth/logout')).toBe(1);
    expect(unexpected()).toEqual([]);
  });

  test('refusals have the shape of the document', async () => {
    const [unid = NOBODY] = await create(person('ana'));
    server.tokens.clear();
    await driver.replaceItems([
      { unid: NOBODY, items: { [ITEM.rank]: 1 } },
      { unid, revision: 'old', items: { [ITEM.rank]: 1 } },
      { unid, items: { Unknown: 'x' } },
    ]);
    await driver.read([unid, NOBODY], [ITEM.key]);
    await driver.remove([unid, NOBODY]);
    await expect(driver.find({ query: 'no query', itemNames: [] })).rejects.toMatchObject({
      code: 'NOTES_BAD_REQUEST',
    });
    server.faults.begin({ kind: 'acl-denied', what: 'everything' });
    await expect(find()).rejects.toMatchObject({ code: 'NOTES_FORBIDDEN' });
    expect(unexpected()).toEqual([]);
  });

  test('the check of the prerequisites asks nothing but what the document has', async () => {
    const steps = await probeDominoRest(
      { url: judge.url, scope: 'presence', login, parallel: 4 },
      { clock: systemClock, log: silentLog },
    );
    expect(steps.map(({ outcome }) => outcome)).not.toContain('fail');
    expect(unexpected()).toEqual([]);
  });

  test('every deviation that is let pass still happens', async () => {
    const [unid = NOBODY] = await create(person('ana'));
    await driver.replaceItems([
      { unid, items: { [ITEM.rank]: 1 } },
      { unid: NOBODY, items: { [ITEM.rank]: 1 } },
    ]);
    for (const { says } of DEVIATIONS) expect(judge.violations.some((text) => says.test(text))).toBe(true);
  });

  test('a request or an answer that does not fit is noticed', async () => {
    await fetch(`${judge.url}/api/v1/query?dataSource=presence`, { method: 'POST' });
    expect(unexpected().length).toBeGreaterThan(0);
    const before = judge.violations.length;
    const [unid = NOBODY] = await create(person('ana'));
    server.faults.bend = ({ path }, json) => (path === '/query' ? { rows: json } : { Form: 7 });
    await find().catch(() => {});
    await driver.replaceItems([{ unid, items: { [ITEM.rank]: 1 } }]);
    expect(judge.violations.slice(before).join()).toMatch(/must be array.*must be string/);
  });
});

suite(`examples of the published document${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  let judge: Judge;
  let driver: DominoRestDriver;

  beforeAll(async () => {
    judge = await startJudge(DOCUMENT);
    driver = driverAt(judge.url);
    await driver.open().catch(() => {});
  });

  afterAll(async () => {
    await driver.close();
    await judge.close();
  });

  test('documents in the older form are read', async () => {
    const unids = ['D2E9CF578D0B3844482588140043410F', '05B08E4A7874C01E4825881400434111'].map((text) => {
      const unid = parseUnid(text);
      if (!unid.ok) throw new Error(unid.reason);
      return unid.value;
    });
    const read = await driver.read([...unids, NOBODY], ['Form', 'Color']);
    expect(read).toEqual([
      {
        unid: unids[0],
        created: Date.parse('2022-03-29T20:14:35+08:00'),
        items: { Form: 'TestForm', Color: 'Purple' },
      },
      {
        unid: unids[1],
        created: Date.parse('2022-03-29T20:14:35+08:00'),
        items: { Form: 'TestForm', Color: 'Purple' },
      },
      undefined,
    ]);
  });

  test('created documents are matched to what was sent', async () => {
    const documents = Array.from({ length: 5 }, () => ({ Form: 'TestForm', Color: 'Purple' }));
    const outcomes = await driver.create(documents);
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true, true, true]);
    const others = Array.from({ length: 5 }, () => ({ Form: 'TestForm', Color: 'Green' }));
    await expect(driver.create(others)).rejects.toMatchObject({ code: 'NOTES_INTERNAL' });
  });
});

suite(`files that a site imports${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  test.each(['presence', 'directory'])(
    'schema and scope "%s" are what the published document of the setup API takes',
    async (name) => {
      const judge = await startJudge(sharedPath('reference', 'openapi', 'drapi-setup.json'));
      const send = async (path: string, body: string): Promise<number> => {
        const headers = { 'content-type': 'application/json', authorization: 'Bearer token' };
        return (await fetch(`${judge.url}/api/setup-v1${path}`, { method: 'POST', headers, body })).status;
      };
      const schema = readFileSync(`nsf-templates/rest-api/${name}-schema.json`, 'utf8');
      const scope = readFileSync(`nsf-templates/rest-api/${name}-scope.json`, 'utf8');
      expect(await send(`/schema?nsfPath=${name}.nsf&configName=${name}`, schema)).toBe(200);
      expect(await send('/admin/scope', scope)).toBe(200);
      // The document's own example of an answer does not fit its schema.
      expect(judge.violations.filter((text) => !text.startsWith('Violation: response'))).toEqual([]);
      expect(
        await send(`/schema?nsfPath=${name}.nsf&configName=${name}`, schema.replaceAll('"string"', '"text"')),
      ).toBeGreaterThanOrEqual(400);
      expect(await send('/admin/scope', scope.replace('"apiName"', '"name"'))).toBeGreaterThanOrEqual(400);
      await judge.close();
    },
  );
});
