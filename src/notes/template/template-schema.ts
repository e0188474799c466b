import {
  AGENTS,
  FORMS,
  HEARTBEAT_ITEMS,
  LEASE_ITEMS,
  MAPPING_ITEMS,
  OPT_OUT_ITEMS,
  PERSON_ITEMS,
  VIEWS,
} from '../fields.js';

/** What programs and people rely on in a template: forms with their items, views and agents by alias. */
export interface TemplateSchema {
  readonly forms: ReadonlyMap<string, readonly string[]>;
  readonly views: readonly string[];
  readonly agents: readonly string[];
}

/** The schema of the presence database. */
export const PRESENCE_SCHEMA: TemplateSchema = {
  forms: new Map<string, readonly string[]>([
    [FORMS.person, Object.values(PERSON_ITEMS)],
    [FORMS.heartbeat, Object.values(HEARTBEAT_ITEMS)],
    [FORMS.lease, Object.values(LEASE_ITEMS)],
    [FORMS.mapping, Object.values(MAPPING_ITEMS)],
    [FORMS.optOut, Object.values(OPT_OUT_ITEMS)],
  ]),
  views: Object.values(VIEWS),
  agents: Object.values(AGENTS),
};
