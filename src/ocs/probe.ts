import { hostname } from 'node:os';
import { BridgeError } from '../presence/errors.js';
import { OcsClient } from './agent/client.js';
import { epidFor } from './agent/endpoint.js';
import type { RegistrationFacts } from './agent/registration-facts.js';
import { memoryAttempts } from './auth/attempts.js';
import type { PeerFacts } from './link/peer-facts.js';
import { clientOptionsOf, type OcsSourceOptions } from './options.js';
import { fixedServer, type OcsPorts } from './source.js';

export interface ProbeStep {
  readonly name: 'connect' | 'certificate' | 'sign-in';
  readonly ok: boolean;
  /** One sentence for people. */
  readonly detail: string;
  /** Why it is not ok. */
  readonly error?: BridgeError;
}

export interface ProbeResult {
  /** In order; ends with the first step that failed. */
  readonly steps: readonly ProbeStep[];
}

/** Milliseconds for everything. */
const PROBE_TIMEOUT_MS = 20_000;
const DAY_MS = 86_400_000;

/** Connects, signs in and signs off again, once. A wrong password is tried once only. Resolves always. */
export function probeOcs(options: OcsSourceOptions, ports: OcsPorts): Promise<ProbeResult> {
  const server = fixedServer(options.server);
  const { host, port } = server;
  return new Promise((resolve) => {
    const steps: ProbeStep[] = [];
    const finish = (step: ProbeStep): void => {
      steps.push(step);
      cancel();
      client.stop().then(
        () => resolve({ steps }),
        () => resolve({ steps }),
      );
    };
    const fail = (error: BridgeError): void => {
      finish({ name: failedStep(error, steps), ok: false, detail: error.message, error });
    };
    const client = new OcsClient(
      // An endpoint of its own: a bridge that runs with this account on this machine keeps its registration.
      clientOptionsOf({ ...options, epid: epidFor(options.account, `${hostname()} probe`) }, server),
      {
        onConnected: (peer) => {
          steps.push({ name: 'connect', ok: true, detail: `Connected to ${host}:${port}.` });
          if (peer !== undefined)
            steps.push({ name: 'certificate', ok: true, detail: describe(peer, ports.clock.now()) });
        },
        onSignedIn: (facts) => finish({ name: 'sign-in', ok: true, detail: describeServer(facts) }),
        onObservations: () => {},
        onLost: () => {},
        onEnd: fail,
      },
      { ...ports, attempts: memoryAttempts(), maxPasswordFailures: 1, count: () => {} },
    );
    const cancel = ports.clock.after(PROBE_TIMEOUT_MS, () =>
      fail(new BridgeError('OCS_TIMEOUT', `${host}:${port} did not complete the sign-in in time.`)),
    );
    client.start();
  });
}

function failedStep(error: BridgeError, before: readonly ProbeStep[]): ProbeStep['name'] {
  if (error.code === 'OCS_TLS_NAME' || error.code === 'OCS_TLS_UNTRUSTED') return 'certificate';
  return before.length === 0 ? 'connect' : 'sign-in';
}

function describe({ protocol, subject, names, validTo }: PeerFacts, now: number): string {
  const days = Math.floor((validTo - now) / DAY_MS);
  const until = new Date(validTo).toISOString().slice(0, 10);
  return `${protocol}; certificate "${subject}" for ${names.join(', ')}, valid until ${until} (${days} days).`;
}

function describeServer({ product, expires }: RegistrationFacts): string {
  return `Signed in; server "${product || 'unnamed'}", registration for ${expires} s.`;
}
