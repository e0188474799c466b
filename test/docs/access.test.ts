import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ALL_SCOPES } from '../../src/bridge/api/access/grant.js';
import { parsePersonFilter } from '../../src/bridge/api/access/person-filter.js';
import { MAX_TOKENS } from '../../src/bridge/api/access/tokens/token-record.js';
import { DEFAULT_HTTP_LIMITS } from '../../src/bridge/api/http/http-limits.js';
import { NAMES_PER_REQUEST } from '../../src/bridge/api/people/query-routes.js';
import { DEFAULT_STREAM_LIMITS } from '../../src/bridge/api/stream/stream-limits.js';
import { ERROR_CODES } from '../../src/presence/errors.js';

const page = readFileSync('docs/guide/access.md', 'utf8');

/** First cells of the table below a heading cell. */
function cellsBelow(heading: string): readonly string[] {
  const [, table = ''] = page.split(`| ${heading} |`);
  const [body = ''] = table.split('\n\n');
  return [...body.matchAll(/^\| `'?(.*?)'?` \|/gm)].map(([, cell = '']) => cell);
}

test('the guide lists every scope', () => {
  expect(cellsBelow('scope')).toEqual(ALL_SCOPES);
});

test('the patterns of the guide can be read', () => {
  const patterns = cellsBelow('`--people`').filter((pattern) => pattern !== 'everybody');
  expect(patterns.length).toBe(5);
  for (const pattern of patterns) expect(parsePersonFilter([pattern]).ok, pattern).toBe(true);
});

test('the limits of the guide are those that hold', () => {
  const { requestsPerAddress: address, requestsPerToken: token, failures, failureWindow } = DEFAULT_HTTP_LIMITS;
  expect(failureWindow).toBe(60_000);
  const number = (value: number): string => value.toLocaleString('en-US');
  for (const line of [
    `requests of one address | ${number(address.perSecond)} a second, ${number(address.burst)} at once`,
    `requests with one token | ${number(token.perSecond)} a second, ${number(token.burst)} at once`,
    `names of one question | each ${NAMES_PER_REQUEST === 100 ? 'hundred' : NAMES_PER_REQUEST} counts as a request |`,
    `tokens of one address | ${failures} a minute`,
    `open streams | ${number(DEFAULT_STREAM_LIMITS.clients)}; ${DEFAULT_STREAM_LIMITS.reserved} more with the administrator's token |`,
    `tokens | ${MAX_TOKENS}, with 100 patterns each`,
  ]) {
    expect(page).toContain(line);
  }
});

test('events and codes of the guide are there, and every audit event stands in it', () => {
  const sources = readdirSync('src/bridge', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(`src/bridge/${file}`, 'utf8'))
    .join('\n');
  const written = new Set([...sources.matchAll(/'(audit\.[a-z-]+)'/g)].map(([, event]) => event));
  const named = new Set([...page.matchAll(/`(audit\.[a-z-]+)`/g)].map(([, event]) => event));
  expect([...named].sort()).toEqual([...written].sort());
  const codes = [...page.matchAll(/`(API_[A-Z]+)`/g)].map(([, code = '']) => code);
  expect(codes.filter((code) => !(code in ERROR_CODES))).toEqual([]);
});
