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

describe('withMembers', () => {
  test('adds and removes members and raises the version', () => {
    const added = withMembers([], 300, [{ type: 'user', value: ben }], []);
    expect(added).toEqual([{ id: 300, version: 1, members: [{ type: 'user', value: ben }] }]);
    expect(withMembers(added, 300, [], [{ type: 'user', value: ben }])).toEqual([{ id: 300, version: 2, members: [] }]);
  });
});
