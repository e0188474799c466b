import { hasSpace, isNamed, isSame, octetsOf, WORD } from './octet-words.js';
import { NAMESPACES } from './xml-names.js';

const XMLNS_XSD = octetsOf('xmlns:xsd');
const XMLNS_XSI = octetsOf('xmlns:xsi');
const XML_SCHEMA = octetsOf(NAMESPACES.schema);
const SCHEMA_INSTANCE = octetsOf(NAMESPACES.schemaInstance);
/** Beginning of namespaces that no element of a document is in. */
const OF_W3C = octetsOf('http://www.w3.org/');

/** True when a value in ASCII without references may be the default namespace of a document that is scanned. */
export function isDefaultNamespace(octets: DataView, start: number, end: number): boolean {
  if (isSame(octets, start, OF_W3C, 0, OF_W3C.byteLength - WORD)) {
    return isNamed(octets, start, end, XML_SCHEMA) || isNamed(octets, start, end, SCHEMA_INSTANCE);
  }
  return !hasSpace(octets, start, end);
}

/** The prefix that an attribute declares in its usual meaning. */
export function declaredPrefix(
  octets: DataView,
  start: number,
  end: number,
  valueStart: number,
  valueEnd: number,
): 'xsd' | 'xsi' | undefined {
  if (isNamed(octets, start, end, XMLNS_XSI)) {
    return isNamed(octets, valueStart, valueEnd, SCHEMA_INSTANCE) ? 'xsi' : undefined;
  }
  const isSchema = isNamed(octets, start, end, XMLNS_XSD) && isNamed(octets, valueStart, valueEnd, XML_SCHEMA);
  return isSchema ? 'xsd' : undefined;
}
