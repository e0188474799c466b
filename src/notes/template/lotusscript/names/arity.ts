/** Fewest and most arguments of a call. */
export interface Arity {
  readonly least: number;
  readonly most: number;
}

/** An arity written as `2` or `1-3`. */
export function arityOf(text: string): Arity {
  const [least = '0', most = least] = text.split('-');
  return { least: Number(least), most: Number(most) };
}

/** `2 arguments`, `1 to 3 arguments`. */
export function arityText({ least, most }: Arity): string {
  if (least !== most) return `${least} to ${most} arguments`;
  return `${least === 0 ? 'no' : least} argument${least === 1 ? '' : 's'}`;
}
