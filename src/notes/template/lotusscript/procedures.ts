import { closerAt, expectCloser } from './blocks.js';
import type { DeclarationReader } from './declarations.js';
import type { ExpressionReader } from './expressions.js';
import type { StatementReader } from './statements.js';
import type { ClassDefinition, Member, Procedure, RecordDefinition, Variable, Visibility } from './syntax.js';
import type { TokenReader } from './token-reader.js';

const TITLES = { sub: 'Sub', function: 'Function', get: 'Property', set: 'Property' } as const;

/** Reads subs, functions, properties, classes and types. Throws `ScriptFault`. */
export class ProcedureReader {
  readonly #reader: TokenReader;
  readonly #expressions: ExpressionReader;
  readonly #declarations: DeclarationReader;
  readonly #statements: StatementReader;

  constructor(
    reader: TokenReader,
    expressions: ExpressionReader,
    declarations: DeclarationReader,
    statements: StatementReader,
  ) {
    this.#reader = reader;
    this.#expressions = expressions;
    this.#declarations = declarations;
    this.#statements = statements;
  }

  /** True where a procedure begins, behind `Public` or `Private` if there is one. */
  isProcedure(): boolean {
    const ahead = this.#reader.isWord('static') ? 1 : 0;
    return ['sub', 'function', 'property'].includes(this.#reader.word(ahead));
  }

  procedure(visibility: Visibility | undefined, inClass = false): Procedure {
    const isStatic = this.#reader.takeWord('static');
    const opener = this.#reader.advance();
    const kind = this.#kind(opener.kind === 'name' ? opener.key : '');
    const title = TITLES[kind];
    const { name, key, at, suffix } = inClass
      ? this.#reader.memberName()
      : this.#reader.identifier(`a ${title.toLowerCase()}`);
    const parameters = this.#declarations.parameters();
    const baseArgs = inClass && kind === 'sub' && key === 'new' ? this.#baseArguments() : undefined;
    if (kind === 'sub' && (suffix !== '' || this.#reader.isWord('as'))) this.#reader.fail('a Sub gives no value', at);
    const returns = kind === 'sub' ? undefined : this.#declarations.resultType(suffix, at);
    const body = this.#statements.body(opener.at);
    const { at: end } = this.#reader;
    expectCloser(this.#reader, `End ${title}`, `the ${title} "${name}" of line ${at.line}`);
    this.#endLine();
    return {
      kind,
      name,
      key,
      at,
      isStatic,
      parameters,
      body,
      end,
      ...(visibility ? { visibility } : {}),
      ...(returns ? { returns } : {}),
      ...(baseArgs ? { baseArgs } : {}),
    };
  }

  classDefinition(visibility: Visibility | undefined): ClassDefinition {
    const { at: opened } = this.#reader.advance();
    const name = this.#reader.plainName('a class');
    const base = this.#reader.takeWord('as') ? this.#reader.plainName('a class') : undefined;
    this.#endLine();
    const members: Member[] = [];
    const methods: Procedure[] = [];
    for (;;) {
      this.#reader.skipEmptyLines();
      if (this.#reader.peek().kind === 'end' || closerAt(this.#reader) !== '') break;
      const seen = this.#visibility();
      if (this.isProcedure()) methods.push(this.procedure(seen, true));
      else {
        if (this.#reader.isWord('dim', 'const', 'static', 'class', 'type')) {
          this.#reader.fail(`${this.#reader.found()} does not belong into a class; write "Public" or "Private"`);
        }
        for (const variable of this.#declarations.variables(true)) {
          members.push({ visibility: seen ?? 'private', variable });
        }
        this.#endLine();
      }
    }
    expectCloser(this.#reader, 'End Class', `the Class "${name.name}" of line ${opened.line}`);
    this.#endLine();
    return { ...name, members, methods, ...(visibility ? { visibility } : {}), ...(base ? { base } : {}) };
  }

  recordDefinition(visibility: Visibility | undefined): RecordDefinition {
    const { at: opened } = this.#reader.advance();
    const name = this.#reader.plainName('a type');
    this.#endLine();
    const members: Variable[] = [];
    for (;;) {
      this.#reader.skipEmptyLines();
      if (this.#reader.peek().kind === 'end' || closerAt(this.#reader) !== '') break;
      members.push(...this.#declarations.variables(true));
      this.#endLine();
    }
    expectCloser(this.#reader, 'End Type', `the Type "${name.name}" of line ${opened.line}`);
    this.#endLine();
    if (members.length === 0) this.#reader.fail(`the Type "${name.name}" has no members`, name.at);
    return { ...name, members, ...(visibility ? { visibility } : {}) };
  }

  #kind(word: string): Procedure['kind'] {
    if (word === 'sub' || word === 'function') return word;
    if (this.#reader.takeWord('get')) return 'get';
    if (this.#reader.takeWord('set')) return 'set';
    return this.#reader.fail(`Property is followed by "Get" or "Set", not by ${this.#reader.found()}`);
  }

  #baseArguments(): Procedure['baseArgs'] {
    if (!this.#reader.takeSign(',')) return undefined;
    this.#reader.plainName('the base class');
    return this.#expressions.optionalArguments();
  }

  #visibility(): Visibility | undefined {
    if (this.#reader.takeWord('public')) return 'public';
    return this.#reader.takeWord('private') ? 'private' : undefined;
  }

  #endLine(): void {
    if (this.#reader.atLineEnd() || this.#reader.isSign(':')) return;
    this.#reader.fail(`the end of the line was expected instead of ${this.#reader.found()}`);
  }
}
