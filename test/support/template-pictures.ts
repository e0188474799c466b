import type { Design } from '../../src/notes/template/design/design.js';

/** Where pictures for the documentation are, one folder for each language. */
export const PICTURE_FOLDER = 'docs/images/template';
/** A person whose status nobody confirms any more: shown beside the form that `design` has. */
export const SILENT_PICTURE = 'PresenceSilent';
export const HELP_PICTURES = ['about', 'using'] as const;
export const CATALOGUE_PICTURE = 'design';
/** Of the sample application: its view, a contact for whom one person is to be asked, and one with several of them. */
export const SAMPLE_PICTURES = ['sample-contacts', 'sample-contact', 'sample-contact-several'] as const;

/** Names of all pictures that the picture command makes of a template, without `.png`. */
export function pictureNames({ views, forms, subforms, pages }: Design): readonly string[] {
  const elements = [...views, ...forms, ...subforms, ...pages].map(({ alias }) => alias);
  return [CATALOGUE_PICTURE, ...elements, SILENT_PICTURE, ...HELP_PICTURES];
}
