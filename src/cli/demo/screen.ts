import type { PlacedRow } from '../../bridge/ports.js';
import type { CliIo } from '../io.js';
import { clip, paint, table } from '../output.js';
import type { DayReport, DemoDay } from './day.js';

/** Signs for terminals, apart by shape as well as by colour, in the order a colour-blind reader can use. */
const SIGNS: Readonly<
  Record<string, readonly [sign: string, colour: 'green' | 'red' | 'yellow' | 'gray' | 'magenta']>
> = {
  available: ['●', 'green'],
  'available-idle': ['◐', 'green'],
  busy: ['■', 'red'],
  'busy-idle': ['◧', 'red'],
  'do-not-disturb': ['⊖', 'magenta'],
  'be-right-back': ['◔', 'yellow'],
  away: ['◷', 'yellow'],
  offline: ['○', 'gray'],
  unknown: ['?', 'gray'],
};

const CLEAR_LINE = '\u001b[2K';
const REFRESH_MS = 200;
const MAX_ROWS = 18;

/** Shows a running demo: a table that is rewritten in place on a terminal, a line an hour elsewhere. */
export class DemoScreen {
  readonly #io: CliIo;
  readonly #day: DemoDay;
  #lines = 0;
  #hour = -1;
  #timer: NodeJS.Timeout | undefined;

  constructor(io: CliIo, day: DemoDay) {
    this.#io = io;
    this.#day = day;
  }

  start(): void {
    this.#timer = setInterval(() => this.#draw(), REFRESH_MS);
    this.#draw();
  }

  stop(): void {
    clearInterval(this.#timer);
    if (this.#io.terminal) this.#draw();
  }

  #draw(): void {
    if (this.#io.terminal) this.#rewrite();
    else this.#tellHour();
  }

  #rewrite(): void {
    const text = `${clockOf(this.#day.minute)}  ${this.#counts()}\n\n${this.#table()}`;
    const lines = text.split('\n').map((line) => clip(line, this.#io.columns - 1));
    const up = this.#lines > 0 ? `\u001b[${this.#lines}A` : '';
    this.#io.err(up + lines.map((line) => CLEAR_LINE + line).join('\n'));
    this.#lines = lines.length - 1;
  }

  #table(): string {
    const words = new Map(this.#day.bridge.bridge.people().map(({ key, status }) => [key as string, status]));
    const [description] = this.#day.bridge.views.views();
    const headings = description?.columns.map(({ title }) => title) ?? [];
    // Three lines above the table, two of its own, one below: what is rewritten must not scroll.
    const room = Math.max(1, Math.min(MAX_ROWS, this.#io.rows - 6));
    const rows = this.#day.rows.slice(0, room).map((row) => this.#cells(row, words.get(row.id) ?? 'unknown'));
    return table(headings, rows);
  }

  #cells(row: PlacedRow, status: string): string[] {
    const [sign, colour] = SIGNS[status] ?? ['?', 'gray'];
    return row.cells.map((cell, column) => {
      if (cell.kind === 'text') return cell.text;
      return column === 0 ? paint(this.#io, colour, sign) : cell.label;
    });
  }

  #tellHour(): void {
    const hour = Math.floor(this.#day.minute / 60);
    if (hour === this.#hour) return;
    this.#hour = hour;
    this.#io.err(`${clockOf(hour * 60)}  ${this.#counts()}\n`);
  }

  #counts(): string {
    const { counts, writtenTotal } = this.#day.bridge.bridge.status();
    const people = Object.entries(counts).filter(([, count]) => count > 0);
    return `${people.map(([status, count]) => `${count} ${status}`).join(', ')}; ${writtenTotal} documents written`;
  }
}

function clockOf(minute: number): string {
  const whole = Math.floor(minute);
  return `${String(Math.floor(whole / 60)).padStart(2, '0')}:${String(whole % 60).padStart(2, '0')}`;
}

/** The account at the end of the day. */
export function reportText(io: CliIo, report: DayReport): string {
  const place = (name: string, { count, p50, p99, max }: DayReport['places']['document']): string[] => [
    name,
    String(count),
    `${p50} ms`,
    `${p99} ms`,
    `${max} ms`,
  ];
  const { document, view, stream } = report.places;
  const arrivals = table(
    ['arrived in', 'changes', 'median', '99 %', 'worst'],
    [place('Domino document', document), place('Notes view', view), place('live stream', stream)],
  );
  const counts = `${report.changes} changes of ${report.people} people; ${report.written} writes into ${report.documents} documents; ${report.overtaken} overtaken by a newer change within the window\n`;
  const end = report.ok
    ? paint(io, 'green', 'Every change arrived, and every document is right.')
    : paint(io, 'red', `${report.missing.length} changes did not arrive, ${report.wrong.length} documents are wrong:`);
  const wrong = [...report.missing, ...report.wrong].slice(0, 20);
  return `\n${counts}\n${arrivals}\n${end}\n${wrong.map((line) => `  ${line}\n`).join('')}`;
}
