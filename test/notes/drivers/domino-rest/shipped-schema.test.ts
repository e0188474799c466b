import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { GROUP_DOCUMENT, PERSON_DOCUMENT } from '../../../../src/notes/directory/sources/domino-items.js';
import { type ItemKind, itemKind } from '../../../../src/notes/drivers/domino-rest/item-kinds.js';
import {
  CONFLICT_ITEM,
  CONSENT_ITEMS,
  FORMS,
  HEARTBEAT_ITEMS,
  LEASE_ITEMS,
  MAPPING_ITEMS,
  OPT_OUT_ITEMS,
  PERSON_ITEMS,
  UPDATED_BY_ITEM,
} from '../../../../src/notes/fields.js';
import { type SchemaField, type SchemaForm, shippedSchema } from '../../../support/rest-server-schema.js';

const FOLDER = 'nsf-templates/rest-api';
const json = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(`${FOLDER}/${name}`, 'utf8')) as Record<string, unknown>;

const ITEMS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  [FORMS.person]: PERSON_ITEMS,
  [FORMS.heartbeat]: HEARTBEAT_ITEMS,
  [FORMS.lease]: LEASE_ITEMS,
  [FORMS.mapping]: MAPPING_ITEMS,
  [FORMS.optOut]: OPT_OUT_ITEMS,
  [FORMS.consent]: CONSENT_ITEMS,
};

/** Forms of documents whose writer matters. */
const READ_BY_WRITER: ReadonlySet<string> = new Set([FORMS.mapping, FORMS.optOut, FORMS.consent]);

function fieldOf(name: string, kind: ItemKind): SchemaField {
  switch (kind) {
    case 'text':
      return { name, type: 'string' };
    case 'texts':
      return { name, type: 'array', items: { type: 'string' } };
    case 'number':
      return { name, type: 'number' };
    case 'moment':
      return { name, type: 'string', format: 'date-time' };
    case 'name':
      return { name, type: 'string', format: 'names' };
    case 'names':
      return { name, type: 'array', format: 'names', items: { type: 'string', format: 'names' } };
  }
}

const namesOf = ({ formModes }: SchemaForm): readonly (readonly string[])[] =>
  formModes.map(({ fields }) => fields.map(({ name }) => name));

describe('the schema of the presence database', () => {
  const schema = shippedSchema('presence');

  test('has every form of documents that the bridge reads or writes, and no other', () => {
    expect(schema.forms.map(({ formName }) => formName)).toEqual(Object.keys(ITEMS));
  });

  test.each(Object.entries(ITEMS))('has every item of the form %s, typed, in both modes', (form, items) => {
    const modes = schema.forms.find(({ formName }) => formName === form)?.formModes ?? [];
    expect(modes.map(({ modeName }) => modeName)).toEqual(['default', 'dql']);
    const kept = READ_BY_WRITER.has(form) ? [CONFLICT_ITEM, UPDATED_BY_ITEM] : [CONFLICT_ITEM];
    const expected = [...Object.values(items), ...kept].map((name) => fieldOf(name, itemKind(name, form)));
    for (const { fields } of modes) expect(fields).toEqual(expected);
  });

  test('lets documents be written and deleted in the mode of documents alone, without revisions', () => {
    expect(schema).toMatchObject({ dqlAccess: true, requireRevisionToUpdate: false });
    for (const { formModes } of schema.forms) {
      expect(formModes.map((mode) => [mode.writeAccessFormula.formula, mode.deleteAccessFormula.formula])).toEqual([
        ['@True', '@True'],
        ['@False', '@False'],
      ]);
      for (const { required } of formModes) expect(required).toEqual([]);
    }
  });
});

describe('the schema of the Domino Directory', () => {
  const schema = shippedSchema('directory');
  const form = (name: string): SchemaForm => schema.forms.find(({ formName }) => formName === name) as SchemaForm;

  test('has what is read of people and groups', () => {
    for (const names of namesOf(form('Person'))) {
      expect(names).toEqual(expect.arrayContaining(['Form', ...Object.values(PERSON_DOCUMENT), CONFLICT_ITEM]));
    }
    for (const names of namesOf(form('Group'))) {
      expect(names).toEqual(expect.arrayContaining(['Form', ...Object.values(GROUP_DOCUMENT), CONFLICT_ITEM]));
    }
  });

  test('lets nothing be written or deleted, whatever the ACL says', () => {
    const formulas = schema.forms.flatMap(({ formModes }) =>
      formModes.flatMap((mode) => [mode.writeAccessFormula.formula, mode.deleteAccessFormula.formula]),
    );
    expect(new Set(formulas)).toEqual(new Set(['@False']));
    expect(json('directory-scope.json')['maximumAccessLevel']).toBe('Reader');
  });
});

describe.each(['presence', 'directory'])('the scope %s', (name) => {
  test('names its schema and database, in lower case as scopes must be', () => {
    const scope = json(`${name}-scope.json`);
    const schema = json(`${name}-schema.json`);
    expect([scope['schemaName'], scope['nsfPath']]).toEqual([schema['schemaName'], schema['nsfPath']]);
    expect(scope['apiName']).toMatch(/^[a-z0-9]+$/);
  });

  test('stands in the instructions with both of its files', () => {
    const page = readFileSync(`${FOLDER}/README.md`, 'utf8');
    for (const file of [`${name}-scope.json`, `${name}-schema.json`]) expect(page).toContain(file);
  });
});
