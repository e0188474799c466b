import { stripVTControlCharacters, styleText } from 'node:util';
import type { BridgeError } from '../presence/errors.js';
import type { CliIo } from './io.js';

type Style = Parameters<typeof styleText>[0];

/** Colour on terminals only; the text says everything without it. */
export function paint(io: Pick<CliIo, 'terminal'>, style: Style, text: string): string {
  return io.terminal && !process.env['NO_COLOR'] ? styleText(style, text, { validateStream: false }) : text;
}

/** Rows under headings, columns as wide as their widest cell. Cells may hold colour. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  // A call with one argument for each row would fail beyond some hundred thousand.
  const widths = headings.map((heading, column) =>
    rows.reduce((width, row) => Math.max(width, visibleLength(row[column] ?? '')), visibleLength(heading)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => pad(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const ruler = widths.map((width) => '-'.repeat(width));
  return `${[headings, ruler, ...rows].map(line).join('\n')}\n`;
}

function pad(cell: string, width: number): string {
  return cell + ' '.repeat(Math.max(0, width - visibleLength(cell)));
}

function visibleLength(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}

/** Valid inside JSON, but a terminal obeys them: C1 controls, line separators, marks that turn the reading direction. */
const TERMINAL_MARKS = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** A program reads back the same texts; a terminal obeys none of them. */
export function json(value: unknown): string {
  return escaped(JSON.stringify(value, undefined, 2));
}

/** The same on one line, for one object of many. */
export function jsonLine(value: unknown): string {
  return escaped(JSON.stringify(value));
}

function escaped(text: string): string {
  return `${text.replace(TERMINAL_MARKS, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}

/** Text that came from a server or a document, on one line and without what it could do to a terminal. */
export function harmless(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(TERMINAL_MARKS, '')
    .trim();
}

/** The same for a text whose lines are its own. */
export function harmlessLines(text: string): string {
  return text
    .split('\n')
    .map((line) =>
      line
        .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
        .replace(TERMINAL_MARKS, '')
        .trimEnd(),
    )
    .join('\n');
}

/**
 * What an error knows beyond its message, one `name: value` each. What the message says already is left out, and so is
 * what a server could do to a terminal.
 */
export function detailLines({ message, details }: Pick<BridgeError, 'message' | 'details'>): readonly string[] {
  return Object.entries(details)
    .filter(([, value]) => value !== undefined && value !== '' && !message.includes(String(value)))
    .map(([name, value]) => `${name}: ${harmless(String(value))}`);
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A line cut to `width` visible characters; colour does not count. */
export function clip(line: string, width: number): string {
  if (visibleLength(line) <= width) return line;
  return `${[...stripVTControlCharacters(line)].slice(0, Math.max(0, width - 1)).join('')}…`;
}

/** Narrower terminals get lines that are cut in words. */
const MIN_WIDTH = 20;

/** At a terminal a long text goes on below its beginning, which stands `indent` characters from the left. */
export function wrapped(
  { terminal, columns }: Pick<CliIo, 'terminal' | 'columns'>,
  text: string,
  indent: number,
): string {
  const width = Math.max(MIN_WIDTH, columns - indent);
  if (!terminal || text.length <= width) return text;
  const lines: string[] = [];
  for (let rest = text; rest !== ''; ) {
    const blank = rest.length <= width ? rest.length : rest.lastIndexOf(' ', width);
    const end = blank > 0 ? blank : width;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return lines.join(`\n${' '.repeat(indent)}`);
}

/** `12s`, `5m`, `3h 20m`, `2d 4h`. */
export function duration(milliseconds: number): string {
  if (milliseconds < MINUTE) return `${Math.max(0, Math.round(milliseconds / SECOND))}s`;
  if (milliseconds < HOUR) return `${Math.floor(milliseconds / MINUTE)}m`;
  const hours = Math.floor(milliseconds / HOUR);
  if (hours < 24) return `${hours}h ${Math.floor((milliseconds % HOUR) / MINUTE)}m`;
  return `${Math.floor(hours / 24)}d ${hours % 24}h`;
}
