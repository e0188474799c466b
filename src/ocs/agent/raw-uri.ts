import { URI } from 'sip.js';

/**
 * A URI that goes out exactly as it came in. sip.js takes URIs apart and writes them anew, but routes and contacts of
 * OCS hold signed parameters that must come back byte for byte.
 */
export class RawUri extends URI {
  readonly #text: string;

  constructor(text: string) {
    const scheme = /^sips:/i.test(text) ? 'sips' : 'sip';
    const [, user = '', host = ''] = /^sips?:(?:([^@;?]*)@)?([^;?]*)/i.exec(text) ?? [];
    super(scheme, user, host || 'invalid');
    if (user === '') this.user = undefined;
    this.#text = text;
  }

  override clone(): RawUri {
    return this;
  }

  override toRaw(): string {
    return this.#text;
  }

  override toString(): string {
    return this.#text;
  }
}
