import { AGENTS, HOST_FIELDS, LOOK_UP_VIEWS, PROFILE_FORM, PROFILE_ITEMS, PUSHED_ITEMS } from '../../fields.js';
import type { TemplateSchema } from './template-schema.js';

/** The schema of the kit: only what other applications take over. */
export const KIT_SCHEMA: TemplateSchema = {
  forms: new Map<string, readonly string[]>([[PROFILE_FORM, Object.values(PROFILE_ITEMS)]]),
  views: [],
  agents: [],
  otherViews: LOOK_UP_VIEWS,
  hostFields: Object.values(HOST_FIELDS),
};

const PUSHED = Object.values(PUSHED_ITEMS).map((ending) => `Presence${ending}`);

/** The schema of the sample directory, which takes over the kit. */
export const SAMPLE_SCHEMA: TemplateSchema = {
  ...KIT_SCHEMA,
  forms: new Map([...KIT_SCHEMA.forms, ['Contact', ['Form', 'Subject', 'Company', HOST_FIELDS.person, ...PUSHED]]]),
  views: ['Contacts'],
  agents: [AGENTS.sampleQuery],
};
