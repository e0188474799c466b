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
    const { name, address, ending, plain } = readMember(text);
    if (name !== undefined) setOnce(this.#names, name, text);
    if (address !== undefined) setOnce(this.#addresses, address, text);
    if (ending !== undefined) setOnce(this.#endings, ending, text);
    if (plain !== undefined) setOnce(this.#plain, plain, text);
    return name !== undefined || address !== undefined || ending !== undefined;
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

  #endingOf(name: NameKey): string | undefined {
    if (this.#endings.size === 0) return undefined;
    for (const ending of endingsOf(name)) {
      const text = this.#endings.get(ending);
      if (text !== undefined) return text;
    }
    return undefined;
  }
}

/** What a text in a list of members may stand for. */
export interface ReadMember {
  readonly name?: NameKey;
  readonly address?: SipUri;
  /** What follows the star of a wildcard, with the slash: `/sales/contoso`; empty for everybody. */
  readonly ending?: string;
  /** A common or a short name, which others may have too. */
  readonly plain?: PlainKey;
}

export function readMember(text: string): ReadMember {
  const wildcard = WILDCARD.exec(text);
  if (wildcard) return readEnding(wildcard[1], text);
  const name = readName(text)?.key;
  // A mail address may hold a slash, and then reads as a name just as well.
  const read = text.includes('@') ? parseSipUri(text) : undefined;
  const address = read?.ok ? read.value : undefined;
  const plain = name === undefined && address === undefined ? plainKeyOf(text) : undefined;
  return {
    ...(name === undefined ? {} : { name }),
    ...(address === undefined ? {} : { address }),
    ...(plain === undefined ? {} : { plain }),
  };
}

function readEnding(rest: string | undefined, text: string): ReadMember {
  if (rest === undefined) return { ending: '' };
  // Any common name makes a whole name of the ending, which is then read as all names are.
  const name = readName(/=/.test(rest) ? `CN=*/${rest}` : `*/${rest}`);
  return name === undefined ? { plain: text as PlainKey } : { ending: name.key.slice(1) };
}

/** All endings by which a wildcard may name this person, but for that of everybody, longest first. */
export function* endingsOf(name: NameKey): Generator<string> {
  for (let slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) yield name.slice(slash);
}

/** Of several spellings the first in order of text is shown, whatever the order of the list. */
function setOnce<Key>(map: Map<Key, string>, key: Key, text: string): void {
  const known = map.get(key);
  if (known === undefined || text < known) map.set(key, text);
}
