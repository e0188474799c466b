import { findNamed } from '../../notes/template/design/element-names.js';
import type { ClickOutcome } from '../../notes/template/form/run-click.js';
import type { FormulaEffect } from '../../notes/template/formula/effects.js';
import { effectWords, type SaidPart, scriptWords } from '../../notes/template/preview/effect-words.js';
import type { ShownTemplate } from './shown-template.js';

/** What a browser is told after a click. */
export interface ClickAnswer {
  readonly said: readonly SaidPart[];
  /** Address of the page that comes next. */
  readonly go?: string;
  /** The form shall be saved now. */
  readonly saves?: true;
}

/** Commands of the client that the preview follows; others are told. */
export function clickAnswer(
  shown: ShownTemplate,
  outcome: ClickOutcome,
  place: { readonly path: string; readonly back: string },
): ClickAnswer {
  if (outcome.kind === 'cannot-run') return { said: scriptWords(shown.language) };
  const { effects, value } = outcome;
  const go = effects.map((effect) => addressOf(shown, effect, place)).find((address) => address !== undefined);
  const saves = effects.some((effect) => effect.kind === 'command' && effect.name === 'FILESAVE');
  const told = effects.filter((effect) => addressOf(shown, effect, place) === undefined && !isSaving(effect));
  // Where the page changes or the form is saved, that is what happens.
  const said =
    (go !== undefined || saves) && told.length === 0 && value.type !== 'error'
      ? []
      : effectWords(told, value, shown.language);
  return { said, ...(go === undefined ? {} : { go }), ...(saves ? { saves } : {}) };
}

function isSaving(effect: FormulaEffect): boolean {
  return effect.kind === 'command' && effect.name === 'FILESAVE';
}

function addressOf(
  { design, paths }: ShownTemplate,
  effect: FormulaEffect,
  { path, back }: { readonly path: string; readonly back: string },
): string | undefined {
  if (effect.kind !== 'command') return undefined;
  const words = effect.args.flatMap((value) => (value.type === 'text' ? value.list : []));
  const form = [...words].reverse().flatMap((word) => findNamed(design.forms, word) ?? [])[0];
  const view = design.views.find(({ alias, title }) => words.includes(alias) || words.includes(title));
  switch (effect.name) {
    case 'COMPOSE':
    case 'EDITPROFILE':
    case 'EDITPROFILEDOCUMENT':
      return form && paths.form(form.alias);
    case 'OPENVIEW':
      return view && paths.view(view.alias);
    case 'OPENDOCUMENT': {
      const anyView = design.views.find(({ isDefault }) => isDefault);
      return words[1] && anyView && paths.document(anyView.alias, words[1]);
    }
    case 'EDITDOCUMENT':
      return `${path}?mode=edit`;
    case 'FILECLOSEWINDOW':
    case 'CLOSEWINDOW':
      return back;
    case 'HELPABOUTDATABASE':
      return paths.about;
    case 'HELPUSINGDATABASE':
      return paths.using;
    default:
      return undefined;
  }
}
