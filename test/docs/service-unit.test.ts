import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ERROR_CODES } from '../../src/presence/errors.js';

const unit = new Map(
  readFileSync('docs/guide/presence-bridge.service', 'utf8')
    .split('\n')
    .filter((line) => /^[A-Z]\w+=/.test(line))
    .map((line): [string, string] => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
);
const setting = (name: string): string => unit.get(name) ?? '';

test('the service is given up after five failures in five minutes', () => {
  expect([setting('Restart'), setting('StartLimitIntervalSec'), setting('StartLimitBurst')]).toEqual([
    'on-failure',
    '300',
    '5',
  ]);
  // All five fit into the five minutes, so that the limit is reached at all.
  expect(Number(setting('RestartSec')) * 5).toBeLessThan(300 / 2);
});

test('limits of starting stand in the section where systemd reads them', () => {
  const text = readFileSync('docs/guide/presence-bridge.service', 'utf8');
  const [head = ''] = text.split('[Service]');
  expect(head).toMatch(/^StartLimitIntervalSec=/m);
  expect(head).toMatch(/^StartLimitBurst=/m);
});

test('a failure that only a person can mend is not restarted, and one that may pass is', () => {
  const prevented = setting('RestartPreventExitStatus').split(' ').map(Number);
  const exits = [...new Set(Object.values(ERROR_CODES).map(({ exit }) => exit))];
  expect(exits.filter((exit) => prevented.includes(exit)).sort()).toEqual([64, 65, 73, 77, 78]);
  expect(exits.filter((exit) => !prevented.includes(exit)).sort()).toEqual([69, 70, 74, 75]);
});
