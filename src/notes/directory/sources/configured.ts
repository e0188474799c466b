import type { Person } from '../../../bridge/ports.js';
import type { DirectoryEntry } from '../entry.js';

/** The people listed in the configuration. */
export function configuredPeople(people: readonly Person[]): readonly DirectoryEntry[] {
  return people.map(({ uri, name, otherNames = [], displayName }, index) => ({
    origin: `configuration, people ${index + 1}`,
    names: [...(name === undefined ? [] : [name]), ...otherNames],
    addresses: [{ rule: 'people', text: uri }],
    displayName,
  }));
}
