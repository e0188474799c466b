import { type NotesName, parseNotesName, parseSipUri, type SipUri } from '../../presence/ids.js';
import { abbreviated, foldName } from '../../presence/name-keys.js';
import { bad, ok, type Result } from '../../presence/result.js';

/** Of whom a filter judges; `name` is the present Notes name, never an alternate or previous one. */
export interface FilteredPerson {
  readonly uri: SipUri;
  readonly name: NotesName | undefined;
}

/** Whom a caller may know of. Pure: the same person always gets the same answer. */
export interface PersonFilter {
  /** In one spelling each, as they are stored. */
  readonly patterns: readonly string[];
  /** True for the filter that lets everybody through. */
  readonly everybody: boolean;
  /** The same for filters that judge alike by their patterns, so that what was made for one serves all; empty for everybody. */
  readonly key: string;
  sees(person: FilteredPerson): boolean;
}

export const MAX_PATTERNS = 100;
const ALL = '*';

export const EVERYBODY: PersonFilter = { patterns: [ALL], everybody: true, key: '', sees: () => true };

interface Parts {
  readonly addresses: Set<string>;
  readonly domains: Set<string>;
  readonly names: Set<string>;
  /** Folded, each with its slash in front. */
  readonly suffixes: string[];
}

/**
 * Reads patterns; a person is let through by any one of them.
 *
 * | pattern | lets through |
 * |---|---|
 * | `*` | everybody; stands alone |
 * | `sip:ana@contoso.example` | this SIP address |
 * | `*@contoso.example` | SIP addresses of this domain, not of domains below it |
 * | `Ana Reyes/Sales/Contoso` | this Notes name, canonical or abbreviated |
 * | `*` + `/Sales/Contoso` | Notes names that end so |
 */
export function parsePersonFilter(patterns: readonly string[]): Result<PersonFilter> {
  if (patterns.length === 0) return bad('at least one pattern was expected, "*" for everybody');
  if (patterns.length > MAX_PATTERNS) return bad(`at most ${MAX_PATTERNS} patterns are possible`);
  if (patterns.some((pattern) => pattern.trim() === ALL)) {
    return patterns.length === 1 ? ok(EVERYBODY) : bad('"*" means everybody and stands alone');
  }
  const parts: Parts = { addresses: new Set(), domains: new Set(), names: new Set(), suffixes: [] };
  const stored: string[] = [];
  for (const pattern of patterns) {
    const read = addPattern(pattern.trim(), parts);
    if (!read.ok) return bad(`"${pattern.slice(0, 100)}": ${read.reason}`);
    stored.push(read.value);
  }
  const key = [...new Set(stored.map(foldName))].sort().join('\n');
  return ok({ patterns: stored, everybody: false, key, sees: (person) => isSeen(person, parts) });
}

/** Takes one pattern into the parts; gives it in its one spelling. */
function addPattern(pattern: string, parts: Parts): Result<string> {
  if (pattern.startsWith('*/')) return addSuffix(pattern.slice(1), parts);
  if (pattern.startsWith('*@')) return addDomain(pattern.slice(2), parts);
  if (pattern.includes('*')) return bad('"*" stands at the beginning only, before "/" or "@"');
  if (/^sips?:/i.test(pattern) || !pattern.includes('/')) {
    const address = parseSipUri(pattern);
    if (!address.ok) return bad(`neither a Notes name nor a SIP address: ${address.reason}`);
    parts.addresses.add(address.value);
    return ok(address.value);
  }
  const name = parseNotesName(pattern);
  if (!name.ok) return name;
  parts.names.add(folded(name.value));
  return ok(abbreviated(name.value));
}

/** `ending` is what follows the asterisk: `/OU=Sales/O=Contoso` or `/Sales/Contoso`. */
function addSuffix(ending: string, parts: Parts): Result<string> {
  if (ending.includes('*')) return bad('one "*" at the beginning is all there can be');
  const name = parseNotesName(`${ending.includes('=') ? 'CN=x' : 'x'}${ending}`);
  if (!name.ok) return name;
  const suffix = abbreviated(name.value).slice(1);
  parts.suffixes.push(foldName(suffix));
  return ok(`*${suffix}`);
}

function addDomain(domain: string, parts: Parts): Result<string> {
  const address = parseSipUri(`sip:x@${domain}`);
  if (!address.ok || address.value !== `sip:x@${domain.toLowerCase()}`) return bad('a domain was expected after "*@"');
  parts.domains.add(domain.toLowerCase());
  return ok(`*@${domain.toLowerCase()}`);
}

function isSeen({ uri, name }: FilteredPerson, { addresses, domains, names, suffixes }: Parts): boolean {
  if (addresses.has(uri)) return true;
  if (domains.size > 0 && domains.has(uri.slice(uri.lastIndexOf('@') + 1))) return true;
  if (name === undefined || names.size + suffixes.length === 0) return false;
  const whole = folded(name);
  return names.has(whole) || suffixes.some((suffix) => whole.endsWith(suffix));
}

function folded(name: NotesName): string {
  return foldName(abbreviated(name));
}
