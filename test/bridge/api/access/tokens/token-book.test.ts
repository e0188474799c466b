import { beforeEach, describe, expect, test } from 'vitest';
import type { Grant } from '../../../../../src/bridge/api/access/grant.js';
import { TokenBook } from '../../../../../src/bridge/api/access/tokens/token-book.js';
import type { SipUri } from '../../../../../src/presence/ids.js';
import { sip } from '../../../../support/people.js';
import { recordingLog } from '../../../../support/silent-log.js';
import { SimulatedClock } from '../../../../support/simulated-clock.js';
import { recordOf, TestTokens, tokenOf } from '../../../../support/token-book.js';

let clock: SimulatedClock;
let log: ReturnType<typeof recordingLog>;
let source: TestTokens;
let book: TokenBook;
beforeEach(() => {
  clock = new SimulatedClock();
  log = recordingLog();
  source = new TestTokens(
    { name: 'crm', scopes: ['read'], people: ['*/Sales/Contoso'] },
    { name: 'short', scopes: ['stream'], expires: clock.now() + 10_000 },
  );
  book = new TokenBook(source, { clock, log });
});

function found(name: string): Grant {
  const grant = book.find(tokenOf(name));
  if (grant === undefined || grant === 'expired') throw new Error(`${name}: ${grant}`);
  return grant;
}

describe('a token book', () => {
  test('finds what a token grants, and nothing for another', () => {
    const grant = found('crm');
    expect([grant.holder, [...grant.scopes], grant.filter.patterns]).toEqual(['crm', ['read'], ['*/Sales/Contoso']]);
    expect(book.find(tokenOf('crm').slice(0, -1))).toBeUndefined();
    expect(book.find(recordOf({ name: 'crm', scopes: ['read'] }).hash)).toBeUndefined();
  });

  test('lets a grant by list follow the list', () => {
    const ana = { uri: sip('sip:ana@contoso.example'), name: undefined };
    let members = new Set([ana.uri]);
    const tokens = new TestTokens({ name: 'desk', scopes: ['read'], people: ['list:help-desk'] });
    const isOnList = (list: string, uri: SipUri): boolean => list === 'help-desk' && members.has(uri);
    book = new TokenBook(tokens, { clock, log, isOnList });
    const grant = found('desk');
    expect(grant.sees(ana)).toBe(true);
    members = new Set();
    expect([grant.sees(ana), book.stands(grant)]).toEqual([false, true]);
  });

  test('lets a token end at its time, and what was opened with it', async () => {
    const grant = found('short');
    await clock.advance(9_999);
    expect([book.find(tokenOf('short')), book.stands(grant)]).toEqual([grant, true]);
    await clock.advance(1);
    expect([book.find(tokenOf('short')), book.stands(grant)]).toEqual(['expired', false]);
  });

  test('knows of a new, a revoked and a changed token within a second', async () => {
    const before = found('crm');
    const kept = found('short');
    source.set(
      { name: 'crm', scopes: ['read'], people: ['*/Support/Contoso'] },
      { name: 'short', scopes: ['stream'], expires: clock.now() + 10_000 },
      { name: 'new', scopes: ['message'] },
    );
    await clock.advance(1_000);
    expect(found('new').scopes.has('message')).toBe(true);
    expect([book.stands(before), book.stands(kept), book.stands(found('crm'))]).toEqual([false, true, true]);
    source.set();
    await clock.advance(1_000);
    expect([book.find(tokenOf('new')), book.stands(kept)]).toEqual([undefined, false]);
  });

  test('knows of a new token when it is used, and looks for unknown ones ten times a second at most', async () => {
    const expires = clock.now() + 10_000;
    const short = { name: 'short', scopes: ['stream'], expires } as const;
    await clock.advance(500);
    source.set(short, { name: 'new', scopes: ['message'] });
    expect(found('new').scopes.has('message')).toBe(true);
    source.set(short, { name: 'newer', scopes: ['read'] });
    await clock.advance(99);
    expect(book.find(tokenOf('newer'))).toBeUndefined();
    await clock.advance(1);
    expect(found('newer').scopes.has('read')).toBe(true);
  });

  test('tells whose token was revoked or changed, and of nobody else', async () => {
    const ended: string[] = [];
    book.close();
    const tokens = new TestTokens(
      { name: 'crm', scopes: ['read'] },
      { name: 'gone', scopes: ['read'] },
      { name: 'kept', scopes: ['read'] },
    );
    book = new TokenBook(tokens, { clock, log, onEnded: (holder) => ended.push(holder) });
    tokens.set(
      { name: 'crm', scopes: ['stream'] },
      { name: 'kept', scopes: ['read'] },
      { name: 'new', scopes: ['read'] },
    );
    await clock.advance(1_000);
    expect(ended).toEqual(['crm', 'gone']);
  });

  test('logs what was created and revoked, with the number of patterns instead of people', async () => {
    source.set(
      { name: 'crm', scopes: ['read'], people: ['*/Sales/Contoso'] },
      { name: 'new', scopes: ['read'], people: ['ana@c.example'] },
    );
    await clock.advance(1_000);
    expect(log.entries.map(({ event, fields }) => [event, fields?.['holder'], fields?.['patterns']])).toEqual([
      ['audit.token-created', 'new', 1],
      ['audit.token-revoked', 'short', 0],
    ]);
    expect(JSON.stringify(log.entries)).not.toMatch(/ana@|npb_/);
  });

  test('tells the source of uses, and stops looking when it is closed', async () => {
    found('crm');
    expect(source.uses).toHaveLength(1);
    book.close();
    source.set();
    await clock.advance(10_000);
    expect(book.find(tokenOf('crm'))).toBeDefined();
  });
});
