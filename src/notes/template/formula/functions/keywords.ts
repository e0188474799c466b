import { PRIVILEGES } from '../outside.js';
import { COMMANDS } from './commands.js';

const set = (words: string): ReadonlySet<string> => new Set(words.toUpperCase().split(/\s+/));

const SORTING = set(
  'AccentSensitive AccentInsensitive Ascending CaseSensitive CaseInsensitive Descending PitchSensitive PitchInsensitive',
);

/**
 * Words in square brackets that a function takes, in capitals, by the function's name and the argument's position from
 * 0 (Domino Designer, pages of each function). `@Name` has more that are about X.400 addresses; nobody needs them.
 */
const KEYWORDS: Readonly<Record<string, Readonly<Record<number, ReadonlySet<string>>>>> = {
  '@name': { 0: set('Abbreviate C Canonicalize CN O OU1 OU2 OU3 OU4') },
  '@command': { 0: COMMANDS },
  '@postedcommand': { 0: COMMANDS },
  '@prompt': {
    0: set(
      `Ok YesNo YesNoCancel OkCancelEdit OkCancelList OkCancelCombo OkCancelEditCombo OkCancelListMult Password
       LocalBrowse ChooseDatabase NoSort`,
    ),
  },
  '@picklist': { 0: set('Custom Folders Name NoLookup Resource Room Single Shared Private NoDesktop') },
  '@dialogbox': {
    1: set(
      `AutoHorzFit AutoVertFit NoCancel NoNewFields NoFieldUpdate ReadOnly SizeToTable NoOkCancel OkCancelAtBottom
       NoNote`,
    ),
  },
  '@mailsend': {
    6: set('Sign Encrypt PriorityHigh PriorityNormal PriorityLow ReturnReceipt DeliveryReportConfirmed IncludeDoclink'),
  },
  '@dblookup': { 5: set('FailSilent PartialMatch ReturnDocumentUniqueID') },
  '@namelookup': { 0: set('NoUpdate ForceUpdate NoSearching Exhaustive TrustedOnly') },
  '@useraccess': { 1: new Set<string>(['ACCESSLEVEL', ...PRIVILEGES]) },
  '@sort': { 1: SORTING },
  '@compare': { 2: SORTING },
};

/** What may pass a keyword on without taking it itself. */
const PASSING = new Set(['@if', '@do', '@select', '@set', '@iferror', '@return', '@list']);

/** Why a keyword must not stand in that argument of a function; `undefined` when it may. */
export function keywordComplaint(name: string, position: number, keyword: string): string | undefined {
  if (PASSING.has(name)) return undefined;
  const known = KEYWORDS[name]?.[position];
  if (!known) return `${name} takes no keyword there, so not [${keyword}]`;
  return known.has(keyword) ? undefined : `${name} does not know the keyword [${keyword}]`;
}

/** Whether an argument of a function is a keyword, never a text or a number. */
export function wantsKeyword(name: string, position: number): boolean {
  return KEYWORDS[name]?.[position] !== undefined;
}
