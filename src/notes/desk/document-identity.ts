import { parseSipUri } from '../../presence/ids.js';
import { plainKeyOf, readName } from '../directory/names.js';
import { PERSON_ITEMS } from '../fields.js';
import { textsOf } from '../item-access.js';
import type { Items } from '../item-value.js';

/** Whom a document of ours names, whatever the spelling: all its forms use the same items for names and addresses. */
export interface DocumentIdentity {
  readonly names: readonly string[];
  readonly addresses: readonly string[];
  /** Equal for documents that name the same. */
  readonly text: string;
  readonly isEmpty: boolean;
}

export function identityOf(items: Items): DocumentIdentity {
  const texts = (name: string): readonly string[] => textsOf(items, name).filter((text) => text.trim() !== '');
  const names = unique([...texts(PERSON_ITEMS.name), ...texts(PERSON_ITEMS.otherNames)].map(nameKey));
  const addresses = unique(texts(PERSON_ITEMS.address).map(addressKey));
  return {
    names,
    addresses,
    text: JSON.stringify([names, addresses]),
    isEmpty: names.length === 0 && addresses.length === 0,
  };
}

/** The first name or address that stands in a document, for people. */
export function namesOf(items: Items): string {
  const candidates = [PERSON_ITEMS.name, PERSON_ITEMS.displayName, PERSON_ITEMS.address];
  return candidates.flatMap((item) => textsOf(items, item)).find((text) => text.trim() !== '') ?? '';
}

/** Key under which a name compares: hierarchical ones in any spelling, others without regard to case and blanks. */
export function nameKey(text: string): string {
  return readName(text)?.key ?? plainKeyOf(text) ?? text.trim();
}

export function addressKey(text: string): string {
  const uri = parseSipUri(text);
  return uri.ok ? uri.value : text.trim().toLowerCase();
}

/** Names and addresses that several documents together name. */
export class Coverage {
  readonly #names = new Set<string>();
  readonly #addresses = new Set<string>();

  add({ names, addresses }: DocumentIdentity): void {
    for (const name of names) this.#names.add(name);
    for (const address of addresses) this.#addresses.add(address);
  }

  covers({ names, addresses }: DocumentIdentity): boolean {
    return names.every((name) => this.#names.has(name)) && addresses.every((one) => this.#addresses.has(one));
  }

  namesAny({ names, addresses }: DocumentIdentity): boolean {
    return names.some((name) => this.#names.has(name)) || addresses.some((one) => this.#addresses.has(one));
  }
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}
