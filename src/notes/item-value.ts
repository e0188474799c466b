/** Text with the flag that makes it a names item. Shape as in domino-db's canonical items. */
export interface TextItem {
  readonly type: 'text';
  readonly data: string | readonly string[];
  readonly names?: true;
}

/** A moment (`2026-01-05T09:30:00Z`, at most hundredths of a second) or a list of moments. */
export interface DateTimeItem {
  readonly type: 'datetime';
  readonly data: string | readonly string[];
}

/** Value of an item, as domino-db takes and gives it: scalars and lists in shorthand, dates and names spelled out. */
export type ItemValue = string | number | readonly string[] | readonly number[] | TextItem | DateTimeItem;

/** Items of one document by name. Item names compare without regard to case in Domino; we always write one spelling. */
export type Items = Readonly<Record<string, ItemValue>>;
