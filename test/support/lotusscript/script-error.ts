/** Error numbers of LotusScript (`lserr.lss`) and of the Notes classes (`lsxbeerr.lss`) that scripts here may meet. */
export const ERROR = {
  illegalFunctionCall: 5,
  overflow: 6,
  subscriptOutOfRange: 9,
  divisionByZero: 11,
  typeMismatch: 13,
  resumeWithoutError: 20,
  outOfStack: 28,
  notDefined: 35,
  objectVariableNotSet: 91,
  invalidUseOfNull: 94,
  listItemDoesNotExist: 120,
  noContainer: 184,
  cannotCreateObject: 208,
  notesError: 4000,
  databaseNotOpen: 4063,
  documentDeleted: 4091,
  jsonElementNotFound: 4843,
} as const;

const MESSAGES: Readonly<Record<number, string>> = {
  5: 'Illegal function call',
  6: 'Overflow',
  9: 'Subscript out of range',
  11: 'Division by zero',
  13: 'Type mismatch',
  20: 'RESUME without error',
  28: 'Out of stack space',
  35: 'Sub or function not defined',
  91: 'Object variable not set',
  94: 'Invalid use of NULL',
  120: 'List item does not exist',
  184: 'Variant does not contain a container',
  208: 'Cannot create automation object',
  4843: 'JSON Element not found',
};

/** Message of an error number; that of user-defined errors when LotusScript has none. */
export function messageOf(number: number): string {
  return MESSAGES[number] ?? 'User-defined error';
}

/** An error that a script can handle by `On Error`. */
export class ScriptError extends Error {
  readonly number: number;
  /** Line in its section of the DXL, from 1; 0 while unknown. What `Erl` gives. */
  line = 0;
  /** Sub or function, for the reader of a failed test. */
  procedure = '';

  constructor(number: number, message = messageOf(number)) {
    super(message);
    this.number = number;
  }
}

/** Something these stand-ins cannot do, or a name nobody knows: no script may handle it, the test must fail. */
export class StandInFault extends Error {}
