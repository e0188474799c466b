import { join } from 'node:path';
import { Option } from '@commander-js/extra-typings';
import { templatesFolder } from '../bridge/compose.js';
import { KIT_SCHEMA, SAMPLE_SCHEMA } from '../notes/template/lint/adopted-schema.js';
import { PRESENCE_SCHEMA, type TemplateSchema } from '../notes/template/lint/template-schema.js';

/** Templates of this package: name on the command line, and how the files made of it begin. */
const TEMPLATES = { presence: 'presence', kit: 'presence-kit', 'sample-directory': 'sample-directory' } as const;

export type TemplateName = keyof typeof TEMPLATES;

/** `--template`: which of the templates of this package. */
export const templateOption = () =>
  new Option('--template <name>', 'the presence database, the kit for other applications, or the sample application')
    .choices(Object.keys(TEMPLATES) as TemplateName[])
    .default('presence' as TemplateName);

/** `--folder`: sources that are not those of this package. */
export const sourcesOption = () => new Option('--folder <folder>', 'sources of a template of your own');

/** `--lang` */
export const languageOption = () =>
  new Option('--lang <language>', 'language of the template: en, de, or another of its folder Texts').default('en');

/** Folder with the sources that the options name. */
export function folderOf({ folder, template }: { folder?: string | undefined; template: TemplateName }): string {
  return folder ?? join(templatesFolder, template);
}

/** How files made of a template begin, for example `presence-kit`. */
export function fileStem(template: TemplateName): string {
  return TEMPLATES[template];
}

const SCHEMAS: Readonly<Record<TemplateName, TemplateSchema>> = {
  presence: PRESENCE_SCHEMA,
  kit: KIT_SCHEMA,
  'sample-directory': SAMPLE_SCHEMA,
};

/** What a template must hold. */
export function schemaOf(template: TemplateName): TemplateSchema {
  return SCHEMAS[template];
}
