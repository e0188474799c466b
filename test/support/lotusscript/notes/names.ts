import { type NativeClass, native, property } from '../native.js';
import { bool, str } from '../values.js';

export interface NameParts {
  readonly text: string;
  readonly parts: readonly { readonly label: string; readonly value: string }[];
}

/** Reads a hierarchical name, canonical or abbreviated; any other text is a common name as a whole. */
export function nameOf(text: string): NameParts {
  const isHierarchical = text.includes('/') || /^(CN|OU|O|C)\s*=/i.test(text);
  if (!isHierarchical) return { text, parts: [] };
  const written = text.split('/').map((part) => part.trim());
  const parts = written.map((part, index) => {
    const labelled = /^([A-Za-z]{1,2})\s*=\s*(.*)$/.exec(part);
    if (labelled) return { label: (labelled[1] ?? '').toUpperCase(), value: labelled[2] ?? '' };
    return { label: index === 0 ? 'CN' : index === written.length - 1 ? 'O' : 'OU', value: part };
  });
  return { text, parts };
}

function part(name: NameParts, label: string, count = 1): string {
  const found = name.parts.filter((one) => one.label === label);
  return (label === 'OU' ? found.at(-count) : found[0])?.value ?? '';
}

export function canonicalOf(name: NameParts): string {
  return name.parts.length === 0 ? name.text : name.parts.map(({ label, value }) => `${label}=${value}`).join('/');
}

export const NOTES_NAME: NativeClass<NameParts> = {
  name: 'NotesName',
  members: {
    canonical: property((name) => str(canonicalOf(name))),
    abbreviated: property((name) =>
      str(name.parts.length === 0 ? name.text : name.parts.map(({ value }) => value).join('/')),
    ),
    common: property((name) => str(name.parts.length === 0 ? name.text : part(name, 'CN'))),
    organization: property((name) => str(part(name, 'O'))),
    orgunit1: property((name) => str(part(name, 'OU', 1))),
    orgunit2: property((name) => str(part(name, 'OU', 2))),
    orgunit3: property((name) => str(part(name, 'OU', 3))),
    orgunit4: property((name) => str(part(name, 'OU', 4))),
    country: property((name) => str(part(name, 'C'))),
    ishierarchical: property((name) => bool(name.parts.length > 0)),
  },
};

export function notesName(text: string) {
  return native(NOTES_NAME, nameOf(text));
}
