import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ROUTE_ACCESS } from '../../src/bridge/api/access/route-access.js';

const FOLDER = 'docs/examples';
const names = readdirSync(FOLDER).filter((name) => name !== 'README.md');
const textOf = (name: string): string => readFileSync(`${FOLDER}/${name}`, 'utf8');

describe('the examples', () => {
  test('stand in the table of their README, each in one row', () => {
    const rows = [...textOf('README.md').matchAll(/^\| \[([^\]]+)\]\(([^)]+)\)/gm)].map(([, name, target]) => [
      name,
      target,
    ]);
    expect(rows.sort()).toEqual(names.map((name) => [name, name]).sort());
  });

  test.each(names)('%s holds no token and asks for addresses that there are', (name) => {
    const text = textOf(name);
    expect(text).not.toMatch(/[A-Za-z0-9_-]{40,}/);
    const paths = new Set(Object.keys(ROUTE_ACCESS).map((route) => route.slice(route.indexOf(' ') + 1)));
    const asked = [...text.matchAll(/\/api\/v1\/[a-z-]+(?:\/[a-z-]+)*/g)].map(([path]) => path);
    for (const path of asked) expect(paths).toContain(path);
  });

  test.each(names.filter((name) => !/\.(html|lss)$/.test(name)))('%s has all four commands', (name) => {
    for (const command of ['query', 'watch', 'set', 'im']) expect(textOf(name)).toMatch(new RegExp(`\\b${command}\\b`));
  });
});

test('the page with badges loads the script from the bridge, gets tickets from its own server, and holds nothing else', () => {
  const page = textOf('badge.html');
  expect([...page.matchAll(/<script[^>]*>/g)].map(([tag]) => tag)).toEqual([
    '<script type="module" src="https://bridge.contoso.example/client/badge.js">',
  ]);
  const attributes = [...page.matchAll(/<presence-badge ([^>]*)>/g)].flatMap(([, words = '']) =>
    [...words.matchAll(/([a-z-]+)="/g)].map(([, attribute]) => attribute),
  );
  const known = ['address', 'name', 'label', 'lang', 'bridge', 'ticket-url'];
  expect(attributes.filter((attribute) => !known.includes(attribute ?? ''))).toEqual([]);
  expect(page).toContain('<meta name="presence-ticket-url" content="PresenceTicket?OpenAgent" />');
});

/** Takes away texts and comments; what is left must have its brackets in pairs. */
function bracketsOf(text: string): string {
  const code = text
    .replace(/<#[\s\S]*?#>/g, '')
    .replace(/'(?:[^']|'')*'/g, '')
    .replace(/#.*$/gm, '')
    // What stands in brackets inside of a text is code again.
    .replace(/"(?:[^"`]|`.)*"/g, (literal) => literal.replace(/[^(){}[\]]/g, ''));
  return code.replace(/[^(){}[\]]/g, '');
}

function isPaired(brackets: string): boolean {
  let left = brackets;
  for (let before = ''; before !== left; ) {
    before = left;
    left = left.replace(/\(\)|\{\}|\[\]/g, '');
  }
  return left === '';
}

describe('Presence.ps1, which no test runs', () => {
  const script = textOf('Presence.ps1');

  test('has its brackets in pairs', () => {
    expect(isPaired(bracketsOf(script))).toBe(true);
    expect(isPaired(bracketsOf(script.replace('{', '')))).toBe(false);
  });

  test('uses functions that it defines, or cmdlets', () => {
    const defined = [...script.matchAll(/^function ([\w-]+)/gm)].map(([, name]) => name);
    const cmdlets =
      'Add-Type ConvertFrom-Json ConvertTo-Json ForEach-Object Get-Random Invoke-RestMethod New-Object Set-StrictMode Start-Sleep Write-Warning';
    const used = new Set([...script.matchAll(/(?<![\w.'-])([A-Z][a-z]+-[A-Z]\w+)/g)].map(([, name]) => name));
    const headers = ['Last-Event-ID'];
    expect([...used].filter((name) => ![...defined, ...cmdlets.split(' '), ...headers].includes(name ?? ''))).toEqual(
      [],
    );
    expect(defined).toEqual(['Send-Request', 'Watch-Presence']);
  });
});
