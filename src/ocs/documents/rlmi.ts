import type { BridgeError } from '../../presence/errors.js';
import { parseSipUri, type SipUri } from '../../presence/ids.js';
import { refusal } from './refusal.js';
import { type DocumentKind, readDocument } from './xml-document.js';
import type { XmlElement, XmlHandler } from './xml-handler.js';
import { XML_LIMITS, type XmlLimits } from './xml-limits.js';
import { NAMESPACES } from './xml-names.js';
import { xmlBoolean, xmlInteger } from './xml-values.js';
import { Vocabulary } from './xml-vocabulary.js';

/**
 * State of one resource's virtual subscription (RFC 4662 §5.5; `resubscribe` is MS-SIP's). Liveliest first: of several
 * instances of one resource the liveliest counts.
 */
const RESOURCE_STATES = ['active', 'resubscribe', 'pending', 'terminated'] as const;

export type ResourceState = (typeof RESOURCE_STATES)[number];

/** One resource of a list notification. */
export interface ResourceEntry {
  readonly uri: SipUri;
  /** `pending` also when the list has no instance for it, or one in a state we do not know: it tells nothing. */
  readonly state: ResourceState;
  /** Content-ID of the part with its document. */
  readonly cid?: string;
  /** With `resubscribe`: the pool to which a new subscription must go (MS-SIP). */
  readonly poolFqdn?: string;
  /** Why it is terminated; the `reason` or, for lack of one, the `statusCode` attribute. */
  readonly reason?: string;
  /** The same as a value of `ms-diagnostics`, number first (MS-OCER). */
  readonly diagnostics?: string;
}

export interface ResourceList {
  readonly version: number;
  /** True when resources that are missing from the list are gone. */
  readonly fullState: boolean;
  readonly resources: readonly ResourceEntry[];
  /** Resources with an unusable address; the others count. */
  readonly refused: readonly BridgeError[];
}

/** Reads an `application/rlmi+xml` document (RFC 4662 §5). Throws `OCS_DOCUMENT`. */
export function readResourceList(body: Buffer, limits: XmlLimits = XML_LIMITS): ResourceList {
  return readDocument(body, RESOURCE_LIST, { limits });
}

const vocabulary = new Vocabulary(['list', 'resource', 'instance', NAMESPACES.resourceList, ...RESOURCE_STATES]);

export const RESOURCE_LIST: DocumentKind<ResourceList> = { vocabulary, collector: () => new ResourceListCollector() };

class ResourceListCollector implements XmlHandler {
  private depth = 0;
  private version = 0;
  private fullState = false;
  private resource: ResourceEntry | undefined;
  private readonly resources: ResourceEntry[] = [];
  private readonly refused: BridgeError[] = [];

  open(element: XmlElement): boolean {
    const depth = ++this.depth;
    const local = element.namespace === NAMESPACES.resourceList ? element.local : '';
    if (depth === 1) {
      if (local !== 'list') throw refusal('namespace', 'The document is not a resource list.');
      this.version = xmlInteger(element.attribute('version')) ?? 0;
      this.fullState = xmlBoolean(element.attribute('fullState'));
    } else if (depth === 2 && local === 'resource') {
      this.resource = this.resourceOf(element.attribute('uri') ?? '');
    } else if (depth === 3 && local === 'instance' && this.resource !== undefined) {
      this.resource = liveliest(this.resource, instanceOf(this.resource.uri, element));
    }
    return false;
  }

  close(): void {
    if (--this.depth !== 1 || this.resource === undefined) return;
    this.resources.push(this.resource);
    this.resource = undefined;
  }

  result(): ResourceList {
    return {
      version: this.version,
      fullState: this.fullState,
      resources: this.resources,
      refused: this.refused,
    };
  }

  private resourceOf(address: string): ResourceEntry | undefined {
    const parsed = parseSipUri(address);
    if (parsed.ok) return { uri: parsed.value, state: 'pending' };
    this.refused.push(refusal('address', `A resource of the list has no usable address: ${parsed.reason}.`));
    return undefined;
  }
}

function instanceOf(uri: SipUri, element: XmlElement): ResourceEntry {
  const token = element.attribute('state')?.toLowerCase();
  const cid = element.attribute('cid');
  const poolFqdn = element.attribute('poolFqdn');
  const reason = element.attribute('reason') ?? element.attribute('statusCode');
  const diagnostics = element.attribute('ms-diagnostics');
  return {
    uri,
    state: RESOURCE_STATES.find((state) => state === token) ?? 'pending',
    ...(cid && { cid }),
    ...(poolFqdn && { poolFqdn }),
    ...(reason && { reason }),
    ...(diagnostics && { diagnostics }),
  };
}

/** `before` may be the entry without instance, which any instance replaces. */
function liveliest(before: ResourceEntry, instance: ResourceEntry): ResourceEntry {
  const untold = before.state === 'pending' && before.cid === undefined && before.reason === undefined;
  const rank = (entry: ResourceEntry): number => RESOURCE_STATES.indexOf(entry.state);
  return untold || rank(instance) < rank(before) ? instance : before;
}
