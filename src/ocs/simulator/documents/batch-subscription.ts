import { parseSipUri, type SipUri } from '../../../presence/ids.js';
import { bad, ok, type Result } from '../../../presence/result.js';
import { attributeOf, elementAt, elementsOf, type XmlElement } from './xml-tree.js';

export interface BatchResource {
  readonly uri: SipUri;
  /** True when the watcher just added this contact, who shall be told. */
  readonly prompt: boolean;
}

export interface BatchAction {
  readonly kind: 'subscribe' | 'unsubscribe';
  readonly resources: readonly BatchResource[];
  /** Names of categories, in the order asked for. */
  readonly categories: readonly string[];
}

/** Reads a `batchSub` document (MS-PRES 2.2.2.4.1). One malformed address refuses the whole document. */
export function readBatch(root: XmlElement): Result<readonly BatchAction[]> {
  if (root.name !== 'batchSub') return bad('"batchSub" was expected');
  const actions: BatchAction[] = [];
  for (const element of elementsOf(root, 'action')) {
    const name = attributeOf(element, 'name');
    if (name !== 'subscribe' && name !== 'unsubscribe') return bad('an action must be "subscribe" or "unsubscribe"');
    const resources: BatchResource[] = [];
    for (const resource of elementsOf(elementAt(element, 'adhocList') ?? element, 'resource')) {
      const uri = parseSipUri(attributeOf(resource, 'uri') ?? '');
      if (!uri.ok) return bad(`a resource is malformed: ${uri.reason}`);
      resources.push({ uri: uri.value, prompt: elementAt(resource, 'context') !== undefined });
    }
    const list = elementAt(element, 'categoryList');
    const categories = (list ? elementsOf(list, 'category') : []).map(
      (category) => attributeOf(category, 'name') ?? '',
    );
    actions.push({ kind: name, resources, categories: [...new Set(categories.filter((category) => category !== ''))] });
  }
  return actions.length > 0 ? ok(actions) : bad('there is no action');
}
