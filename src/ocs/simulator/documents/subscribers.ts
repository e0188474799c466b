import { parseSipUri, type SipUri } from '../../../presence/ids.js';
import { bad, ok, type Result } from '../../../presence/result.js';
import { attributeOf, elementsOf, type XmlElement } from './xml-tree.js';

export const SET_SUBSCRIBERS_TYPE = 'application/msrtc-presence-setsubscriber+xml';

/** Reads `setSubscribers`: the watchers that the user's client confirms. */
export function readSubscribers(root: XmlElement): Result<readonly SipUri[]> {
  if (root.name !== 'setSubscribers') return bad('"setSubscribers" was expected');
  const confirmed: SipUri[] = [];
  for (const element of elementsOf(root, 'subscriber')) {
    const uri = parseSipUri(attributeOf(element, 'user') ?? '');
    if (!uri.ok) return bad(`a subscriber is malformed: ${uri.reason}`);
    if (attributeOf(element, 'acknowledged') === 'true') confirmed.push(uri.value);
  }
  return ok(confirmed);
}
