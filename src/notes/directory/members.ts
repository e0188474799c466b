import { parseSipUri, type SipUri } from '../../presence/ids.js';
import { type NameKey, type PlainKey, plainKeyOf, readName } from './names.js';

/** What can be compared with the members of a group. */
export interface MemberTraits {
  readonly names: readonly NameKey[];
  readonly plainNames: Iterable<PlainKey>;
  readonly addresses: readonly SipUri[];
}

/** Forms put a label before the star when they make names canonical. */
const WILDCARD = /^\s*(?:CN\s*=\s*)?\*\s*(?:\/(.*))?$/is;

export function isWildcard(text: string): boolean {
  return WILDCARD.test(text);
}

/**
 * People by hierarchical name in any spelling, by address, or by the wildcard that Notes has: `*` before the last
 * components of a name (`*` + `/Sales/Contoso`), or alone for everybody.
 */
export class Members {
  readonly #names = new Map<NameKey, string>();
  readonly #addresses = new Map<SipUri, string>();
  readonly #plain = new Map<PlainKey, string>();
  /** What follows the star, with the slash: `/sales/contoso`; empty for everybody. */
  readonly #endings = new Map<string, string>();

  /** `text` as it stands in the list. False when it is a common or a short name, or nothing at all. */
  add(text: string): boolean {
    const wildcard = WILDCARD.exec(text);
    if (wildcard) return this.#addEnding(wildcard[1], text);
    const name = readName(text);
    if (name !== undefined) {
      setOnce(this.#names, name.key, text);
      // A mail address may hold a slash, and then reads as a name just as well.
      if (!text.includes('@')) return true;
    }
    const address = text.includes('@') ? parseSipUri(text) : undefined;
    if (address?.ok) setOnce(this.#addresses, address.value, text);
    if (name !== undefined || address?.ok) return true;
    const plain = plainKeyOf(text);
    if (plain !== undefined) setOnce(this.#plain, plain, text);
    return false;
  }

  /** The text that names this person, if one does. Common and short names do not count: others may have them too. */
  match({ names, addresses }: Omit<MemberTraits, 'plainNames'>): string | undefined {
    for (const name of names) {
      const text = this.#names.get(name) ?? this.#endingOf(name);
      if (text !== undefined) return text;
    }
    for (const address of addresses) {
      const text = this.#addresses.get(address);
      if (text !== undefined) return text;
    }
    return this.#endings.get('');
  }

  /** As `match`, but for whoever might be meant. */
  matchLoosely(traits: MemberTraits): string | undefined {
    const text = this.match(traits);
    if (text !== undefined || this.#plain.size === 0) return text;
    for (const plain of traits.plainNames) {
      const found = this.#plain.get(plain);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Texts that are no hierarchical names, addresses or wildcards. */
  plainTexts(): readonly string[] {
    return [...this.#plain.values()];
  }

  addresses(): readonly SipUri[] {
    return [...this.#addresses.keys()];
  }

  #addEnding(rest: string | undefined, text: string): boolean {
    if (rest === undefined) setOnce(this.#endings, '', text);
    else {
      // Any common name makes a whole name of the ending, which is then read as all names are.
      const name = readName(/=/.test(rest) ? `CN=*/${rest}` : `*/${rest}`);
      if (name === undefined) {
        setOnce(this.#plain, text as PlainKey, text);
        return false;
      }
      setOnce(this.#endings, name.key.slice(1), text);
    }
    return true;
  }

  #endingOf(name: NameKey): string | undefined {
    if (this.#endings.size === 0) return undefined;
    for (let slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
      const text = this.#endings.get(name.slice(slash));
      if (text !== undefined) return text;
    }
    return undefined;
  }
}

/** Of several spellings the first in order of text is shown, whatever the order of the list. */
function setOnce<Key>(map: Map<Key, string>, key: Key, text: string): void {
  const known = map.get(key);
  if (known === undefined || text < known) map.set(key, text);
}
