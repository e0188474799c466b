import { FORMS, HEARTBEAT_ITEMS, PERSON_ITEMS, VIEWS } from '../fields.js';

/** What programs rely on in a template: forms with their items, and views by alias. */
export interface TemplateSchema {
  readonly forms: ReadonlyMap<string, readonly string[]>;
  readonly views: readonly string[];
}

/** The schema of the presence database. */
export const PRESENCE_SCHEMA: TemplateSchema = {
  forms: new Map<string, readonly string[]>([
    [FORMS.person, Object.values(PERSON_ITEMS)],
    [FORMS.heartbeat, Object.values(HEARTBEAT_ITEMS)],
  ]),
  views: Object.values(VIEWS),
};
