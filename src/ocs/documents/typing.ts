import { BridgeError } from '../../presence/errors.js';
import { readXml } from './xml.js';
import type { XmlElement, XmlHandler } from './xml-handler.js';
import { xml } from './xml-write.js';

/** Type of the body that INFO carries. */
export const KEYBOARD_TYPE = 'application/xml';
/** RFC 3994. */
export const IS_COMPOSING_TYPE = 'application/im-iscomposing+xml';

const TYPING_LIMITS = { bytes: 4_096, depth: 8, elements: 32, attributes: 16, text: 512 } as const;

/** Body of the INFO that says whether we are writing (MS-SIP, KeyboardActivity). */
export function writeKeyboardActivity(active: boolean): Buffer {
  return Buffer.from(xml('KeyboardActivity', {}, [xml('status', { status: active ? 'type' : 'idle' })]).text);
}

/**
 * Whether the other side is writing, from a KeyboardActivity or an isComposing document (RFC 3994); `undefined` when it
 * does not say, or not readably.
 */
export function readTyping(body: Buffer): boolean | undefined {
  const collector = new TypingCollector();
  try {
    readXml(body, collector, TYPING_LIMITS);
  } catch (thrown) {
    if (thrown instanceof BridgeError) return undefined;
    throw thrown;
  }
  return collector.typing;
}

class TypingCollector implements XmlHandler {
  typing: boolean | undefined;
  readonly #path: string[] = [];

  open(element: XmlElement): boolean {
    this.#path.push(element.local);
    const place = this.#path.join('/');
    if (place === 'KeyboardActivity/status') this.typing = element.attribute('status') === 'type';
    return place === 'isComposing/state';
  }

  close(text: string): void {
    if (this.#path.join('/') === 'isComposing/state') this.typing = text.trim() === 'active';
    this.#path.pop();
  }
}
