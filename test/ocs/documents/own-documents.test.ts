import { describe, expect, test } from 'vitest';
import { writeContainerMembers } from '../../../src/ocs/documents/container-members-write.js';
import { chosenState, readUserInfo, writeSetPresence } from '../../../src/ocs/documents/lcs-publish.js';
import { writePublish } from '../../../src/ocs/documents/publish-write.js';
import { BridgeError } from '../../../src/presence/errors.js';
import { sip } from '../../support/people.js';

const SELF = sip('bridge@contoso.example');
const SINCE = '2026-01-05T08:00:00Z';

describe('a publication', () => {
  const slot = { category: 'state', instance: 0x20000000, container: 2, version: 3 } as const;

  test('says number, activity within its range, and own words, escaped', () => {
    const content = { kind: 'userState', status: 'busy', activity: 'presenting', activityText: '<&>' } as const;
    const text = writePublish(SELF, [{ ...slot, content }]).toString();
    expect(text).toContain(
      '<publication categoryName="state" instance="536870912" container="2" version="3" expireType="endpoint">',
    );
    expect(text).toContain('xsi:type="userState"><availability>6500</availability>');
    expect(text).toContain('<activity token="in-presentation" minAvailability="6500" maxAvailability="8999">');
    expect(text).toContain('<custom LCID="1033">&lt;&amp;&gt;</custom>');
  });

  test('that is deleted has no content and no life', () => {
    const text = writePublish(SELF, [{ ...slot, content: undefined }]).toString();
    expect(text).toMatch(/version="3" expireType="endpoint" expires="0"\/><\/publications>/);
  });
});

test('members are added to containers with the version that was seen', () => {
  expect(writeContainerMembers([{ container: 200, version: 4, type: 'sameEnterprise' }]).toString()).toContain(
    '<container id="200" version="4"><member action="add" type="sameEnterprise"/></container>',
  );
});

describe('userInfo of LCS 2005', () => {
  const FOREIGN =
    '<presentity xmlns="http://schemas.microsoft.com/2002/09/sip/presence" ' +
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" uri="bridge@contoso.example"><userInfo><note>theirs</note>' +
    '<oof/><states><state avail="6500" since="2026-01-05T07:00:00Z" validWith="any-device" deviceId="other" ' +
    'endTime="2026-01-05T09:00:00Z" xsi:type="calendarState">busy</state></states></userInfo></presentity>';

  const write = (note: string): string => {
    const found = readUserInfo(Buffer.from(FOREIGN));
    const own = chosenState('do-not-disturb', '5f0c', SINCE);
    const userInfo = { ...found, note, states: own === undefined ? found.states : [own, ...found.states] };
    const body = writeSetPresence({
      uri: SELF,
      deviceId: '5f0c',
      status: 'do-not-disturb',
      onThePhone: false,
      since: SINCE,
      userInfo,
    });
    return body.toString();
  };

  test('keeps the states of other clients beside our choice', () => {
    const text = write('ours');
    expect(text).toContain('<note>ours</note><oof/><states><state avail="9500"');
    expect(text).toContain(
      '<state avail="6500" since="2026-01-05T07:00:00Z" validWith="any-device" deviceId="other" ' +
        'endTime="2026-01-05T09:00:00Z" xsi:type="calendarState">busy</state>',
    );
    expect(readUserInfo(Buffer.from(text)).states.map(({ type }) => type)).toEqual(['userState', 'calendarState']);
  });

  test.each(['x'.repeat(500), '&'.repeat(500), '☺'.repeat(500)])('is never longer than 1024 characters', (note) => {
    const text = write(note);
    const userInfo = /<userInfo.*<\/userInfo>/.exec(text)?.[0] ?? '';
    expect(userInfo.length).toBeLessThanOrEqual(1024);
    expect(readUserInfo(Buffer.from(text)).states).toHaveLength(2);
  });

  test('that is no XML is refused', () => {
    expect(() => readUserInfo(Buffer.from('<userInfo>'))).toThrow(BridgeError);
  });
});
