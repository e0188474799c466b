import {
  AGENTS,
  AUTHORS_ITEM,
  CONSENT_ITEMS,
  FORMS,
  HEARTBEAT_ITEMS,
  HOST_FIELDS,
  LEASE_ITEMS,
  MAPPING_ITEMS,
  OPT_OUT_ITEMS,
  PERSON_ITEMS,
  PROFILE_FORM,
  PROFILE_ITEMS,
  PUSH_TARGET_FORM,
  PUSH_TARGET_ITEMS,
  VIEWS,
} from '../../fields.js';

/** What programs and people rely on in a template: forms with their items, views and agents by alias. */
export interface TemplateSchema {
  readonly forms: ReadonlyMap<string, readonly string[]>;
  readonly views: readonly string[];
  readonly agents: readonly string[];
  /** Views of the presence database that elements of another one look into. */
  readonly otherViews?: readonly string[];
  /** Fields that adopted elements find in the forms of other applications. */
  readonly hostFields: readonly string[];
}

/** The schema of the presence database. */
export const PRESENCE_SCHEMA: TemplateSchema = {
  forms: new Map<string, readonly string[]>([
    [FORMS.person, Object.values(PERSON_ITEMS)],
    [FORMS.heartbeat, Object.values(HEARTBEAT_ITEMS)],
    [FORMS.lease, Object.values(LEASE_ITEMS)],
    [FORMS.mapping, [...Object.values(MAPPING_ITEMS), AUTHORS_ITEM]],
    [FORMS.optOut, [...Object.values(OPT_OUT_ITEMS), AUTHORS_ITEM]],
    [FORMS.consent, [...Object.values(CONSENT_ITEMS), AUTHORS_ITEM]],
    [PROFILE_FORM, Object.values(PROFILE_ITEMS)],
    [PUSH_TARGET_FORM, [...Object.values(PUSH_TARGET_ITEMS), AUTHORS_ITEM]],
  ]),
  views: Object.values(VIEWS),
  agents: Object.values(AGENTS),
  hostFields: Object.values(HOST_FIELDS),
};
