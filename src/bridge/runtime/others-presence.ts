import { BridgeError } from '../../presence/errors.js';
import type { SipKey } from '../../presence/ids.js';
import { assertionRefusal } from '../engine/assertions.js';
import type { EngineState } from '../engine/state.js';
import type { EngineEvent } from '../engine/vocabulary.js';
import type { OthersPresence } from '../list-ports.js';
import type { Person } from '../ports.js';

export interface OthersPorts {
  readonly state: EngineState;
  /** Whom the key of a document means of those on the roster. */
  readonly person: (key: SipKey) => Person | undefined;
  readonly handle: (event: EngineEvent) => void;
  readonly now: () => number;
}

/** What applications say of people, as events of an engine. */
export function othersPresence({ state, person, handle, now }: OthersPorts): OthersPresence {
  return {
    assert(key, holder, status) {
      const uri = person(key)?.uri;
      const assertion = { ...status, holder, setAt: now() };
      const refusal = assertionRefusal(state, uri, assertion, assertion.setAt);
      if (refusal !== undefined) throw new BridgeError(refusal.code, refusal.reason);
      if (uri !== undefined) handle({ type: 'assert', uri, assertion });
    },
    retract(key, holder) {
      const uri = person(key)?.uri;
      if (uri !== undefined) handle({ type: 'retract', uri, holder });
    },
    silence(holder) {
      handle({ type: 'silence', holder });
    },
  };
}
