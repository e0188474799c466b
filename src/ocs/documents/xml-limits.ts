/** How much of an XML document is read before it is refused. One document, or one part of a multipart body. */
export interface XmlLimits {
  /** Octets of the whole document. */
  readonly bytes: number;
  /** Levels of nested elements. */
  readonly depth: number;
  /** Elements of the whole document. */
  readonly elements: number;
  /** Attributes of one element, namespace declarations included. */
  readonly attributes: number;
  /** UTF-16 units of one piece of text and of one attribute value. */
  readonly text: number;
}

/** A categories document of one person has about 3 kB, 60 elements and 7 levels. */
export const XML_LIMITS: XmlLimits = {
  bytes: 256 * 1024,
  depth: 32,
  elements: 5000,
  attributes: 64,
  text: 16 * 1024,
};
