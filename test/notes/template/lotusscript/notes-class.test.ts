import { describe, expect, test } from 'vitest';
import { notesClass, notesClassKeys } from '../../../../src/notes/template/lotusscript/notes-classes/notes-class.js';

describe('table of Notes classes', () => {
  test.each([...notesClassKeys()])('%s is well-formed and names only classes of the table', (key) => {
    const shape = notesClass(key);
    expect(shape?.key).toBe(key);
    for (const { name, arity, type } of shape?.members.values() ?? []) {
      if (arity) expect(arity.least, name).toBeLessThanOrEqual(arity.most);
      if (type?.kind === 'object') expect(notesClass(type.key), `${name}: ${type.name}`).toBeDefined();
    }
    if (shape?.base) expect(notesClass(shape.base)).toBeDefined();
  });

  test('others are unknown', () => {
    expect(notesClass('notesfoo')).toBe(undefined);
    expect(notesClass('constructor')).toBe(undefined);
  });
});
