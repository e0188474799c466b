/** How the messages of one association are signed: what a mechanism leaves behind when it is done. */
export interface Sealer {
  /** Signature of the server over this text. */
  sign(text: string): Buffer;
  /** True when the client made the signature for exactly this text. */
  verify(text: string, signature: Buffer): boolean;
  /** Gives back what lies outside of JavaScript. */
  release?(): void;
}
