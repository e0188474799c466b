import type { PeopleChange } from '../../client/follow.js';
import type { PersonPresence } from '../../client/messages.js';
import type { Vocabulary } from '../../presence/vocabularies.js';
import { harmless } from '../output.js';
import { wordCell } from '../query-table.js';
import { signOf } from './status-sign.js';
import { activityText, nameOf } from './watch-rows.js';

/**
 * Changes as lines for logs and pipes: time, sign, name, status and what belongs to it. Who reads as in the line before gets
 * none, so that a snapshot after a loss tells only what is new.
 */
export class WatchLines {
  readonly #words: readonly Vocabulary[];
  readonly #last = new Map<string, string>();

  constructor(words: readonly Vocabulary[]) {
    this.#words = words;
  }

  /** `now` by the local clock. */
  of({ changed, removed }: PeopleChange, now: number): readonly string[] {
    const lines: string[] = [];
    for (const person of changed) {
      const line = this.#line(person);
      if (this.#last.get(person.address) === line) continue;
      this.#last.set(person.address, line);
      lines.push(`${clockTime(now)} ${line}`);
    }
    for (const address of removed) {
      if (this.#last.delete(address)) lines.push(`${clockTime(now)} - ${harmless(address)}: not there any more`);
    }
    return lines;
  }

  #line(person: PersonPresence): string {
    const [sign] = signOf(person.status, person.activity);
    const parts = [
      person.status,
      activityText(person),
      person.reason ?? '',
      ...this.#words.map((word) => wordCell(person.words ?? {}, word)),
    ];
    return `${sign} ${nameOf(person)}: ${parts.filter((part) => part !== '').join(', ')}`;
  }
}

/** `14:03:22`, of this machine. */
export function clockTime(time: number): string {
  const moment = new Date(time);
  return [moment.getHours(), moment.getMinutes(), moment.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}
