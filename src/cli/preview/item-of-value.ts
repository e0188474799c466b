import type { ItemValue } from '../../notes/item-value.js';
import type { Value } from '../../notes/template/formula/values.js';

/** A value of a formula as an item of a document. An error value gives an empty item. */
export function itemOfValue(value: Value): ItemValue {
  switch (value.type) {
    case 'number':
      return value.list.length === 1 ? (value.list[0] ?? 0) : value.list;
    case 'time': {
      const moments = value.list.map((moment) => `${new Date(moment).toISOString().slice(0, 19)}Z`);
      return { type: 'datetime', data: moments.length === 1 ? (moments[0] ?? '') : moments };
    }
    case 'text':
    case 'keyword':
      return value.list.length === 1 ? (value.list[0] ?? '') : value.list;
    case 'error':
      return '';
  }
}
