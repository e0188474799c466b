import { NAMESPACES } from './xml-names.js';
import { xml } from './xml-write.js';

export type WatchedCategory = 'state' | 'note' | 'contactCard';

/** Body of a batched SUBSCRIBE (MS-SIP, batched subscription), `application/msrtc-adrl-categorylist+xml`. */
export interface BatchSubscribe {
  /** The account that subscribes. */
  readonly self: string;
  readonly action: 'subscribe' | 'unsubscribe';
  /** The people to add to, or to take from, the subscription of this dialog; addresses as they may stand in a header. */
  readonly uris: readonly string[];
  /** Not written for `unsubscribe`, which always ends all categories. */
  readonly categories: readonly WatchedCategory[];
  /** Any number of decimal digits. */
  readonly id: string;
}

export function writeBatchSubscribe({ self, action, uris, categories, id }: BatchSubscribe): Buffer {
  const people = uris.map((uri) => xml('resource', { uri }));
  const names = categories.map((name) => xml('category', { name }));
  const lists = [xml('adhocList', {}, people)];
  if (action === 'subscribe') lists.push(xml('categoryList', { xmlns: NAMESPACES.categoryList }, names));
  const document = xml('batchSub', { xmlns: NAMESPACES.batchSubscribe, uri: self, name: '' }, [
    xml('action', { name: action, id }, lists),
  ]);
  return Buffer.from(document.text, 'utf8');
}
