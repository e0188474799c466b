import type { NotesName, SipUri } from '../../../presence/ids.js';
import { abbreviated, foldName } from '../../../presence/name-keys.js';
import { parsePersonPattern } from '../../../presence/person-pattern.js';
import { bad, ok, type Result } from '../../../presence/result.js';

/** Of whom a filter judges; `name` is the present Notes name, never an alternate or previous one. */
export interface FilteredPerson {
  readonly uri: SipUri;
  readonly name: NotesName | undefined;
}

/** Whom a caller may know of. The same person gets the same answer until roster or lists change. */
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
  readonly endings: string[];
  readonly lists: string[];
}

/** Whether a list, as it is now, holds somebody; false for a list that is not there. */
export type IsOnList = (list: string, uri: SipUri) => boolean;

const LIST = 'list:';
/** Of the configuration, or a watched group of the Domino Directory. */
const LIST_ID = /^(?:[a-z0-9-]{1,64}|group:\P{Cc}{1,256})$/u;

/**
 * Reads patterns; a person is let through by any one of them.
 *
 * | pattern | lets through |
 * |---|---|
 * | `*` | everybody; stands alone |
 * | `list:help-desk` | those who are on this list now, and the entry that stands for it; nobody when there is no such list |
 * | others | see `parsePersonPattern` |
 */
export function parsePersonFilter(patterns: readonly string[], isOnList: IsOnList = () => false): Result<PersonFilter> {
  if (patterns.length === 0) return bad('at least one pattern was expected, "*" for everybody');
  if (patterns.length > MAX_PATTERNS) return bad(`at most ${MAX_PATTERNS} patterns are possible`);
  if (patterns.some((pattern) => pattern.trim() === ALL)) {
    return patterns.length === 1 ? ok(EVERYBODY) : bad('"*" means everybody and stands alone');
  }
  const parts: Parts = { addresses: new Set(), domains: new Set(), names: new Set(), endings: [], lists: [] };
  const stored: string[] = [];
  for (const pattern of patterns) {
    const read = addPattern(pattern.trim(), parts);
    if (!read.ok) return bad(`"${pattern.slice(0, 100)}": ${read.reason}`);
    stored.push(read.value);
  }
  const key = [...new Set(stored.map(comparable))].sort().join('\n');
  return ok({ patterns: stored, everybody: false, key, sees: (person) => isSeen(person, parts, isOnList) });
}

/** Addresses are compared as they stand, names and lists folded. */
function comparable(pattern: string): string {
  return pattern.startsWith('sip:') ? pattern : foldName(pattern);
}

/** Takes one pattern into the parts; gives it in its one spelling. */
function addPattern(pattern: string, parts: Parts): Result<string> {
  if (pattern.slice(0, LIST.length).toLowerCase() === LIST) return addList(pattern.slice(LIST.length).trim(), parts);
  const read = parsePersonPattern(pattern);
  if (!read.ok) return read;
  const { value } = read;
  if (value.kind === 'address') parts.addresses.add(value.address);
  else if (value.kind === 'domain') parts.domains.add(value.domain);
  else if (value.kind === 'name') parts.names.add(value.name);
  else parts.endings.push(value.ending);
  return ok(value.text);
}

function addList(id: string, parts: Parts): Result<string> {
  if (id === 'everybody') return bad('"*" means everybody');
  if (!LIST_ID.test(id)) return bad('the id of a list was expected after "list:", such as help-desk or group:Sales');
  parts.lists.push(id);
  return ok(`${LIST}${id}`);
}

function isSeen({ uri, name }: FilteredPerson, parts: Parts, isOnList: IsOnList): boolean {
  const { addresses, domains, names, endings, lists } = parts;
  if (addresses.has(uri)) return true;
  if (domains.size > 0 && domains.has(uri.slice(uri.lastIndexOf('@') + 1))) return true;
  if (lists.some((list) => isOnList(list, uri))) return true;
  if (name === undefined || names.size + endings.length === 0) return false;
  const whole = foldName(abbreviated(name));
  return names.has(whole) || endings.some((ending) => whole.endsWith(ending));
}
