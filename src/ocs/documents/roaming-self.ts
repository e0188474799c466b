import { parseSipUri, type SipUri } from '../../presence/ids.js';
import { cleanText } from '../../presence/snapshot.js';
import type { DocumentOptions } from './document-options.js';
import { documentPerson } from './document-person.js';
import { refusal } from './refusal.js';
import { type DocumentKind, readDocument } from './xml-document.js';
import type { XmlElement, XmlHandler } from './xml-handler.js';
import { NAMESPACES } from './xml-names.js';
import { xmlBoolean, xmlInteger, xmlUnsigned } from './xml-values.js';
import { Vocabulary } from './xml-vocabulary.js';

/** One publication of the own account as the server keeps it; its key is category, instance and container. */
export interface OwnPublication {
  readonly category: string;
  /** 32 bits without sign (MS-PRES, publication instances). */
  readonly instance: number;
  readonly container: number;
  /** What the next publication under this key must name. */
  readonly version: number;
  /** `static`, `endpoint`, `user` or `time`; empty when the server does not say. */
  readonly expireType: string;
  /** Milliseconds since 1970. */
  readonly publishedAt?: number;
  /** Type of a state such as `userState` or `aggregateState`, or of a note such as `personal`. */
  readonly kind?: string;
  /** Number of a state. */
  readonly availability?: number;
  /** Token of a state. */
  readonly activity?: string;
}

/** A category, or one container of it, that the server says is empty. */
export interface ClearedCategory {
  readonly category: string;
  /** `undefined`: all of them. */
  readonly container: number | undefined;
}

export interface ContainerMember {
  /** `user`, `domain`, `sameEnterprise`, `federated`, `publicCloud` or `everyone`. */
  readonly type: string;
  /** Address or domain; empty for the other types. */
  readonly value: string;
}

export interface OwnContainer {
  readonly id: number;
  readonly version: number;
  readonly members: readonly ContainerMember[];
}

/** Somebody who watches the own account. */
export interface OwnSubscriber {
  readonly uri: SipUri;
  readonly displayName: string;
  /** False until the account says by `setSubscribers` that it knows. */
  readonly acknowledged: boolean;
  readonly type: string;
}

/**
 * What the server keeps for the own account. A part that is `undefined` was not mentioned. The categories named in
 * `publications` and `cleared` replace all that was known of them; other categories stay.
 */
export interface RoamingSelf {
  readonly uri: SipUri | undefined;
  readonly publications: readonly OwnPublication[];
  readonly cleared: readonly ClearedCategory[];
  readonly containers: readonly OwnContainer[] | undefined;
  readonly subscribers: readonly OwnSubscriber[] | undefined;
}

export const ROAMING_SELF_TYPE = 'application/vnd-microsoft-roaming-self+xml';

/**
 * Reads an `application/vnd-microsoft-roaming-self+xml` document (MS-PRES, roaming self): of a notification, or of the
 * answer to a publication. Its own states are for its publisher only: what watchers see is the server's aggregate.
 * Entries without a usable key are passed over. Throws `OCS_DOCUMENT`.
 */
export function readRoamingSelf(body: Buffer, options: DocumentOptions = {}): RoamingSelf {
  return readDocument(body, ROAMING_SELF, options);
}

const vocabulary = new Vocabulary([
  ...['roamingData', 'categories', 'category', 'state', 'availability', 'activity', 'note', 'body'],
  ...['containers', 'container', 'member', 'subscribers', 'subscriber', NAMESPACES.roamingSelf, NAMESPACES.categories],
  ...['static', 'endpoint', 'user', 'time', 'userState', 'machineState', 'aggregateState'],
]);

const ROAMING_SELF: DocumentKind<RoamingSelf> = {
  vocabulary,
  collector: (options) => new RoamingSelfCollector(options),
};

type Place =
  | 'document'
  | 'self'
  | 'categories'
  | 'category'
  | 'state'
  | 'availability'
  | 'activity'
  | 'note'
  | 'body'
  | 'containers'
  | 'container'
  | 'member'
  | 'subscribers'
  | 'subscriber'
  | 'elsewhere';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

class RoamingSelfCollector implements XmlHandler {
  private readonly options: DocumentOptions;
  private readonly places: Place[] = ['document'];
  private uri: SipUri | undefined;
  private publication: Writable<OwnPublication> | undefined;
  private members: ContainerMember[] = [];
  private readonly publications: OwnPublication[] = [];
  private readonly cleared: ClearedCategory[] = [];
  private containers: OwnContainer[] | undefined;
  private subscribers: OwnSubscriber[] | undefined;

  constructor(options: DocumentOptions) {
    this.options = options;
  }

  open(element: XmlElement): boolean {
    const place = placeOf(element, this.places.at(-1) ?? 'elsewhere');
    this.places.push(place);
    switch (place) {
      case 'categories':
        this.uri = documentPerson(element.attribute('uri'), this.options.expected);
        return false;
      case 'category':
        this.category(element);
        return false;
      case 'state':
        this.setKind(localPart(element.attribute('type', NAMESPACES.schemaInstance)));
        return false;
      case 'activity':
        if (this.publication) this.publication.activity ??= element.attribute('token') ?? '';
        return false;
      case 'body':
        this.setKind(element.attribute('type'));
        return false;
      case 'containers':
        this.containers ??= [];
        return false;
      case 'container':
        this.container(element);
        return false;
      case 'member':
        this.members.push({ type: element.attribute('type') ?? '', value: element.attribute('value') ?? '' });
        return false;
      case 'subscribers':
        this.subscribers ??= [];
        return false;
      case 'subscriber':
        this.subscriber(element);
        return false;
      default:
        return place === 'availability';
    }
  }

  close(text: string): void {
    const place = this.places.pop();
    if (place === 'availability' && this.publication) {
      const availability = xmlInteger(text);
      if (availability !== undefined) this.publication.availability = availability;
    } else if (place === 'category') {
      if (this.publication) this.publications.push(this.publication);
      this.publication = undefined;
    }
  }

  result(): RoamingSelf {
    const { uri, publications, cleared, containers, subscribers } = this;
    return { uri, publications, cleared, containers, subscribers };
  }

  private category(element: XmlElement): void {
    const category = element.attribute('name') ?? '';
    const container = xmlUnsigned(element.attribute('container'));
    const written = element.attribute('instance');
    if (category === '') return;
    if (written === undefined) {
      this.cleared.push({ category, container });
      return;
    }
    const instance = xmlUnsigned(written);
    if (instance === undefined) return;
    const version = xmlUnsigned(element.attribute('version')) ?? 0;
    const expireType = element.attribute('expireType') ?? '';
    this.publication = { category, instance, container: container ?? 0, version, expireType };
    const publishedAt = element.time('publishTime');
    if (publishedAt !== undefined) this.publication.publishedAt = publishedAt;
  }

  private setKind(kind: string | undefined): void {
    if (this.publication !== undefined && kind) this.publication.kind ??= kind;
  }

  private container(element: XmlElement): void {
    this.members = [];
    const id = xmlUnsigned(element.attribute('id'));
    const version = xmlUnsigned(element.attribute('version')) ?? 0;
    if (id !== undefined) this.containers?.push({ id, version, members: this.members });
  }

  private subscriber(element: XmlElement): void {
    const parsed = parseSipUri(element.attribute('user') ?? '');
    if (!parsed.ok) return;
    this.subscribers?.push({
      uri: parsed.value,
      displayName: cleanText(element.attribute('displayName') ?? ''),
      acknowledged: xmlBoolean(element.attribute('acknowledged')?.toLowerCase()),
      type: element.attribute('type') ?? '',
    });
  }
}

/** Below the root local names count: which namespaces servers give to containers and subscribers is not certain. */
function placeOf({ local, namespace }: XmlElement, parent: Place): Place {
  switch (parent) {
    case 'document':
      if (local === 'roamingData' && namespace === NAMESPACES.roamingSelf) return 'self';
      throw refusal('namespace', 'The document is not about the own account.');
    case 'self':
      return local === 'categories' || local === 'containers' || local === 'subscribers' ? local : 'elsewhere';
    case 'categories':
      return local === 'category' ? 'category' : 'elsewhere';
    case 'category':
      return local === 'state' || local === 'note' ? local : 'elsewhere';
    case 'state':
      return local === 'availability' || local === 'activity' ? local : 'elsewhere';
    case 'note':
      return local === 'body' ? 'body' : 'elsewhere';
    case 'containers':
      return local === 'container' ? 'container' : 'elsewhere';
    case 'container':
      return local === 'member' ? 'member' : 'elsewhere';
    case 'subscribers':
      return local === 'subscriber' ? 'subscriber' : 'elsewhere';
    default:
      return 'elsewhere';
  }
}

function localPart(name: string | undefined): string | undefined {
  return name?.slice(name.indexOf(':') + 1);
}
