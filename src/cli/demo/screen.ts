import type { PlacedRow } from '../../bridge/view-ports.js';
import type { CliIo } from '../io.js';
import { clip, paint, table } from '../output.js';
import type { PlaceReport } from './arrivals.js';
import type { DayReport, DemoDay } from './day.js';

type Sign = readonly [sign: string, colour: 'green' | 'red' | 'yellow' | 'gray' | 'magenta'];

/** Signs for terminals, apart by shape as well as by colour, for each icon of the template. */
const SIGNS: Readonly<Record<string, Sign>> = {
  'presence-available.gif': ['●', 'green'],
  'presence-available-idle.gif': ['◐', 'green'],
  'presence-busy.gif': ['■', 'red'],
  'presence-busy-idle.gif': ['◧', 'red'],
  'presence-on-the-phone.gif': ['☏', 'red'],
  'presence-in-a-meeting.gif': ['▦', 'red'],
  'presence-do-not-disturb.gif': ['⊖', 'magenta'],
  'presence-presenting.gif': ['▣', 'magenta'],
  'presence-be-right-back.gif': ['◔', 'yellow'],
  'presence-away.gif': ['◷', 'yellow'],
  'presence-offline.gif': ['○', 'gray'],
};
const NO_SIGN: Sign = ['?', 'gray'];

const CLEAR_LINE = '\u001b[2K';
const REFRESH_MS = 200;
/** Lines around the rows: two above the table, two of its head, two below. What is rewritten must not scroll. */
const OTHER_LINES = 7;

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

  /** Shows the end of the day; after an interruption there is none. */
  stop(reason: 'day-over' | 'interrupted'): void {
    clearInterval(this.#timer);
    if (this.#io.terminal && reason === 'day-over') this.#draw();
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
    const [description] = this.#day.bridge.views.views();
    const headings = description?.columns.map(({ title }) => title) ?? [];
    const all = this.#day.rows;
    const room = Math.max(1, this.#io.rows - OTHER_LINES);
    const rows = all.slice(0, room).map((row) => this.#cells(row));
    const more = all.length > room ? `... and ${all.length - room} more\n` : '';
    return table(headings, rows) + more;
  }

  #cells(row: PlacedRow): string[] {
    return row.cells.map((cell, column) => {
      if (cell.kind === 'text') return cell.text;
      const [sign, colour] = SIGNS[cell.image] ?? NO_SIGN;
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
  const place = (name: string, { expected, arrived, overtaken, p50, p99, max }: PlaceReport): string[] => [
    name,
    ...[expected, arrived, overtaken].map(String),
    ...[p50, p99, max].map((milliseconds) => `${milliseconds} ms`),
  ];
  const { document, view, stream } = report.places;
  const arrivals = table(
    ['place', 'changes', 'arrived', 'overtaken', 'median', '99 %', 'worst'],
    [place('Domino document', document), place('Notes view', view), place('live stream', stream)],
  );
  const counts = `${report.changes} changes of ${report.people} people; ${report.written} writes into ${report.documents} documents.\nOvertaken: a newer change of the same person came within the window of the writes\n`;
  const end = report.ok
    ? paint(io, 'green', 'Every change arrived, and every document is right.')
    : paint(io, 'red', `${report.missing.length} changes did not arrive, ${report.wrong.length} documents are wrong:`);
  const wrong = [...report.missing, ...report.wrong].slice(0, 20);
  return `\n${counts}\n${arrivals}\n${end}\n${wrong.map((line) => `  ${line}\n`).join('')}`;
}
