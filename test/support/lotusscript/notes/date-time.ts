import { mismatch } from '../conversion.js';
import { dateFromText, dayNumber, momentOfDay, textOfDate } from '../dates.js';
import { method, type NativeClass, native, numberArg, property, selfArg } from '../native.js';
import { bool, date, double, EMPTY, long, str, type Value } from '../values.js';
import type { NotesWorld } from './world.js';

/** `moment` is in milliseconds since 1970; `undefined` while there is none. */
export interface DateTimeState {
  moment: number | undefined;
  readonly world: NotesWorld;
}

function local({ moment, world }: DateTimeState): number | undefined {
  return moment === undefined ? undefined : dayNumber(moment, world.offset);
}

function adjust(milliseconds: number) {
  return method<DateTimeState>(1, 2, (state, args) => {
    if (state.moment !== undefined) state.moment += numberArg(args, 0) * milliseconds;
    return undefined;
  });
}

function difference(state: DateTimeState, args: readonly Value[]): number {
  const other = selfArg(args, 0, NOTES_DATE_TIME);
  if (state.moment === undefined || other.moment === undefined) return mismatch();
  return (state.moment - other.moment) / 1000;
}

export const NOTES_DATE_TIME: NativeClass<DateTimeState> = {
  name: 'NotesDateTime',
  members: {
    lslocaltime: property(
      (state) => {
        const day = local(state);
        return day === undefined ? EMPTY : date(day);
      },
      (state, value) => {
        state.moment = value.kind === 'date' ? momentOfDay(value.value, state.world.offset) : mismatch();
      },
    ),
    lsgmttime: property(({ moment }) => (moment === undefined ? EMPTY : date(dayNumber(moment, 0)))),
    localtime: property((state) => {
      const day = local(state);
      return str(day === undefined ? '' : textOfDate(day));
    }),
    gmttime: property(({ moment }) => str(moment === undefined ? '' : `${textOfDate(dayNumber(moment, 0))} GMT`)),
    isvaliddate: property(({ moment }) => bool(moment !== undefined)),
    setnow: method(0, 0, (state) => {
      state.moment = state.world.now();
      return undefined;
    }),
    adjustsecond: adjust(1000),
    adjustminute: adjust(60_000),
    adjusthour: adjust(3_600_000),
    adjustday: adjust(86_400_000),
    timedifference: method(1, 1, (state, args) => long(Math.trunc(difference(state, args)))),
    timedifferencedouble: method(1, 1, (state, args) => double(difference(state, args))),
  },
};

/** From a text or a date by the wall clock. */
export function dateTimeOf(value: Value | undefined, world: NotesWorld): Value {
  const day = value?.kind === 'date' ? value.value : value?.kind === 'string' ? dateFromText(value.value) : mismatch();
  return native(NOTES_DATE_TIME, { moment: day === undefined ? undefined : momentOfDay(day, world.offset), world });
}

export function dateTimeAt(moment: number, world: NotesWorld): Value {
  return native(NOTES_DATE_TIME, { moment, world });
}
