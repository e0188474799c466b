import { xml } from './xml-write.js';

/** `create` says whom the subscription is about, the others change that. */
export type AdhocListAction = 'create' | 'add' | 'delete';

/** COMPAT(lcs2005): body of its batched SUBSCRIBE, `application/adrl+xml` (MS-SIP, ad-hoc list). */
export interface AdhocList {
  /** The account that subscribes. */
  readonly self: string;
  readonly action: AdhocListAction;
  /** Addresses as they may stand in a header. */
  readonly uris: readonly string[];
}

export function writeAdhocList({ self, action, uris }: AdhocList): Buffer {
  const people = uris.map((uri) => xml('resource', { uri }));
  const list = xml('adhoclist', { xmlns: 'urn:ietf:params:xml:ns:adrl', uri: self, name: self }, [
    // The elements inside are in no namespace.
    xml(action, { xmlns: '' }, people),
  ]);
  return Buffer.from(list.text, 'utf8');
}
