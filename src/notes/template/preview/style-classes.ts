/** CSS declarations as classes, since a strict content security policy allows no style attributes. */
export class StyleClasses {
  readonly #prefix: string;
  readonly #classes = new Map<string, string>();

  /** `prefix` begins the name of each class. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Class with these declarations; empty when there are none. Values must be safe: numbers, checked colours and names. */
  classOf(declarations: readonly (string | false | undefined)[]): string {
    const body = declarations.filter((declaration) => declaration).join(';');
    if (body === '') return '';
    const known = this.#classes.get(body);
    if (known) return known;
    const name = `${this.#prefix}${this.#classes.size + 1}`;
    this.#classes.set(body, name);
    return name;
  }

  /** The style sheet of all classes asked for until now. */
  css(): string {
    return [...this.#classes].map(([body, name]) => `.${name}{${body}}\n`).join('');
  }
}
