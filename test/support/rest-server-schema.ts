import { readFileSync } from 'node:fs';

export interface SchemaField {
  readonly name: string;
  readonly type: 'string' | 'number' | 'array';
  readonly format?: string;
  readonly items?: { readonly type: string; readonly format?: string };
}

export interface SchemaMode {
  readonly modeName: string;
  readonly fields: readonly SchemaField[];
  readonly required: readonly string[];
  readonly writeAccessFormula: { readonly formula: string };
  readonly deleteAccessFormula: { readonly formula: string };
}

export interface SchemaForm {
  readonly formName: string;
  readonly formModes: readonly SchemaMode[];
}

/** What the stand-in of the Domino REST API knows of a schema file: the same file that a site imports. */
export interface RestSchema {
  readonly schemaName: string;
  readonly dqlAccess: boolean;
  readonly requireRevisionToUpdate: boolean;
  readonly forms: readonly SchemaForm[];
}

export function shippedSchema(name: 'presence' | 'directory'): RestSchema {
  return JSON.parse(readFileSync(`nsf-templates/rest-api/${name}-schema.json`, 'utf8')) as RestSchema;
}

/** The mode of a form, or `undefined`: then its documents are invisible there. */
export function modeOf(schema: RestSchema, form: unknown, mode: string): SchemaMode | undefined {
  return schema.forms.find(({ formName }) => formName === form)?.formModes.find(({ modeName }) => modeName === mode);
}
