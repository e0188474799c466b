import type { XmlElement } from '../xml-tree.js';

/** How a number is written; a `numberformat` element. */
export interface NumberFormat {
  readonly style: 'general' | 'fixed' | 'scientific' | 'currency';
  /** Digits after the point; nothing means as many as there are. */
  readonly digits: number | undefined;
  readonly isGrouped: boolean;
  readonly isPercent: boolean;
  /** Negative numbers stand in brackets. */
  readonly hasBrackets: boolean;
}

const STYLES = ['general', 'fixed', 'scientific', 'currency'] as const;
const MOST_DIGITS = 15;

export function readNumberFormat(format: XmlElement | undefined): NumberFormat {
  const at = (name: string): string => format?.attributes.get(name) ?? '';
  const digits = /^\d{1,2}$/.test(at('digits')) ? Math.min(Number(at('digits')), MOST_DIGITS) : undefined;
  return {
    style: STYLES.find((style) => style === at('format')) ?? 'general',
    digits: at('varying') === 'true' ? undefined : digits,
    isGrouped: at('punctuated') === 'true',
    isPercent: at('percent') === 'true',
    hasBrackets: at('parens') === 'true',
  };
}

/** A number as people of a language read it. */
export function formatNumber(value: number, format: NumberFormat, language: string): string {
  if (!Number.isFinite(value)) return String(value);
  if (format.style === 'scientific') return value.toExponential(format.digits ?? 2).toUpperCase();
  const { isPercent, digits } = format;
  const shown = new Intl.NumberFormat(language, {
    useGrouping: format.isGrouped,
    minimumFractionDigits: format.style === 'general' ? 0 : (digits ?? 0),
    maximumFractionDigits: format.style === 'general' ? MOST_DIGITS : (digits ?? MOST_DIGITS),
  }).format(Math.abs(isPercent ? value * 100 : value));
  const text = isPercent ? `${shown}%` : shown;
  if (value >= 0) return text;
  return format.hasBrackets ? `(${text})` : `-${text}`;
}
