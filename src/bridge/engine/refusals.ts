import type { BridgeError, ErrorCode } from '../../presence/errors.js';
import type { SipKey } from '../../presence/ids.js';
import type { PersonRecord, WriteOutcome } from '../ports.js';
import { entriesByKey } from './entries-by-key.js';
import { countDoubt, mark } from './mark.js';
import type { EngineState } from './state.js';
import type { EngineEffect } from './vocabulary.js';

/** Leaves refused documents alone for a while. The timer is not begun anew, or steady refusals would put it off for ever. */
export function setAside(
  state: EngineState,
  { failed }: WriteOutcome,
  sent: ReadonlyMap<SipKey, PersonRecord> | undefined,
): EngineEffect[] {
  const isTimed = state.refusedDocuments.size > 0;
  const effects: EngineEffect[] = [];
  for (const [key, error] of failed) {
    state.counters.failedDocuments++;
    const uri = sent?.get(key)?.person.uri;
    state.refusedDocuments.set(key, { uri, code: error.code });
    const entry = uri === undefined ? undefined : state.entries.get(uri);
    if (entry !== undefined) {
      // One document that cannot be corrected must not turn everybody else grey for ever.
      entry.unproven = false;
      countDoubt(state, entry);
    }
    effects.push({ type: 'document-refused', key, error });
  }
  if (effects.length === 0 || isTimed) return effects;
  return [...effects, { type: 'set-timer', name: 'refused-documents', delayMs: state.config.refusedMs }];
}

/** Tries refused documents once more: to write those of the roster, to delete others. */
export function retryRefused(state: EngineState, now: number): void {
  const refused = [...state.refusedDocuments];
  state.refusedDocuments.clear();
  // Whoever came back while the removal was under way must not lose the document.
  const byKey = refused.some(([, { uri }]) => uri === undefined) ? entriesByKey(state) : undefined;
  for (const [key, { uri }] of refused) {
    const entry = uri === undefined ? byKey?.get(key) : state.entries.get(uri);
    if (entry === undefined) state.leaving.add(key);
    else mark(state, entry, now);
  }
}

/** What a database says of each document when it means all of them. */
const WHOLE_STORE: ReadonlySet<ErrorCode> = new Set(['NOTES_FULL', 'NOTES_READ_ONLY', 'NOTES_BUSY']);

/**
 * The error that stands for the store as a whole, when it refused everything for a reason that no single document has:
 * it is then asked again ever more rarely, instead of with every document.
 */
export function storeRefusal({ written, failed }: WriteOutcome): BridgeError | undefined {
  if (written.length > 0) return undefined;
  const errors = [...failed.values()];
  const isAll = (test: (code: ErrorCode) => boolean): boolean => errors.every(({ code }) => test(code));
  // One document may be closed to the bridge by its own author items; several at once are the access list.
  const isWhole =
    isAll((code) => WHOLE_STORE.has(code)) || (errors.length > 1 && isAll((c) => c === 'NOTES_FORBIDDEN'));
  return isWhole ? errors[0] : undefined;
}
