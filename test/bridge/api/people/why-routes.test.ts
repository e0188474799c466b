import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { whyText } from '../../../../src/bridge/api/people/why-text.js';
import { type Assertion, WHY_RULES } from '../../../../src/bridge/list-ports.js';
import type { PersonExplanation, PersonStatus } from '../../../../src/bridge/status.js';
import { AccessSite, type SitePerson } from '../../../support/access-site.js';
import { BEARER } from '../../../support/http-server.js';
import { person } from '../../../support/people.js';
import { bearerOf } from '../../../support/token-book.js';

const ANA: SitePerson = { ...person('sip:ana@contoso.example', 'CN=Ana Reyes/OU=Sales/O=Contoso'), status: 'busy' };
const BEN: SitePerson = { ...person('sip:ben@contoso.example', 'CN=Ben Ali/OU=Support/O=Contoso'), status: 'away' };
const DESK: SitePerson = { ...person('sip:help-desk@lists.invalid', 'CN=Help Desk/O=Lists'), status: 'busy' };
const PBX: Assertion = {
  holder: 'pbx',
  status: 'busy',
  activity: 'on-the-phone',
  until: Date.UTC(2026, 0, 5, 9),
  setAt: 5,
};

let site: AccessSite;
beforeAll(async () => {
  const people = ['*/Sales/Contoso', '*@lists.invalid'];
  site = await AccessSite.start([ANA, BEN, DESK], [{ name: 'sales', scopes: ['read'], people }]);
  const entry = { uri: DESK.uri, rule: 'best' } as const;
  site.watched.setLists({ id: 'help-desk', title: 'Help', kind: 'list', members: [BEN.uri, ANA.uri], entry });
});
afterAll(() => site.server.close());

const ask = (who: string, headers: Readonly<Record<string, string>> = BEARER): Promise<Response> =>
  site.ask('GET', `/api/v1/people/${encodeURIComponent(who)}/why`, headers);

/** What the running bridge would say of one of them, with these facts. */
async function explained(
  about: SitePerson,
  facts: Partial<PersonExplanation>,
  headers: Readonly<Record<string, string>> = BEARER,
): Promise<Record<string, unknown>> {
  const plain = site.watched.explain(about.uri);
  if (plain === undefined) throw new Error('nobody there');
  const spy = vi.spyOn(site.watched, 'explain').mockReturnValue({ ...plain, ...facts });
  try {
    return (await (await ask(about.uri, headers)).json()) as Record<string, unknown>;
  } finally {
    spy.mockRestore();
  }
}

describe('GET /api/v1/people/{who}/why', () => {
  test('tells the status, the rule in a word and a sentence, and what OCS said', async () => {
    const at = site.server.clock.now();
    expect(await (await ask('Ana Reyes')).json()).toEqual({
      at,
      query: 'Ana Reyes',
      address: ANA.uri,
      name: ANA.name,
      status: 'busy',
      outOfOffice: false,
      since: 1,
      observedAt: 2,
      source: 'ocs',
      confirmed: true,
      freshUntil: at + 90_000,
      rule: 'ocs-says-so',
      says: 'The OCS server says so.',
      ocs: { status: 'busy', outOfOffice: false, since: 1, observedAt: 2 },
    });
  });

  test('tells what an application says, whether or not it is shown', async () => {
    expect(await explained(ANA, { rule: 'application-overruled', application: PBX })).toMatchObject({
      rule: 'application-overruled',
      says: 'The application "pbx" says otherwise, which does not count beside what the OCS server says.',
      application: PBX,
    });
  });

  test('names the member who decides only where the token sees it, and counts only whom it sees', async () => {
    const list = { id: 'help-desk', rule: 'best', decidedBy: BEN.uri, members: 2 } as const;
    const facts = { rule: 'list-best', list } as const;
    expect(await explained(DESK, facts)).toMatchObject({ list });
    expect((await explained(DESK, facts, bearerOf('sales')))['list']).toEqual({
      id: 'help-desk',
      rule: 'best',
      members: 1,
    });
  });

  test('says unknown, and why, of somebody who is not confirmed', async () => {
    const lost: PersonStatus = { ...(site.watched.byAddress(ANA.uri) as PersonStatus), source: 'none' };
    const answer = await explained(ANA, { person: lost, rule: 'not-confirmed', ocs: undefined });
    expect(answer).toMatchObject({ status: 'unknown', source: 'none', reason: 'not-confirmed', rule: 'not-confirmed' });
    expect(answer).not.toHaveProperty('ocs');
  });

  test('gives 404 for nobody, in the same words as for people outside of the filter', async () => {
    const [nobody, outside] = [await ask('Nobody/X', bearerOf('sales')), await ask('Ben Ali', bearerOf('sales'))];
    expect([nobody.status, outside.status]).toEqual([404, 404]);
    expect(await outside.json()).toEqual(await nobody.json());
  });
});

test.each(WHY_RULES)('%s is one sentence', (rule) => {
  for (const application of [undefined, PBX]) {
    expect(whyText({ rule, application })).toMatch(/^[A-Z][^.]*(\.\d{3}Z)?[^.]*\.$/);
  }
});

test('the sentence of an application tells until when', () => {
  expect(whyText({ rule: 'application-says-so', application: PBX })).toBe(
    'The application "pbx" says so, by leave of the person, until 2026-01-05T09:00:00.000Z.',
  );
});
