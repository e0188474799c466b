import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EngineEvent } from '../src/bridge/engine/vocabulary.js';
import type { Person } from '../src/bridge/ports.js';
import type { SipMessage } from '../src/ocs/wire/message.js';
import { contactUri } from './messages.js';
import type { Folders, Pipeline } from './pipeline.js';

export interface ProductPipeline extends Pipeline {
  /** `check` sees the decoded message before anything is read from its body. */
  take(message: Buffer, check?: (message: SipMessage) => void): void;
  /** A message that is decoded already. */
  observe(message: SipMessage): void;
}

/**
 * The product's own path, whole but for the socket and the signature: strict decoding, strict XML, merge by publication
 * time, engine with counts and queue, and the records of a write once a batch is full. The store confirms at once.
 */
export async function createProduct({ product }: Folders, contacts: number): Promise<ProductPipeline> {
  const load = (path: string): Promise<unknown> => import(pathToFileURL(join(product, path)).href);
  const { decodeMessage } = (await load('ocs/wire/decode.js')) as typeof import('../src/ocs/wire/decode.js');
  const { readPresence } = (await load(
    'ocs/documents/read-presence.js',
  )) as typeof import('../src/ocs/documents/read-presence.js');
  const { createState, DEFAULT_ENGINE_CONFIG } = (await load(
    'bridge/engine/state.js',
  )) as typeof import('../src/bridge/engine/state.js');
  const { step } = (await load('bridge/engine/step.js')) as typeof import('../src/bridge/engine/step.js');
  const { parseSipUri, sipKeyOf } = (await load('presence/ids.js')) as typeof import('../src/presence/ids.js');

  const now = Date.now();
  const state = createState({ ...DEFAULT_ENGINE_CONFIG, bridge: 'bench', version: '0', notes: true }, now);
  const run = (event: EngineEvent): void => {
    for (const effect of step(state, event, now).effects) {
      if (effect.type !== 'write') continue;
      const written = effect.records.map((record) => record.person.key);
      run({ type: 'written', outcome: { written, failed: new Map() } });
    }
  };

  const uriOf = (text: string): Person['uri'] => {
    const parsed = parseSipUri(text);
    if (!parsed.ok) throw new Error(parsed.reason);
    return parsed.value;
  };
  const people = Array.from({ length: contacts }, (_, index): Person => {
    const uri = uriOf(contactUri(index));
    return { uri, key: sipKeyOf(uri), name: undefined, displayName: '' };
  });
  run({ type: 'roster', roster: { people, optedOut: new Set() } });
  run({ type: 'start' });
  run({
    type: 'store-opened',
    contents: { people: [], highestEpoch: 0, duplicates: 0, conflicts: 0, leftAlone: 0 },
  });
  run({ type: 'source-link', report: { state: 'connected', since: now } });

  const take = (bytes: Buffer, check?: (message: SipMessage) => void): void => {
    const decoded = decodeMessage(bytes);
    if (!decoded.ok) throw decoded.error;
    const { message } = decoded;
    check?.(message);
    if (message.method !== 'BENOTIFY' || message.callId === '') throw new Error('not the message that was sent');
    observe(message);
  };

  const observe = (message: SipMessage): void => {
    const { observations, refused } = readPresence(message.header('content-type') ?? '', message.body);
    if (refused[0] !== undefined) throw refused[0];
    run({ type: 'observed', observations, authoritative: false });
    if (state.pending.size >= state.config.batchSize) run({ type: 'timer', name: 'flush' });
  };

  return {
    take,
    observe,
    stored: (uri) => state.entries.get(uriOf(uri))?.snapshot.status,
    count: () => [...state.entries.values()].filter((entry) => entry.confirmed).length,
  };
}
