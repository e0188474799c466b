import { fill } from './texts.js';
import { ageOf, timeOf } from './time-words.js';

/**
 * Whether what is shown can be trusted, in words. No page, no network.
 *
 * @typedef {import('../../api/stream/protocol.js').StatusMessage} StatusMessage
 * @typedef {import('./stream.js').StreamState} StreamState
 * @typedef {import('./texts.js').Texts} Texts
 *
 * @typedef {object} Situation
 * @property {StreamState} connection
 * @property {StatusMessage | undefined} status the newest one of the bridge
 * @property {boolean} current true when the rows are those of this connection
 * @property {boolean} over true when what the bridge said does not count any more
 * @property {number | undefined} heardAt when the bridge was heard last, ms since 1970 by the reader's clock
 * @property {number} retryAt when the next attempt to connect is due, ms since 1970
 * @property {number} now ms since 1970 by the reader's clock
 *
 * @typedef {object} Trust
 * @property {'waiting' | 'live' | 'last-known' | 'unknown'} mood `last-known`: shown, but not confirmed;
 *   `unknown`: not shown any more
 * @property {string} problem what is wrong; empty when nothing is
 * @property {string} age since when nothing is confirmed; empty when everything is
 * @property {string} step what the page does about it; empty when nothing
 * @property {string} asOf for the line above the table; empty before the first word of the bridge
 */

/**
 * @param {Situation} situation
 * @param {Texts} texts
 * @returns {Trust}
 */
export function trustOf(situation, texts) {
  const { connection, status, current, now } = situation;
  const isUnknown = situation.over || (current && isNobodyConfirmed(status));
  const problem = problemOf(situation, isUnknown, texts);
  const step = stepOf(situation, texts);
  const confirmedAt = confirmedAtOf(situation);
  const time = confirmedAt === undefined ? '' : timeOf(confirmedAt, now, texts.language);
  const age = confirmedAt === undefined ? '' : ageOf(now - confirmedAt, texts);
  if (problem === '') {
    const isWaiting = connection !== 'refused' && (status === undefined || !current);
    return { mood: isWaiting ? 'waiting' : 'live', problem, age: '', step, asOf: time && fill(texts.asOf, { time }) };
  }
  return {
    mood: isUnknown ? 'unknown' : 'last-known',
    problem,
    age: time && fill(texts.confirmedAt, { time, age }),
    step,
    asOf: time && fill(texts.asOfAge, { time, age }),
  };
}

/**
 * The bridge itself does not vouch for anybody, while documents may still say what they said.
 *
 * @param {StatusMessage | undefined} status
 */
function isNobodyConfirmed(status) {
  return status !== undefined && status.ocs.state !== 'connected' && status.counts.unknown === status.people;
}

/**
 * Why what is shown may be wrong; empty when it is right.
 *
 * @param {Situation} situation
 * @param {boolean} isUnknown
 * @param {Texts} texts
 */
function problemOf({ connection, status, current, over }, isUnknown, texts) {
  if (connection === 'refused') return texts.signInWrong;
  if (connection !== 'open') {
    if (status === undefined) return connection === 'lost' ? texts.unreachable : '';
    return isUnknown ? texts.lostBoardLong : texts.lostBoard;
  }
  if (status === undefined) return '';
  if (!current) return over ? texts.silent : '';
  if (status.ocs.state !== 'connected') {
    return fill(isUnknown ? texts.lostOcsLong : texts.lostOcs, { state: texts.states[status.ocs.state] });
  }
  if (status.role.state === 'standby') {
    const { holder } = status.role;
    return holder === '' ? texts.standbyAlone : fill(texts.standby, { holder });
  }
  if (status.notes.state !== 'connected') {
    return fill(texts.lostNotes, { state: texts.states[status.notes.state] });
  }
  return over ? texts.silent : '';
}

/**
 * @param {Situation} situation
 * @param {Texts} texts
 */
function stepOf({ connection, status, current, retryAt, now }, texts) {
  if (connection === 'lost') {
    return fill(texts.nextAttempt, { seconds: Math.max(0, Math.ceil((retryAt - now) / 1000)) });
  }
  return connection === 'connecting' || status === undefined || !current ? texts.connecting : '';
}

/**
 * When what is shown was confirmed last, by the reader's clock: a bridge that cannot ask goes on speaking.
 *
 * @param {Situation} situation
 */
function confirmedAtOf({ status, heardAt }) {
  if (heardAt === undefined || status === undefined) return heardAt;
  const broken = [status.ocs, status.notes].filter(({ state }) => state !== 'connected');
  return Math.min(heardAt, ...broken.map(({ since }) => heardAt - Math.max(0, status.now - since)));
}
