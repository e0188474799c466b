import { descendants } from '../xml-tree.js';
import type { LintModel } from './model.js';

/** What other elements, formulas and scripts may call by its name. */
export interface DesignNames {
  /** Whether an element of one of these kinds has that name or alias. */
  has(kinds: readonly string[], name: string): boolean;
  /** Names of the frames of all framesets. */
  readonly frames: ReadonlySet<string>;
  /** Ids of shared actions. */
  readonly sharedActions: ReadonlySet<string>;
  /** Roles of the access list, each with its brackets. */
  readonly roles: ReadonlySet<string>;
}

/** Collects the names once for all rules. */
export function designNames(model: LintModel): DesignNames {
  const names = new Map<string, Set<string>>();
  const [frames, sharedActions, roles] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const { element } of model.subjects.slice(1)) {
    const known = names.get(element.name) ?? new Set<string>();
    for (const word of [element.attributes.get('name') ?? '', ...(element.attributes.get('alias') ?? '').split('|')]) {
      if (word !== '') known.add(word);
    }
    names.set(element.name, known);
    for (const inner of descendants(element)) {
      if (inner.name === 'frame') frames.add(inner.attributes.get('name') ?? '');
      if (inner.name === 'action' && element.name === 'sharedactions') {
        sharedActions.add(inner.attributes.get('id') ?? '');
      }
      if (inner.name === 'role' && element.name === 'acl') roles.add(inner.text.trim());
    }
  }
  return { has: (kinds, name) => kinds.some((kind) => names.get(kind)?.has(name)), frames, sharedActions, roles };
}
