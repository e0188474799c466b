import { FORMS } from '../../notes/fields.js';
import type { Items } from '../../notes/item-value.js';
import { findNamed } from '../../notes/template/design/element-names.js';
import type { FormulaContext } from '../../notes/template/formula/context.js';
import type { Answering } from '../../notes/template/formula/effects.js';
import { type LookUp, type Outside, PRIVILEGES } from '../../notes/template/formula/outside.js';
import { timeStyleOf } from '../../notes/template/formula/time-text.js';
import { EMPTY, error, number, text, type Value } from '../../notes/template/formula/values.js';
import { fieldsOf } from '../../notes/template/item-fields.js';
import type { ViewIndex } from '../../notes/template/views/view-index.js';
import { profileId } from './profile-id.js';
import { APPLICATION_DATABASE, PRESENCE_DATABASE } from './sample-servers.js';
import type { ShownTemplate } from './shown-template.js';

/** Who looks at the preview: an administrator of the made-up company, so that nothing is hidden from them. */
export const READER = 'CN=Ana Reyes/OU=Sales/O=Contoso';
const ROLES = ['[PresenceWriter]', '[PresenceAdmin]'];
const MANAGER = 6;
const PHONE_ITEM = 'OfficePhoneNumber';
const NO_ENTRY = 'Entry not found in index';
const NO_VIEW = 'Cannot find view';

/** What formulas of forms and actions see in the preview: the shown documents, a user, a client; always the same server. */
export function formulaWorld(
  shown: ShownTemplate,
  document: { readonly id: string | undefined; readonly viewTitle?: string },
): Partial<Omit<FormulaContext, 'field'>> {
  const { source, language } = shown;
  return {
    now: source.now(),
    userName: READER,
    timeStyle: { ...timeStyleOf(language), zone: source.zone },
    created: source.now(),
    modified: source.now(),
    ...(document.id === undefined ? {} : { unid: document.id }),
    outside: outsideOf(shown, document.viewTitle),
    answer,
  };
}

/** The reader of the preview agrees to everything, and takes what is suggested. */
const answer: Answering = (question) => {
  if (question.kind !== 'prompt') return undefined;
  if (['OK', 'YESNO', 'YESNOCANCEL'].includes(question.style)) return number(1);
  return text(...(question.suggested.length > 0 ? question.suggested : question.choices.slice(0, 1)));
};

function outsideOf(shown: ShownTemplate, viewTitle: string | undefined): Outside {
  const { design: ownDesign, source, presence } = shown;
  const database = presence ? APPLICATION_DATABASE : PRESENCE_DATABASE;
  const indexOf = (request: LookUp): ViewIndex | undefined => {
    const { view } = request;
    // Whatever the profile calls it: there is one other database here.
    const { design, feed } = presence && !isOwn(request, database) ? presence : shown;
    const found = design.views.find(({ alias, title }) => [alias, title].some((name) => same(name, view)));
    return found && feed.index(found.alias);
  };
  return {
    lookUp: (request) => {
      const index = indexOf(request);
      if (!index) return error(NO_VIEW);
      const match = request.partial ? 'beginning' : 'whole';
      if (request.wantsIds) {
        const ids = request.keys.flatMap((key) => index.find(key, match));
        return ids.length > 0 ? text(...ids) : error(NO_ENTRY);
      }
      const values = request.keys.flatMap((key) => index.lookUp(key, request.column, match) ?? []);
      return joined(values);
    },
    column: (request) => {
      const index = indexOf(request);
      return index ? joined(index.lookUp('', request.column, 'beginning') ?? []) : error(NO_VIEW);
    },
    profileField: (form, item, key) => {
      const items = source.documents.get(profileId(form, key));
      return items && fieldsOf(items).get(item.toLowerCase());
    },
    documentField: (unid, item) => {
      const items = source.documents.get(unid);
      return items && fieldsOf(items).get(item);
    },
    nameLookUp: (names, item) => text(...names.map((name) => (same(item, PHONE_ITEM) ? phoneOf(name) : ''))),
    database: { ...database, title: ownDesign.title },
    access: () => ({ level: MANAGER, privileges: PRIVILEGES }),
    roles: ROLES,
    client: { type: 'Notes', platform: 'Windows/32', version: '480' },
    ...(viewTitle === undefined ? {} : { viewTitle }),
  };
}

/** Telephone numbers of a made-up directory, out of a range that no telephone company gives away. */
function phoneOf(name: string): string {
  const number = [...name].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1_000, 7);
  return `+49 30 23125 ${String(number).padStart(3, '0')}`;
}

function isOwn({ server, file }: LookUp, own: { readonly server: string; readonly file: string }): boolean {
  return file === '' || (same(file, own.file) && (server === '' || same(server, own.server)));
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** One list of the values of several documents. Values of another type than the first are left out. */
function joined(values: readonly Value[]): Value {
  const [first] = values;
  if (!first) return error(NO_ENTRY);
  if (first.type === 'error') return first;
  const list = values.flatMap((value): readonly (string | number)[] => (value.type === first.type ? value.list : []));
  return list.length > 0 ? ({ type: first.type, list } as Value) : EMPTY;
}

/** The form in which a document is shown: that of its item, or the one for people. */
export function formOf({ design }: ShownTemplate, items: Items) {
  const named = fieldsOf(items).get('form');
  const name = named?.type === 'text' ? (named.list[0] ?? '') : '';
  return findNamed(design.forms, name) ?? findNamed(design.forms, FORMS.person);
}
