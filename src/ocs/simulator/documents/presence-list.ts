import type { SipUri } from '../../../presence/ids.js';
import { CATEGORIES_TYPE } from './categories.js';
import { multipart, type Part } from './multipart.js';
import { xml } from './xml-write.js';

const RLMI_TYPE = 'application/rlmi+xml';

/** First state of one resource of a batch: its document, or `undefined` for a person the server does not know. */
export interface ListedResource {
  readonly uri: SipUri;
  readonly document: string | undefined;
}

export interface TypedBody {
  readonly type: string;
  readonly body: string;
}

/** Full state of a batched subscription (RFC 4662, MS-PRES 2.2.2.4.2): the list, then one document per active resource. */
export function presenceList(self: SipUri, resources: readonly ListedResource[], boundary: string): TypedBody {
  const entries = resources.map(({ uri, document }) => {
    const cid = cidOf(uri);
    const instance =
      document === undefined ? { id: 0, state: 'terminated', reason: 'noresource' } : { id: 0, state: 'active', cid };
    return xml('resource', { uri }, xml('instance', instance));
  });
  const list = xml(
    'list',
    { xmlns: 'urn:ietf:params:xml:ns:rlmi', uri: self, version: 0, fullState: 'false' },
    ...entries,
  );
  const documents = resources.flatMap(({ uri, document }): Part[] =>
    document === undefined ? [] : [{ id: cidOf(uri), type: CATEGORIES_TYPE, body: document }],
  );
  const parts: Part[] = [{ id: 'resourceList', type: RLMI_TYPE, body: list }, ...documents];
  return {
    type: `multipart/related;type="${RLMI_TYPE}";start=resourceList;boundary=${boundary}`,
    body: multipart(parts, boundary),
  };
}

function cidOf(uri: SipUri): string {
  return uri.slice('sip:'.length);
}
