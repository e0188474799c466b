import type { SipUri } from '../../presence/ids.js';
import type { EngineState } from './state.js';

/** Whom OCS is asked for: everybody but lists, of which it knows nothing. */
export function watchedUris({ entries }: EngineState): readonly SipUri[] {
  return [...entries.values()].filter(({ list }) => list === undefined).map(({ person }) => person.uri);
}
