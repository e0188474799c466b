import { parseSipUri, type SipUri } from '../../../presence/ids.js';
import { bad, ok, type Result } from '../../../presence/result.js';
import { attributeOf, elementAt, elementsOf, type XmlElement } from './xml-tree.js';

/** Type of a list with categories, in lower case; that of LCS 2005 is told by its root element. */
export const BATCH_TYPE = 'application/msrtc-adrl-categorylist+xml';

export interface BatchResource {
  readonly uri: SipUri;
  /** True when the watcher just added this contact, who shall be told. */
  readonly prompt: boolean;
}

export interface BatchAction {
  /** `replace`: as `subscribe`, and nobody else is watched any more. */
  readonly kind: 'subscribe' | 'unsubscribe' | 'replace';
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
    const resources = readResources(elementAt(element, 'adhocList') ?? element, false);
    if (!resources.ok) return resources;
    const list = elementAt(element, 'categoryList');
    const categories = (list ? elementsOf(list, 'category') : []).map(
      (category) => attributeOf(category, 'name') ?? '',
    );
    actions.push({
      kind: name,
      resources: resources.value,
      categories: [...new Set(categories.filter((category) => category !== ''))],
    });
  }
  return actions.length > 0 ? ok(actions) : bad('there is no action');
}

const ADHOC_ACTIONS = { create: 'replace', add: 'subscribe', delete: 'unsubscribe' } as const;

/**
 * Reads the `adhoclist` of LCS 2005 (MS-SIP 2.2.6): a whole list, or people to add and to delete. It tells nothing of who
 * was just added, so whoever is watched is asked at the first time.
 */
export function readAdhocList(root: XmlElement): Result<readonly BatchAction[]> {
  if (root.name !== 'adhoclist') return bad('"adhoclist" was expected');
  const actions: BatchAction[] = [];
  for (const element of elementsOf(root)) {
    const name = element.name;
    if (name !== 'create' && name !== 'add' && name !== 'delete') return bad(`"${name}" is no action of a list`);
    const resources = readResources(element, true);
    if (!resources.ok) return resources;
    actions.push({ kind: ADHOC_ACTIONS[name], resources: resources.value, categories: [] });
  }
  return actions.length > 0 ? ok(actions) : bad('there is no action');
}

function readResources(parent: XmlElement, alwaysPrompt: boolean): Result<readonly BatchResource[]> {
  const resources: BatchResource[] = [];
  for (const resource of elementsOf(parent, 'resource')) {
    const uri = parseSipUri(attributeOf(resource, 'uri') ?? '');
    if (!uri.ok) return bad(`a resource is malformed: ${uri.reason}`);
    resources.push({ uri: uri.value, prompt: alwaysPrompt || elementAt(resource, 'context') !== undefined });
  }
  return ok(resources);
}
