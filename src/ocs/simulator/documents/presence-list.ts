import type { SipUri } from '../../../presence/ids.js';
import { multipart, type Part } from './multipart.js';
import { xml } from './xml-write.js';

const RLMI_TYPE = 'application/rlmi+xml';

export interface TypedBody {
  readonly type: string;
  readonly body: string;
}

/** What a batch says of one person (RFC 4662 §5, MS-PRES 3.4.5.1.3). */
export type ListedState =
  | { readonly state: 'active'; readonly document: TypedBody }
  /** To be asked for elsewhere: at a pool, or, without one, by a subscription to the person. */
  | { readonly state: 'resubscribe'; readonly poolFqdn: string | undefined }
  /** The person has not decided yet. */
  | { readonly state: 'pending' }
  /** `diagnostics` is the value of an `ms-diagnostics` header for this person alone. */
  | { readonly state: 'terminated'; readonly reason: string; readonly diagnostics?: string };

export interface ListedResource {
  readonly uri: SipUri;
  readonly listed: ListedState;
}

/** Full state of a batched subscription (RFC 4662, MS-PRES 2.2.2.4.2): the list, then one document per active resource. */
export function presenceList(self: string, resources: readonly ListedResource[], boundary: string): TypedBody {
  const entries = resources.map(({ uri, listed }) => xml('resource', { uri }, instanceElement(uri, listed)));
  const list = xml(
    'list',
    { xmlns: 'urn:ietf:params:xml:ns:rlmi', uri: self, version: 0, fullState: 'false' },
    ...entries,
  );
  const documents = resources.flatMap(({ uri, listed }): Part[] =>
    listed.state === 'active' ? [{ id: cidOf(uri), ...listed.document }] : [],
  );
  const parts: Part[] = [{ id: 'resourceList', type: RLMI_TYPE, body: list }, ...documents];
  return {
    type: `multipart/related;type="${RLMI_TYPE}";start=resourceList;boundary=${boundary}`,
    body: multipart(parts, boundary),
  };
}

function instanceElement(uri: SipUri, listed: ListedState): string {
  const { state } = listed;
  switch (state) {
    case 'active':
      return xml('instance', { id: 0, state, cid: cidOf(uri) });
    case 'resubscribe':
      return xml('instance', { id: 0, state, poolFqdn: listed.poolFqdn });
    case 'pending':
      return xml('instance', { id: 0, state });
    case 'terminated':
      return xml('instance', { id: 0, state, reason: listed.reason, 'ms-diagnostics': listed.diagnostics });
  }
}

function cidOf(uri: SipUri): string {
  return uri.slice('sip:'.length);
}
