/** An element as its start tag tells it. Valid only during the `open` call it is passed to. */
export interface XmlElement {
  /** Local name; empty when it is a name that no handler asks for. */
  readonly local: string;
  /** URI of the element's namespace; empty when it has none. */
  readonly namespace: string;
  /** Value of an attribute by local name; attributes without a prefix have no namespace (XML Names §6.2). */
  attribute(local: string, namespace?: string): string | undefined;
  /** Value of an attribute without prefix that is an `xs:dateTime`, as `xmlTime` reads it. */
  time(local: string): number | undefined;
}

/** What the reader of a kind of document does at each element, in document order. May throw a `BridgeError`. */
export interface XmlHandler {
  /**
   * True when the text that stands directly in this element is wanted; `'skip'` when nothing within it is: a reader may
   * then leave out what it would report of its content, which it checks all the same.
   */
  open(element: XmlElement): boolean | 'skip';
  /** The text, when it was wanted; else empty. */
  close(text: string): void;
}
