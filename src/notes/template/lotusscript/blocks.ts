import type { ExpressionReader } from './expressions.js';
import type { Branch, Case, CaseTest, Expression, Position, Statement } from './syntax.js';
import type { TokenReader } from './token-reader.js';

/** Reads the statements of a block; whoever opens the block closes it. */
export type ReadBody = (at: Position) => readonly Statement[];

const COMPARISONS = ['=', '<>', '<', '<=', '>', '>='] as const;
const ENDS_WITH = ['if', 'select', 'forall', 'with', 'sub', 'function', 'property', 'class', 'type'];

/** The words that close or divide a block, as they stand here: `End If`, `Next`; empty when none does. */
export function closerAt(reader: TokenReader): string {
  const word = reader.word();
  if (word === 'end' && ENDS_WITH.includes(reader.word(1))) return `end ${reader.word(1)}`;
  return ['else', 'elseif', 'case', 'next', 'loop', 'wend'].includes(word) ? word : '';
}

/** Reads the statements that hold other statements. Throws `ScriptFault`. */
export class BlockReader {
  readonly #reader: TokenReader;
  readonly #expressions: ExpressionReader;
  readonly #body: ReadBody;
  readonly #inline: (at: Position) => readonly Statement[];

  constructor(reader: TokenReader, expressions: ExpressionReader, body: ReadBody, inline: ReadBody) {
    this.#reader = reader;
    this.#expressions = expressions;
    this.#body = body;
    this.#inline = inline;
  }

  /** The block that begins with the word; `undefined` when it begins none. */
  block(word: string): Statement | undefined {
    switch (word) {
      case 'if':
        return this.#if();
      case 'select':
        return this.#select();
      case 'for':
        return this.#for();
      case 'forall':
        return this.#forall();
      case 'do':
        return this.#do();
      case 'while':
        return this.#while();
      case 'with':
        return this.#with();
      default:
        return undefined;
    }
  }

  #if(): Statement {
    const { at } = this.#reader.advance();
    const condition = this.#expressions.expression();
    if (!this.#reader.isWord('goto')) this.#reader.expectWord('Then');
    if (!this.#reader.atLineEnd()) {
      const branches = [{ condition, body: this.#inline(at), at }];
      if (!this.#reader.takeWord('else')) return { kind: 'if', branches, at };
      return { kind: 'if', branches, otherwise: this.#inline(at), at };
    }
    const branches: Branch[] = [{ condition, body: this.#body(at), at }];
    for (;;) {
      const { at: place } = this.#reader;
      if (this.#reader.takeWord('elseif')) {
        const next = this.#expressions.expression();
        this.#reader.expectWord('Then');
        branches.push({ condition: next, body: this.#body(at), at: place });
      } else if (this.#reader.takeWord('else')) {
        const otherwise = this.#body(at);
        this.#close('End If', 'If', at);
        return { kind: 'if', branches, otherwise, at };
      } else {
        this.#close('End If', 'If', at);
        return { kind: 'if', branches, at };
      }
    }
  }

  #select(): Statement {
    const { at } = this.#reader.advance();
    this.#reader.expectWord('Case');
    const subject = this.#expressions.expression();
    this.#endLine();
    this.#reader.skipEmptyLines();
    const cases: Case[] = [];
    let otherwise: readonly Statement[] | undefined;
    while (this.#reader.isWord('case')) {
      const { at: place } = this.#reader.advance();
      if (otherwise) this.#reader.fail('"Case Else" is the last one', place);
      if (this.#reader.takeWord('else')) otherwise = this.#body(at);
      else cases.push({ tests: this.#tests(), body: this.#body(at), at: place });
    }
    this.#close('End Select', 'Select Case', at);
    return { kind: 'select', subject, cases, ...(otherwise ? { otherwise } : {}), at };
  }

  #tests(): readonly CaseTest[] {
    const tests: CaseTest[] = [];
    do tests.push(this.#test());
    while (this.#reader.takeSign(','));
    return tests;
  }

  #test(): CaseTest {
    if (this.#reader.takeWord('is')) {
      const token = this.#reader.peek();
      const operator = COMPARISONS.find((known) => token.kind === 'sign' && token.text === known);
      if (!operator) return this.#reader.fail(`a comparison was expected instead of ${this.#reader.found()}`);
      this.#reader.advance();
      return { kind: 'is', operator, value: this.#expressions.expression() };
    }
    const value = this.#expressions.expression();
    return this.#reader.takeWord('to')
      ? { kind: 'range', from: value, to: this.#expressions.expression() }
      : { kind: 'value', value };
  }

  #for(): Statement {
    const { at } = this.#reader.advance();
    const { name, key, at: place } = this.#reader.identifier('a variable');
    this.#reader.expectSign('=');
    const from = this.#expressions.expression();
    this.#reader.expectWord('To');
    const to = this.#expressions.expression();
    const step = this.#reader.takeWord('step') ? this.#expressions.expression() : undefined;
    const body = this.#body(at);
    this.#close('Next', 'For', at);
    const { at: end } = this.#reader;
    if (!this.#reader.atLineEnd() && !this.#reader.isSign(':') && !this.#reader.isWord('else')) {
      const closed = this.#reader.identifier('a variable');
      if (closed.key !== key) {
        this.#reader.fail(`"Next ${closed.name}" closes the For of "${name}" in line ${at.line}`, end);
      }
    }
    const variable = { name, key, at: place };
    return { kind: 'for', variable, from, to, ...(step ? { step } : {}), body, at };
  }

  #forall(): Statement {
    const { at } = this.#reader.advance();
    const variable = this.#reader.plainName('a variable');
    this.#reader.expectWord('In');
    const source = this.#expressions.expression();
    const body = this.#body(at);
    this.#close('End ForAll', 'ForAll', at);
    return { kind: 'forall', variable, source, body, at };
  }

  #do(): Statement {
    const { at } = this.#reader.advance();
    const before = this.#condition();
    const body = this.#body(at);
    this.#close('Loop', 'Do', at);
    const { at: end } = this.#reader;
    const after = this.#condition();
    if (before && after) this.#reader.fail(`the Do of line ${at.line} has a condition already`, end);
    if (before) return { kind: 'do', test: { place: 'before', ...before }, body, at };
    return { kind: 'do', ...(after ? { test: { place: 'after', ...after } } : {}), body, at };
  }

  #condition(): { readonly until: boolean; readonly condition: Expression } | undefined {
    if (this.#reader.takeWord('until')) return { until: true, condition: this.#expressions.expression() };
    if (this.#reader.takeWord('while')) return { until: false, condition: this.#expressions.expression() };
    return undefined;
  }

  #while(): Statement {
    const { at } = this.#reader.advance();
    const condition = this.#expressions.expression();
    const body = this.#body(at);
    this.#close('Wend', 'While', at);
    return { kind: 'while', condition, body, at };
  }

  #with(): Statement {
    const { at } = this.#reader.advance();
    const target = this.#expressions.reference();
    const body = this.#body(at);
    this.#close('End With', 'With', at);
    return { kind: 'with', target, body, at };
  }

  #close(closer: string, opener: string, at: Position): void {
    expectCloser(this.#reader, closer, `the ${opener} of line ${at.line}`);
  }

  #endLine(): void {
    if (!this.#reader.atLineEnd() && !this.#reader.isSign(':')) {
      this.#reader.fail(`the end of the line was expected instead of ${this.#reader.found()}`);
    }
  }
}

/** Takes the words that close a block, or says what stands there instead. */
export function expectCloser(reader: TokenReader, closer: string, opened: string): void {
  if (closerAt(reader) !== closer.toLowerCase()) {
    const written = closerAt(reader);
    const found = written === '' ? reader.found() : `"${written.replace(/\b[a-z]/g, (char) => char.toUpperCase())}"`;
    reader.fail(`"${closer}" was expected for ${opened} instead of ${found}`);
  }
  for (const _ of closer.split(' ')) reader.advance();
}
