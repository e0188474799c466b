import type { PersonRecord } from '../../bridge/ports.js';
import type { PlacedRow, ViewCell } from '../../bridge/view-ports.js';
import { personItems } from '../../notes/items.js';
import { createViewFeed } from '../../notes/template/views/view-feed.js';
import { type Activity, availabilityOf, STATUSES, type Status } from '../../presence/availability.js';
import { sipKeyOf } from '../../presence/ids.js';
import { unknownSnapshot } from '../../presence/snapshot.js';
import { addressOf } from '../site/site.js';

/** The part of a presence that decides icon and text in a view. */
export interface Look {
  readonly status: Status;
  readonly activity: Activity | '';
  readonly outOfOffice: boolean;
}

export function sameLook(a: Look, b: Look): boolean {
  return a.status === b.status && a.activity === b.activity && a.outOfOffice === b.outOfOffice;
}

/**
 * Knows how a view of the template must show a presence, by running the template's formulas on a document of its own: an
 * answer independent of the way a real status takes.
 */
export class Appearance {
  readonly #feed: ReturnType<typeof createViewFeed>;
  readonly #view: string;
  readonly #uri = addressOf('model', 'contoso.example');
  readonly #columns: readonly number[];

  constructor(dxl: string, view: string) {
    this.#feed = createViewFeed(dxl);
    this.#view = view;
    const looks = [...STATUSES.filter((status) => availabilityOf(status) !== undefined)].map((status) =>
      this.#cells({ status, activity: '', outOfOffice: status === 'away' }),
    );
    const [first] = looks;
    // Columns that depend on the presence, not on who it is or when it began.
    this.#columns = (first ?? []).flatMap((_, column) =>
      new Set(looks.map((cells) => textOf(cells[column]))).size > 1 ? [column] : [],
    );
  }

  /** What the view must show for a presence, as text that can be compared with `of`. */
  expected(look: Look): string {
    return this.#join(this.#cells(look));
  }

  /** What a row shows. */
  of(row: Pick<PlacedRow, 'cells'>): string {
    return this.#join(row.cells);
  }

  #cells(look: Look): readonly ViewCell[] {
    const record: PersonRecord = {
      person: { uri: this.#uri, key: sipKeyOf(this.#uri), name: undefined, displayName: 'Model' },
      snapshot: { ...unknownSnapshot(this.#uri, 'Model'), ...look, since: 0 },
      observedAt: 0,
      bridge: 'model',
      epoch: 1,
      seq: 1,
      waitingSince: 0,
    };
    this.#feed.put('model', personItems(record, { notes: false }));
    return this.#feed.rows(this.#view)[0]?.cells ?? [];
  }

  #join(cells: readonly ViewCell[]): string {
    return this.#columns.map((column) => textOf(cells[column])).join(' | ');
  }
}

function textOf(cell: ViewCell | undefined): string {
  return cell === undefined ? '' : cell.kind === 'icon' ? `${cell.image} (${cell.label})` : cell.text;
}
