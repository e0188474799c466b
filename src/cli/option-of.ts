import { InvalidArgumentError } from '@commander-js/extra-typings';
import type { z } from 'zod';

/** Reads an option by a rule of the configuration, so that both accept the same. Gives the text as the rule reads it. */
export function optionOf(rule: z.ZodType<string>): (text: string) => string {
  return (text) => {
    const read = rule.safeParse(text);
    if (read.success) return read.data;
    throw new InvalidArgumentError(`${read.error.issues.map(({ message }) => message).join('; ')}.`);
  };
}
