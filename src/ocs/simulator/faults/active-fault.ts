import type { Clock } from '../../../bridge/ports.js';
import type { SipUri } from '../../../presence/ids.js';
import { seeded } from '../seeded.js';
import type { FaultBehaviour, LineFacts } from './fault.js';
import type { FaultSpec } from './fault-spec.js';
import { isInScope } from './scope.js';

const DEFAULT_SEED = 1;
const NOTHING: FaultBehaviour = {};

/** A fault that was begun: it knows since when, and how often it struck on all connections together. */
export class ActiveFault {
  readonly spec: FaultSpec;
  readonly #clock: Clock;
  readonly #begun: number;
  readonly #unit: () => number;
  readonly #make: (line: LineFacts) => FaultBehaviour;
  #struck = 0;

  constructor(spec: FaultSpec, clock: Clock) {
    this.spec = spec;
    this.#clock = clock;
    this.#begun = clock.monotonic();
    this.#unit = seeded(spec.scope.seed ?? DEFAULT_SEED);
    const { action } = spec;
    this.#make =
      action.kind === 'line'
        ? action.begin({ now: () => clock.monotonic(), unit: this.#unit })
        : (): FaultBehaviour => NOTHING;
  }

  get struck(): number {
    return this.#struck;
  }

  behaviourFor(line: LineFacts): FaultBehaviour {
    return this.#make(line);
  }

  /** Asks the fault, within its scope, and takes what it makes of it as often as chance says. */
  decide<Outcome>(user: SipUri | undefined, ask: () => (() => Outcome) | undefined): Outcome | undefined {
    const { scope } = this.spec;
    if (!isInScope(scope, user, this.#clock.monotonic() - this.#begun, this.#struck)) return undefined;
    const apply = ask();
    if (!apply) return undefined;
    if (scope.probability !== undefined && this.#unit() >= scope.probability) return undefined;
    this.#struck += 1;
    return apply();
  }
}
