import type { Items } from '../../src/notes/item-value.js';
import { type Design, readDesign } from '../../src/notes/template/design/design.js';
import { findNamed } from '../../src/notes/template/design/element-names.js';
import type { FormDesign } from '../../src/notes/template/design/form-model.js';
import type { FormInput } from '../../src/notes/template/form/form-input.js';
import { openForm } from '../../src/notes/template/form/open-form.js';
import type { OpenForm } from '../../src/notes/template/form/open-model.js';
import { type ClickOutcome, runClick } from '../../src/notes/template/form/run-click.js';
import { type SaveOutcome, saveForm } from '../../src/notes/template/form/save-form.js';
import type { FormulaContext } from '../../src/notes/template/formula/context.js';
import type { Access, KeyedLookUp, LookUp } from '../../src/notes/template/formula/outside.js';
import { TIME_STYLES } from '../../src/notes/template/formula/time-text.js';
import { EMPTY, error, text, type Value } from '../../src/notes/template/formula/values.js';
import { fieldsOf } from '../../src/notes/template/item-fields.js';
import { createViewFeed, type DocumentViewFeed } from '../../src/notes/template/views/view-feed.js';
import { builtDxl } from './template.js';

export const APPLICATION = { server: 'CN=Apps/O=Contoso', file: 'sales\\contacts.nsf', title: 'Contacts' } as const;

/** Who uses the template in a test, and what is around. */
export interface WorldOptions {
  readonly language?: 'en' | 'de';
  readonly now: number;
  /** Documents of the presence database. */
  readonly documents?: readonly Items[];
  readonly userName?: string;
  readonly roles?: readonly string[];
  /** What `@UserAccess` tells; `undefined` for no access. */
  readonly access?: Access | undefined;
  readonly profile?: Items;
  /** Values of the item `OfficePhoneNumber` by canonical name. */
  readonly phones?: Readonly<Record<string, string>>;
  /** Databases that can be read, as `server!!file`. Default: every one is the presence database. */
  readonly reachable?: readonly string[];
}

const DESIGNS = new Map<string, { dxl: string; design: Design }>();

/** Built template and its design; the same for all tests of a file. */
export function designOf(language: 'en' | 'de' = 'en'): { readonly dxl: string; readonly design: Design } {
  const known = DESIGNS.get(language);
  if (known) return known;
  const dxl = builtDxl(language);
  const made = { dxl, design: readDesign(dxl) };
  DESIGNS.set(language, made);
  return made;
}

/** The template at work: look-ups run over the built views of the documents. */
export class TemplateWorld {
  readonly design: Design;
  readonly formulas: Partial<Omit<FormulaContext, 'field'>>;
  /** Look-ups so far. */
  readonly asked: LookUp[] = [];
  readonly #feed: DocumentViewFeed;
  readonly #options: WorldOptions;

  constructor(options: WorldOptions) {
    const { dxl, design } = designOf(options.language);
    this.#options = options;
    this.design = design;
    const views = design.views.map(({ alias }) => alias);
    this.#feed = createViewFeed(dxl, { views, keepsDocuments: true, zone: 'UTC' });
    for (const [index, items] of (options.documents ?? []).entries()) this.#feed.put(`D${index}`, items);
    const profile = fieldsOf(options.profile ?? {});
    this.formulas = {
      now: options.now,
      userName: options.userName ?? 'CN=Ana Reyes/OU=Sales/O=Contoso',
      timeStyle: TIME_STYLES.en,
      outside: {
        lookUp: (request) => this.#lookUp(request),
        column: (request) => this.#read({ ...request, keys: [''], partial: true, wantsIds: false }),
        profileField: (form, item) => (form === 'PresenceProfile' ? profile.get(item.toLowerCase()) : undefined),
        nameLookUp: ([name = '']) => text(options.phones?.[name] ?? ''),
        database: { ...APPLICATION, replicaId: 'C1257A0B00123456' },
        access: () => ('access' in options ? options.access : { level: 2, privileges: [] }),
        roles: options.roles ?? [],
      },
    };
  }

  open(form: string, items: Items = {}, more: { mode?: 'read' | 'edit'; isNew?: boolean } = {}): OpenForm {
    return openForm(this.#request(form, items, more));
  }

  /** Opens an empty document in a form that a test made. */
  openWith(form: FormDesign): OpenForm {
    return openForm({ form, subforms: [], fields: new Map(), mode: 'read', formulas: this.formulas });
  }

  /** Opens a subform as the body of a form. */
  openSubform(name: string, items: Items): OpenForm {
    const form = findNamed(this.design.subforms, name);
    if (!form) throw new Error(`there is no subform ${name}`);
    return openForm({ form, subforms: [], fields: fieldsOf(items), mode: 'read', formulas: this.formulas });
  }

  save(form: string, items: Items, input: Readonly<Record<string, readonly string[]>>, isNew = true): SaveOutcome {
    const entered: FormInput = new Map(Object.entries(input).map(([name, entries]) => [name.toLowerCase(), entries]));
    return saveForm(this.#request(form, items, { mode: 'edit', isNew }), entered);
  }

  /** Presses a shared action on a document. */
  press(label: string, items: Items): Extract<ClickOutcome, { kind: 'ran' }> {
    const action = [...this.design.sharedActions.values()].find((one) => one.label === label);
    if (!action?.click) throw new Error(`there is no action ${label}`);
    const outcome = runClick(action.click, fieldsOf(items), this.formulas);
    if (outcome.kind !== 'ran') throw new Error('the action is no formula');
    return outcome;
  }

  #request(name: string, items: Items, more: { mode?: 'read' | 'edit'; isNew?: boolean }) {
    const form = findNamed(this.design.forms, name);
    if (!form) throw new Error(`there is no form ${name}`);
    const { subforms } = this.design;
    return { form, subforms, fields: fieldsOf(items), mode: 'read' as const, formulas: this.formulas, ...more };
  }

  #lookUp(request: KeyedLookUp): Value {
    this.asked.push(request);
    return this.#read(request);
  }

  #read(request: KeyedLookUp): Value {
    const { server, file, view, keys, column, partial, wantsIds } = request;
    const { reachable } = this.#options;
    if (reachable && !reachable.includes(`${server}!!${file}`)) return error('File does not exist');
    const index = this.#feed.index(view);
    if (!index) return error('Cannot find view');
    const ids = wantsIds ? keys.flatMap((key) => index.find(key, partial ? 'beginning' : 'whole')) : [];
    if (ids.length > 0) return text(...ids);
    const found = keys.flatMap((key) => index.lookUp(key, column, partial ? 'beginning' : 'whole') ?? []);
    const [first] = found;
    if (!first) return keys[0] === '' ? EMPTY : error('Entry not found in index');
    if (first.type === 'error') return first;
    const list = found.flatMap((value): readonly (string | number)[] => (value.type === 'error' ? [] : value.list));
    return { type: first.type, list } as Value;
  }
}
