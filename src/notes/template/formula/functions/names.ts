import { error, text, textsOf, type Value, WRONG_TYPE } from '../values.js';
import type { FunctionTable } from './definition.js';

interface NamePart {
  /** `CN`, `OU`, `O`, `C`. */
  readonly label: string;
  readonly value: string;
}

/** `@Name` with the keywords for hierarchical names. */
export const NAME_FUNCTIONS: FunctionTable = {
  '@name': { least: 2, most: 2, apply: ([action, names], { userName }) => nameOf(action, names, userName ?? '') },
};

function nameOf(action: Value | undefined, names: Value | undefined, userName: string): Value {
  const list = textsOf(names);
  const keyword = action?.type === 'keyword' ? action.list[0] : undefined;
  const change = keyword === undefined ? undefined : changeOf(keyword, userName);
  if (!list || !change) return error(WRONG_TYPE);
  return text(...list.map(change));
}

function changeOf(keyword: string, userName: string): ((name: string) => string) | undefined {
  switch (keyword) {
    case 'CN':
      // A name without hierarchy is a common name as a whole.
      return (name) => (isHierarchical(name) ? component(name, 'CN', 1) : name);
    case 'O':
    case 'C':
      return (name) => component(name, keyword, 1);
    case 'OU1':
    case 'OU2':
    case 'OU3':
    case 'OU4':
      return (name) => component(name, 'OU', Number(keyword[2]));
    case 'ABBREVIATE':
      return (name) =>
        partsOf(name)
          .map((part) => part.value)
          .join('/');
    case 'CANONICALIZE':
      return (name) =>
        partsOf(isHierarchical(name) ? name : completed(name, userName))
          .map((part) => `${part.label}=${part.value}`)
          .join('/');
    default:
      return undefined;
  }
}

/** What a name lacks is taken from the ID at work, so says the documentation of `@Name`; also for groups and addresses. */
function completed(name: string, userName: string): string {
  const above = partsOf(userName).slice(1);
  return [`CN=${name}`, ...above.map((part) => `${part.label}=${part.value}`)].join('/');
}

function isHierarchical(name: string): boolean {
  return name.includes('/') || /^[A-Za-z]{1,2}=/.test(name);
}

/** Parts of a canonical or an abbreviated name, most special first. */
function partsOf(name: string): NamePart[] {
  const written = name.split('/').map((part) => part.trim());
  return written.map((part, index) => {
    const labelled = /^([A-Za-z]{1,2})\s*=\s*(.*)$/.exec(part);
    if (labelled) return { label: (labelled[1] ?? '').toUpperCase(), value: labelled[2] ?? '' };
    return { label: index === 0 ? 'CN' : index === written.length - 1 ? 'O' : 'OU', value: part };
  });
}

/** The n-th component with that label; units are counted from the organization downwards. */
function component(name: string, label: string, count: number): string {
  const found = partsOf(name).filter((part) => part.label === label);
  return (label === 'OU' ? found.at(-count) : found[count - 1])?.value ?? '';
}
