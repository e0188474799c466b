import { describe, expect, test } from 'vitest';
import type { Coordinator, Role } from '../../../src/bridge/lease-ports.js';
import type { Directory, Roster } from '../../../src/bridge/ports.js';
import { goOnDuty } from '../../../src/bridge/runtime/duty.js';
import { person } from '../../support/people.js';

const ROSTER: Roster = { people: [person('ana@contoso.example')], optedOut: new Set() };
const ACTIVE: Role = { state: 'active', epoch: 3 };

function onDuty() {
  const told: string[] = [];
  let onRoster: (roster: Roster) => void = () => undefined;
  let onRole: (role: Role) => void = () => undefined;
  const say = (role: Role): string => (role.state === 'active' ? `active ${role.epoch}` : 'standby');
  const directory = {
    start(listener: (roster: Roster) => void) {
      onRoster = listener;
    },
    stop: () => Promise.resolve(void told.push('directory ended')),
  } as unknown as Directory;
  const coordinator = {
    start(listener: (role: Role) => void) {
      onRole = listener;
    },
  } as unknown as Coordinator;
  const end = goOnDuty(
    {
      start: ({ people }, role) => told.push(`start ${people.length} ${say(role)}`),
      setRoster: ({ people }) => told.push(`roster ${people.length}`),
      setRole: (role) => told.push(say(role)),
    },
    directory,
    coordinator,
  );
  return { told, end, roster: () => onRoster(ROSTER), role: (role: Role) => onRole(role) };
}

describe('going on duty', () => {
  test('signs in at once, on standby and without people', () => {
    expect(onDuty().told).toEqual(['start 0 standby']);
  });

  test('writes nothing before it is known who may be shown, since everybody else would be removed', () => {
    const duty = onDuty();
    duty.role(ACTIVE);
    expect(duty.told).toEqual(['start 0 standby']);
    duty.roster();
    expect(duty.told.slice(1)).toEqual(['roster 1', 'active 3']);
  });

  test('knows the roster before it is active, whichever comes first', () => {
    const duty = onDuty();
    duty.roster();
    duty.role(ACTIVE);
    expect(duty.told.slice(1)).toEqual(['roster 1', 'active 3']);
  });

  test('a later roster does not repeat the role', () => {
    const duty = onDuty();
    duty.role(ACTIVE);
    duty.roster();
    duty.roster();
    expect(duty.told.slice(1)).toEqual(['roster 1', 'active 3', 'roster 1']);
  });

  test('follows every later change of the role', () => {
    const duty = onDuty();
    duty.roster();
    duty.role(ACTIVE);
    duty.role({ state: 'standby', holder: 'other' });
    expect(duty.told.at(-1)).toBe('standby');
  });

  test('ends the directory', async () => {
    const duty = onDuty();
    await duty.end();
    expect(duty.told.at(-1)).toBe('directory ended');
  });
});
