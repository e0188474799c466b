import { type Arity, arityOf } from './arity.js';

/**
 * Functions and statements of the language with the number of their arguments (language reference, "LotusScript
 * Language Reference A-Z"). What reads files, drives or the clipboard of one machine is left out on purpose.
 */
const FUNCTIONS = `
abs 1, acos 1, arrayappend 2, arraygetindex 2-3, arrayreplace 3, arrayunique 1-2, asc 1, asin 1, atn 1, atn2 2,
beep 0, bin 1, bind 1-2, cbool 1, cbyte 1, ccur 1, cdat 1, cdbl 1, chr 1, cint 1, clng 1, codelock 1, codelockcheck 1,
codeunlock 1, cos 1, createlock 1-2, csng 1, cstr 1, cvar 1, cvdate 1, datatype 1, date 0, datenumber 3, dateserial 3,
datevalue 1, day 1, destroylock 1, doevents 0, erl 0, err 0, error 0-1, evaluate 1-2, exp 1, fix 1, format 1-2,
fraction 1, fulltrim 1, getthreadinfo 1, hex 1, hour 1, implode 1-2, inputbox 1-5, instr 2-4, instrb 2-3, instrbp 2-4,
instrc 2-3, int 1, isarray 1, isdate 1, isdefined 1, iselement 1, isempty 1, islist 1, isnull 1, isnumeric 1,
isobject 1, isscalar 1, isunknown 1, join 1-2, lbound 1-2, lcase 1, left 2, leftb 2, leftbp 2, leftc 2, len 1, lenb 1,
lenbp 1, lenc 1, listtag 1, log 1, lsi_info 1, ltrim 1, messagebox 1-3, mid 2-3, midb 2-3, midbp 2-3, midc 2-3,
minute 1, month 1, msgbox 1-3, now 0, oct 1, pi 0, randomize 0-1, replace 3-6, right 2, rightb 2, rightbp 2, rightc 2,
rnd 0-1, round 2, rtrim 1, second 1, sgn 1, sin 1, sleep 1, space 1, split 1-4, sqr 1, str 1, strcomp 2-3, strconv 2,
string 2, strleft 2-4, strleftback 2-4, strright 2-4, strrightback 2-4, strtoken 3-4, tan 1, time 0, timenumber 3,
timer 0, timeserial 3, timevalue 1, today 0, trim 1, typename 1, ubound 1-2, ucase 1, uchr 1, uni 1, ustring 2, val 1,
weekday 1, year 1, yield 0`;

const ARITIES: ReadonlyMap<string, Arity> = new Map(
  FUNCTIONS.split(',').map((entry): [string, Arity] => {
    const [name = '', arity = '0'] = entry.trim().split(' ');
    return [name, arityOf(arity)];
  }),
);

/** Those that do something and give no value. */
const STATEMENTS: ReadonlySet<string> = new Set(['beep', 'randomize', 'sleep', 'yield', 'doevents']);

/** Why a word is not used in scripts that run on every client and server. */
const MACHINE = 'it works on one kind of machine only';
const FILES = 'files of one machine are not used here; take NotesStream';
const FORBIDDEN: ReadonlyMap<string, string> = new Map([
  ['createobject', MACHINE],
  ['getobject', MACHINE],
  ['shell', MACHINE],
  ['activateapp', MACHINE],
  ['sendkeys', MACHINE],
  ['environ', MACHINE],
  ['command', MACHINE],
  ['lsxloda', 'the library of foreign data sources is not on every machine'],
  ['execute', 'text that becomes code cannot be checked'],
  ['run', 'text that becomes code cannot be checked'],
  ...'curdir curdrive dir eof fileattr filedatetime filelen freefile getfileattr inputb loc lof'
    .split(' ')
    .map((name): [string, string] => [name, FILES]),
]);

/** Arity of a function of the language by its name in lower case; `undefined` for others. */
export function functionArity(key: string): Arity | undefined {
  return ARITIES.get(key);
}

/** False for statements that look like a call, such as `Beep`. */
export function givesValue(key: string): boolean {
  return !STATEMENTS.has(key);
}

/** Why a function of the language is not used; `undefined` for others. */
export function forbiddenReason(key: string): string | undefined {
  return FORBIDDEN.get(key);
}
