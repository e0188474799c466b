import { z } from 'zod';
import type { PlacedRow } from '../../bridge/view-ports.js';
import { type Expansion, type ViewLine, viewLines } from '../../notes/template/preview/view-lines.js';
import type { ClickedOrder } from '../../notes/template/views/view-index.js';
import { BridgeError } from '../../presence/errors.js';
import { PREVIEW_LIMITS } from './preview-limits.js';
import type { ShownTemplate, ShownView } from './shown-template.js';

/** What a reader changed of a view: headings and sorting. */
export interface ViewArrangement {
  readonly expansion: Expansion;
  readonly sort: ClickedOrder | undefined;
}

const whole = (max: number) => z.coerce.number().int().min(0).max(max);

const arrangementSchema = z.object({
  sort: z
    .string()
    .regex(/^\d{1,3}:(?:ascending|descending)$/)
    .optional(),
  rest: z.enum(['open', 'closed']).default('open'),
  except: z
    .string()
    .max(PREVIEW_LIMITS.exceptions * 16)
    .default(''),
});

const linesSchema = arrangementSchema.extend({
  from: whole(10_000_000).default(0),
  count: whole(PREVIEW_LIMITS.lines).default(100),
  key: z.string().max(200).optional(),
});

const findSchema = arrangementSchema.extend({ text: z.string().min(1).max(PREVIEW_LIMITS.searchLength) });

export interface LinesRequest extends ViewArrangement {
  readonly from: number;
  readonly count: number;
  /** Where does the line of this key stand? */
  readonly key: string | undefined;
}

/** Reads the query of a request for lines. Throws `API_BAD_REQUEST`. */
export function readLinesRequest(query: unknown): LinesRequest {
  const { from, count, key, ...rest } = parsed(linesSchema, query);
  return { from, count, key, ...arrangementOf(rest) };
}

/** Reads the query of a quick search. Throws `API_BAD_REQUEST`. */
export function readFindRequest(query: unknown): ViewArrangement & { readonly text: string } {
  const { text, ...rest } = parsed(findSchema, query);
  return { text, ...arrangementOf(rest) };
}

function parsed<T>(schema: z.ZodType<T>, query: unknown): T {
  const outcome = schema.safeParse(query);
  if (outcome.success) return outcome.data;
  const [issue] = outcome.error.issues;
  throw new BridgeError('API_BAD_REQUEST', `${issue?.path.join('.') ?? 'query'}: ${issue?.message ?? 'unreadable'}`);
}

function arrangementOf({ sort, rest, except }: z.output<typeof arrangementSchema>): ViewArrangement {
  const [column = '', direction = ''] = (sort ?? '').split(':');
  const expansion = { rest, except: new Set(except.split('.').filter((key) => key !== '')) };
  if (direction !== 'ascending' && direction !== 'descending') return { expansion, sort: undefined };
  return { expansion, sort: { column: Number(column), direction } };
}

/** The lines of a view as a reader arranged them. */
export function arrangedLines(shown: ShownTemplate, view: ShownView, { expansion, sort }: ViewArrangement): ViewLine[] {
  const { model } = view;
  if (!sort || !model.columns[sort.column]?.resort.includes(sort.direction))
    return viewLines(shown.feed.rows(model.id), model.isCategorized, expansion);
  // A view that is sorted anew shows its documents in one list, as Notes does.
  return viewLines(shown.feed.rows(model.id, sort), false, expansion);
}

function textOf({ cells }: PlacedRow, column: number): string {
  const cell = cells[column];
  return cell?.kind === 'text' ? cell.text : (cell?.image ?? '');
}

/** Index of the first line whose sorted column begins with a text; -1 when there is none. */
export function findLine(
  lines: readonly ViewLine[],
  { model }: ShownView,
  sort: ClickedOrder | undefined,
  search: { readonly text: string; readonly language: string },
): number {
  const sorted = model.columns.findIndex((column) => column.category === undefined && column.sort !== 'none');
  const named = model.columns.findIndex((column) => column.category === undefined && column.kind === 'text');
  const column = sort?.column ?? (sorted >= 0 ? sorted : named);
  const collator = new Intl.Collator(search.language, { sensitivity: 'base', usage: 'search' });
  const wanted = search.text.normalize();
  return lines.findIndex((line) => {
    const text = line.kind === 'document' ? textOf(line.row, column) : line.text;
    const start = text.normalize().slice(0, wanted.length);
    return collator.compare(start, wanted) === 0;
  });
}
