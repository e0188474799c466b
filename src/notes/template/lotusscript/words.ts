/** Words that are part of the language's grammar: no variable or procedure outside of a class has such a name. */
const GRAMMAR_WORDS: ReadonlySet<string> = new Set(
  `and any as base byval call case class const declare delete dim do else elseif empty end eqv erase error exit explicit
  false for forall from function gosub goto if imp in is isa let like list loop lset me mod new next not nothing null on
  option or print private property public redim rem resume return rset select set static step stop sub then to true type
  until use uselsx wend while with xor`.split(/\s+/),
);

/** Of those, the ones that may begin a value or stand for one. */
const VALUE_WORDS: ReadonlySet<string> = new Set(['any', 'base', 'error', 'explicit', 'from']);

/** Statements that are refused, with what to do instead. */
const FILES = 'files of one machine are not used here; take NotesStream';
const DEFAULT_TYPES = 'say the type of every variable instead';
const REFUSED_STATEMENTS: ReadonlyMap<string, string> = new Map([
  ...'chdir chdrive close filecopy get input kill line lock mkdir name open put reset rmdir seek setfileattr unlock width write'
    .split(' ')
    .map((word): [string, string] => [word, FILES]),
  ...'defbool defbyte defcur defdbl defint deflng defsng defstr defvar'
    .split(' ')
    .map((word): [string, string] => [word, DEFAULT_TYPES]),
  ['gosub', 'make it a Sub of its own'],
  ['return', 'it belongs to GoSub; leave with Exit'],
  ['stop', 'it waits for a debugger'],
  ['lset', 'build the text with Left and Space'],
  ['rset', 'build the text with Right and Space'],
  ['declare', 'a function of a foreign program runs on one kind of machine only'],
  ['uselsx', 'an extension of one machine is missing on others'],
]);

/** True for a word of the grammar that cannot be a name at this place of an expression. */
export function isReserved(key: string): boolean {
  return GRAMMAR_WORDS.has(key) && !VALUE_WORDS.has(key);
}

/** True for every word of the grammar. */
export function isGrammarWord(key: string): boolean {
  return GRAMMAR_WORDS.has(key);
}

/** Why a statement that begins with the word is refused; `undefined` when it is not. */
export function refusalOf(key: string): string | undefined {
  return REFUSED_STATEMENTS.get(key);
}
