import { LOOK_UP_VIEWS } from '../../notes/fields.js';
import { readDesign } from '../../notes/template/design/design.js';
import { findNamed } from '../../notes/template/design/element-names.js';
import { DocumentTable } from './document-table.js';
import { peopleOf } from './people-names.js';
import type { PreviewSource } from './preview-source.js';
import { CONTACT_FORM, contactDocuments } from './sample-contacts.js';
import { pushStatuses } from './sample-push.js';
import { type ShownTemplate, showTemplate } from './shown-template.js';

export interface TemplatesToShow {
  /** The first one is shown at the start. */
  readonly languages: readonly string[];
  /** DXL of the template in a language. */
  readonly build: (language: string) => string;
  /** The same of the presence database; asked when the template is one that asks another database for presence. */
  readonly buildPresence: (language: string) => string;
  /** Documents of the presence database. */
  readonly source: PreviewSource;
}

/**
 * A template in its languages. One without the look-up views is an application that adopted presence: it has documents
 * of its own and the presence database beside it, in the same language. Throws `BridgeError` (`TEMPLATE_INVALID`).
 */
export function showTemplates({ languages, build, buildPresence, source }: TemplatesToShow): ShownTemplate[] {
  const documents = new DocumentTable();
  const own: PreviewSource = { ...source, documents };
  const shown = languages.map((language): ShownTemplate => {
    const dxl = build(language);
    const aliases = readDesign(dxl).views.map(({ alias }) => alias);
    if (LOOK_UP_VIEWS.every((name) => aliases.includes(name))) return showTemplate(dxl, language, source);
    return showTemplate(dxl, language, own, showTemplate(buildPresence(language), language, source));
  });
  const [first] = shown;
  if (first?.presence) fill(documents, first, first.presence);
  return shown;
}

/** The profile, and in the made-up office contacts whose statuses follow the office. */
function fill(documents: DocumentTable, { design }: ShownTemplate, presence: ShownTemplate): void {
  const { source } = presence;
  const isSample = source.origin === 'sample' || source.origin === 'still';
  const takesContacts = isSample && findNamed(design.forms, CONTACT_FORM) !== undefined;
  const all = contactDocuments(peopleOf(source.documents));
  documents.put(...all.filter(([, { Form }]) => takesContacts || Form !== CONTACT_FORM));
  if (!isSample) return;
  pushStatuses(documents, presence);
  // A real pusher comes by every five minutes; here icons move at once.
  source.documents.onChange(() => pushStatuses(documents, presence));
}
