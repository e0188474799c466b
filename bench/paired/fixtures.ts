import { ownMessage } from '../messages.js';
import type { Folders } from '../pipeline.js';
import { sharedModule } from './load.js';

/** How much a message says about a person: five categories, or the state alone. */
export type Extent = 'full' | 'state';

interface SharedFixtures {
  benotify(index: number, kind: Extent): Buffer;
  piggyback(index: number, people: number, kind: Extent): Buffer;
}

export interface Fixtures {
  /** A BENOTIFY of an OCS server about one person. */
  benotify(index: number, extent: Extent): Buffer;
  /** The answer to a batch SUBSCRIBE, with one part for each person; absent without the shared fixtures. */
  readonly piggyback: SharedFixtures['piggyback'] | undefined;
  readonly extents: readonly Extent[];
}

export async function openFixtures(folders: Folders): Promise<Fixtures> {
  const shared = await sharedModule<SharedFixtures>(folders, 'fixtures.js');
  if (shared !== undefined) {
    return {
      benotify: (index, extent) => shared.benotify(index, extent),
      piggyback: (index, people, extent) => shared.piggyback(index, people, extent),
      extents: ['full', 'state'],
    };
  }
  return { benotify: (index) => ownMessage(index, 'state'), piggyback: undefined, extents: ['state'] };
}

export const EXTENT_WORDS: Readonly<Record<Extent, string>> = {
  full: 'five categories',
  state: 'state alone',
};

export function averageLength(messages: readonly Buffer[]): number {
  return Math.round(messages.reduce((sum, { length }) => sum + length, 0) / messages.length);
}
