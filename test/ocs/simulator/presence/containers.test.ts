import { describe, expect, test } from 'vitest';
import {
  type Container,
  containerFor,
  type Member,
  withMembers,
} from '../../../../src/ocs/simulator/presence/containers.js';
import { sip } from '../../../support/people.js';

const ana = sip('ana@contoso.example');
const ben = sip('ben@contoso.example');
const stranger = sip('zoe@fabrikam.example');
const container = (id: number, ...members: readonly Member[]): Container => ({ id, version: 1, members });

describe('containerFor', () => {
  test('shows a colleague the company container and a stranger the public one', () => {
    expect(containerFor(ana, ben, [])).toBe(200);
    expect(containerFor(ana, stranger, [])).toBe(100);
  });

  test('lets a membership by name win over one by enterprise', () => {
    const containers = [
      container(200, { type: 'sameEnterprise', value: '' }),
      container(400, { type: 'user', value: ben }),
      container(32_000, { type: 'domain', value: 'fabrikam.example' }),
    ];
    expect(containerFor(ana, ben, containers)).toBe(400);
    expect(containerFor(ana, stranger, containers)).toBe(32_000);
  });
});

describe('the order of memberships', () => {
  const everybody = [
    container(100, { type: 'everyone', value: '' }),
    container(200, { type: 'sameEnterprise', value: '' }),
    container(300, { type: 'domain', value: 'contoso.example' }),
    container(400, { type: 'user', value: ben }),
  ];
  const without = (...ids: readonly number[]) => everybody.filter(({ id }) => !ids.includes(id));

  test.each([
    ['a name', ben, everybody, 400],
    ['then a domain', ben, without(400), 300],
    ['then the enterprise', ben, without(400, 300), 200],
    ['then everyone', ben, without(400, 300, 200), 100],
    ['everyone for a stranger', stranger, everybody, 100],
    ['federated before everyone', stranger, [...everybody, container(150, { type: 'federated', value: '' })], 150],
    [
      'being blocked before being a friend',
      ben,
      [...everybody, container(32_000, { type: 'user', value: ben })],
      32_000,
    ],
    [
      'a blocked domain does not hit a friend',
      ben,
      [...everybody, container(32_000, { type: 'domain', value: 'contoso.example' })],
      400,
    ],
  ] as const)('%s', (_title, watcher, containers, expected) => {
    expect(containerFor(ana, watcher, containers)).toBe(expected);
    expect(containerFor(ana, watcher, [...containers].reverse())).toBe(expected);
  });
});

describe('withMembers', () => {
  test('adds and removes members and raises the version', () => {
    const added = withMembers([], 300, [{ type: 'user', value: ben }], []);
    expect(added).toEqual([{ id: 300, version: 1, members: [{ type: 'user', value: ben }] }]);
    expect(withMembers(added, 300, [], [{ type: 'user', value: ben }])).toEqual([{ id: 300, version: 2, members: [] }]);
  });
});
