import type { CastMember } from './cast.js';
import { OFFLINE_AVAILABILITY, type SimulatedPresence, samePresence } from './presence/simulated-presence.js';
import { seeded, seedFor } from './seeded.js';

/** From this minute of the day on (0-1439) the person's presence is this. */
export interface DayEvent {
  readonly minute: number;
  readonly presence: SimulatedPresence;
}

export const MINUTES_PER_DAY = 1440;

/** What a minute can be filled with: availability number and activity token. */
type Activity = readonly [availability: number, token: string];

const DOING = {
  available: [3500, ''],
  idle: [5000, ''],
  meeting: [6500, 'in-a-meeting'],
  meetingIdle: [7500, 'in-a-meeting'],
  call: [6500, 'on-the-phone'],
  presenting: [9500, 'presenting'],
  focus: [9500, 'urgent-interruptions-only'],
  break: [12_500, ''],
  away: [15_500, ''],
  offline: [OFFLINE_AVAILABILITY, ''],
} as const satisfies Record<string, Activity>;

const NOTES = {
  office: ['', '', '', '', '', 'Room 4 until noon', 'Quarter close, please mail', 'Half day on Friday', 'Büro 2.17'],
  'home-office': ['Working from home', 'Home office, reach me by phone', ''],
  travelling: ['At the customer in Zürich, back on Thursday', 'Trade fair in Göteborg until Friday'],
  vacation: ['On vacation until the 24th, Ana covers for me', 'Im Urlaub, zurück am 24.'],
} as const;

/**
 * One person's working day as a list of changes, by minute, beginning at midnight and ending offline: arrival between seven
 * and ten, meetings on the half hour, calls, lunch, short breaks, quiet hours, idle minutes, and going home. The same
 * person and seed give the same day.
 */
export function workingDayOf(member: CastMember, seed: number): readonly DayEvent[] {
  const dice = new Dice(seeded(seedFor(seed, member.uri)));
  const note = dice.pick(NOTES[member.habit]);
  const outOfOffice = member.habit === 'travelling' || member.habit === 'vacation';
  const minutes = member.habit === 'vacation' ? wholeDay(DOING.offline) : busyDay(member, dice);
  return changesOf(minutes, { note, outOfOffice, displayName: member.displayName });
}

/** What somebody does at each minute of the day; later layers cover earlier ones. */
function busyDay(member: CastMember, dice: Dice): readonly Activity[] {
  const arrival = dice.between(7 * 60, 10 * 60);
  const leaving = Math.min(arrival + dice.between(7 * 60 + 30, 9 * 60 + 30), 20 * 60);
  const minutes = wholeDay(DOING.offline);
  const fill = (from: number, length: number, activity: Activity): void => {
    for (let minute = Math.max(from, arrival); minute < Math.min(from + length, leaving); minute += 1)
      minutes[minute] = activity;
  };
  fill(arrival, leaving - arrival, DOING.available);
  for (let count = dice.between(2, 5); count > 0; count -= 1) {
    fill(dice.between(arrival, leaving), dice.between(4, 14), DOING.idle);
  }
  for (let count = dice.between(1, 4); count > 0; count -= 1) {
    fill(dice.between(arrival, leaving), dice.between(4, 25), DOING.call);
  }
  for (let count = dice.between(1, 3); count > 0; count -= 1) {
    fill(dice.between(arrival + 30, leaving - 15), dice.between(4, 12), DOING.break);
  }
  if (dice.chance(0.35)) fill(dice.between(arrival + 30, leaving - 90), dice.between(45, 90), DOING.focus);
  for (let count = dice.between(1, member.habit === 'travelling' ? 6 : 4); count > 0; count -= 1)
    holdMeeting(dice, fill);
  fill(dice.between(11 * 60 + 30, 13 * 60), dice.between(30, 60), DOING.away);
  return minutes;
}

/** Meetings begin on the half hour; now and then somebody presents, or listens with the hands off the keyboard. */
function holdMeeting(dice: Dice, fill: (from: number, length: number, activity: Activity) => void): void {
  const start = dice.between(8 * 2, 17 * 2) * 30;
  const length = dice.pick([30, 30, 60, 60, 90]);
  if (dice.chance(0.2)) {
    fill(start, length, DOING.presenting);
    return;
  }
  fill(start, length, DOING.meeting);
  if (dice.chance(0.4)) fill(start + 12, length - 15, DOING.meetingIdle);
}

function wholeDay(activity: Activity): Activity[] {
  return Array.from({ length: MINUTES_PER_DAY }, () => activity);
}

function changesOf(
  minutes: readonly Activity[],
  constant: Pick<SimulatedPresence, 'note' | 'outOfOffice' | 'displayName'>,
): readonly DayEvent[] {
  const events: DayEvent[] = [];
  for (const [minute, [availability, activity]] of minutes.entries()) {
    const presence = { availability, activity, ...constant };
    const last = events.at(-1);
    if (!last || !samePresence(last.presence, presence)) events.push({ minute, presence });
  }
  return events;
}

class Dice {
  readonly #unit: () => number;

  constructor(unit: () => number) {
    this.#unit = unit;
  }

  /** Whole number from `low` up to but not including `high`; `low` when there is none. */
  between(low: number, high: number): number {
    return low + Math.floor(this.#unit() * Math.max(1, high - low));
  }

  chance(probability: number): boolean {
    return this.#unit() < probability;
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[Math.floor(this.#unit() * choices.length)] ?? choices[0];
  }
}
