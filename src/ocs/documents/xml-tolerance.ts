/** What the XML reader lets pass beyond its rules, for kinds of documents whose senders are known to need it. */
export interface XmlTolerance {
  /** A DOCTYPE without internal subset. */
  readonly bareDoctype?: boolean;
  /** Names of encodings, in lower case, that may be declared although the octets are UTF-8. */
  readonly misdeclared?: readonly string[];
  /** Names of encodings, in lower case, that may be declared as long as all octets are ASCII, which they share. */
  readonly asciiCompatible?: readonly string[];
}

export const STRICT: XmlTolerance = {};
