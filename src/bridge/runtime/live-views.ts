import type { SipKey } from '../../presence/ids.js';
import type { LiveView } from '../person-ports.js';
import type { BridgeStatus, PersonStatus } from '../status.js';

/** What the running bridge knows of these people, of those that it watches. */
export function liveViews(
  keys: readonly SipKey[],
  people: readonly PersonStatus[],
  { refused }: Pick<BridgeStatus, 'refused'>,
): readonly LiveView[] {
  const wanted = new Set(keys);
  return people
    .filter(({ key }) => wanted.has(key))
    .map(({ key, uri, status, since, observedAt, written }) => {
      const code = refused.find((one) => one.key === key)?.code;
      return {
        address: uri,
        status,
        since,
        // A person who is not confirmed has no moment of confirmation.
        confirmed: observedAt !== undefined,
        observedAt,
        written,
        ...(code === undefined ? {} : { refused: code }),
      };
    });
}
