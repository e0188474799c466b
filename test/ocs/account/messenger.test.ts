import { expect, test } from 'vitest';
import { OcsMessenger } from '../../../src/ocs/account/messenger.js';
import type { Conversations } from '../../../src/ocs/agent/conversations.js';
import { sip } from '../../support/people.js';
import { silentLog } from '../../support/silent-log.js';
import { SimulatedClock } from '../../support/simulated-clock.js';

const ANA = sip('ana.reyes@contoso.example');

function messengerOver(send: () => Promise<void>) {
  const clock = new SimulatedClock();
  const messenger = new OcsMessenger({ clock, log: silentLog });
  messenger.use({ send, typing: () => {} } as unknown as Conversations);
  return { clock, messenger };
}

test('a message whose fate nobody tells within two minutes is not waited for any longer', async () => {
  const { clock, messenger } = messengerOver(() => new Promise(() => {}));
  const failed = expect(messenger.send(ANA, 'x')).rejects.toMatchObject({ code: 'OCS_MESSAGE' });
  await clock.advance(120_000);
  await failed;
});

test('a message that was delivered leaves no timer behind', async () => {
  const { clock, messenger } = messengerOver(() => Promise.resolve());
  await messenger.send(ANA, 'x');
  expect(clock.pendingTimers).toBe(0);
});
