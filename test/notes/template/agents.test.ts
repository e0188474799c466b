import { describe, expect, test } from 'vitest';
import { FORMS, HEARTBEAT_ITEMS, PERSON_ITEMS } from '../../../src/notes/fields.js';
import { descendants } from '../../../src/notes/template/xml-tree.js';
import { rankOf } from '../../../src/presence/availability.js';
import { builtDxl, elementOf, treeOf } from '../../support/template.js';

const agent = elementOf(treeOf(builtDxl('en')), 'agent', { alias: 'SweepStale' });
const script = [...descendants(agent)]
  .filter(({ name }) => name === 'lotusscript')
  .map(({ text }) => text)
  .join('\n');

describe('agent SweepStale', () => {
  test('is shipped disabled, runs restricted, every five minutes, where the administrator chooses', () => {
    expect([agent.attributes.get('enabled'), agent.attributes.get('restrictions')]).toEqual(['false', 'restricted']);
    expect(elementOf(agent, 'schedule', { type: 'byminutes' }).attributes.get('minutes')).toBe('5');
    expect(elementOf(agent, 'schedule', { type: 'byminutes' }).attributes.get('runlocation')).toBe('choose');
  });

  test('writes the rank that a bridge writes for unknown', () => {
    expect(script).toContain(`Const RANK_OF_UNKNOWN = ${rankOf('unknown')}\n`);
  });

  test('clears every item that tells of a status', () => {
    const written = [...script.matchAll(/ReplaceItemValue\("(\w+)"/g)].map((match) => match[1]);
    const { status, rank, activity, activityText, outOfOffice, note, since } = PERSON_ITEMS;
    expect(written.sort()).toEqual([status, rank, activity, activityText, outOfOffice, note, since].sort());
  });

  test('reads items and forms by names of the database', () => {
    const read = [...script.matchAll(/GetItemValue\("(\w+)"/g)].map((match) => match[1]);
    expect(new Set(read)).toEqual(new Set([HEARTBEAT_ITEMS.freshUntil, HEARTBEAT_ITEMS.bridge, PERSON_ITEMS.bridge]));
    expect(script).toContain(`Form = "${FORMS.person}" & Status != "unknown"`);
  });

  test('ends every block that it begins', () => {
    const count = (pattern: RegExp): number => script.match(pattern)?.length ?? 0;
    expect(count(/^(Sub|Function) /gm)).toBe(count(/^End (Sub|Function)$/gm));
    expect(count(/\bIf\b.*\bThen$/gm)).toBe(count(/^\s*End If$/gm));
    expect(count(/^\s*Do Until /gm)).toBe(count(/^\s*Loop$/gm));
  });
});
