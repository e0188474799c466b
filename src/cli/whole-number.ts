import { InvalidArgumentError } from '@commander-js/extra-typings';

/** Reads an option that must be a whole number within bounds. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < min || value > max) {
      throw new InvalidArgumentError(`A whole number between ${min} and ${max} was expected.`);
    }
    return value;
  };
}
