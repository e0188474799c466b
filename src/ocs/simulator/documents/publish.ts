import { parseSipUri, type SipUri } from '../../../presence/ids.js';
import { bad, ok, type Result } from '../../../presence/result.js';
import { EXPIRE_TYPES, type PublicationRequest } from '../presence/publication.js';
import { attributeOf, elementAt, elementsOf, type XmlElement } from './xml-tree.js';

export const PUBLISH_TYPE = 'application/msrtc-category-publish+xml';

export interface PublishDocument {
  readonly uri: SipUri;
  readonly publications: readonly PublicationRequest[];
}

/** Reads the body of a SERVICE publish (MS-PRES 2.2.2.6.1). */
export function readPublish(root: XmlElement): Result<PublishDocument> {
  const list = root.name === 'publish' ? elementAt(root, 'publications') : undefined;
  if (!list) return bad('"publish" with "publications" was expected');
  const uri = parseSipUri(attributeOf(list, 'uri') ?? '');
  if (!uri.ok) return bad(`publications: ${uri.reason}`);
  const publications: PublicationRequest[] = [];
  for (const element of elementsOf(list, 'publication')) {
    const publication = readPublication(element);
    if (!publication.ok) return publication;
    publications.push(publication.value);
  }
  return publications.length > 0 ? ok({ uri: uri.value, publications }) : bad('there is no publication');
}

function readPublication(element: XmlElement): Result<PublicationRequest> {
  const category = attributeOf(element, 'categoryName') ?? '';
  const instance = unsigned(attributeOf(element, 'instance') ?? '0');
  const container = unsigned(attributeOf(element, 'container') ?? '');
  const version = unsigned(attributeOf(element, 'version') ?? '0');
  const expires = attributeOf(element, 'expires');
  const seconds = expires === undefined ? undefined : unsigned(expires);
  const expireType = EXPIRE_TYPES.find((type) => type === (attributeOf(element, 'expireType') ?? 'static'));
  if (!/^[A-Za-z][A-Za-z0-9]{0,63}$/.test(category)) return bad('a publication has no category name');
  if (instance === undefined || container === undefined || version === undefined) {
    return bad('instance, container and version of a publication must be numbers');
  }
  if (!expireType || (expires !== undefined && seconds === undefined))
    return bad('the expiry of a publication is wrong');
  return ok({ category, instance, container, version, expireType, expires: seconds, content: elementsOf(element)[0] });
}

function unsigned(text: string): number | undefined {
  return /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}
