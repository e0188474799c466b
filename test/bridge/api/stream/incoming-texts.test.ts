import { expect, test } from 'vitest';
import { createGrant } from '../../../../src/bridge/api/access/grant.js';
import { parsePersonFilter } from '../../../../src/bridge/api/access/person-filter.js';
import type { IncomingMessage } from '../../../../src/bridge/ports.js';
import { BridgeError } from '../../../../src/presence/errors.js';
import type { SipUri } from '../../../../src/presence/ids.js';
import { HubSite } from '../../../support/hub-site.js';
import { person, sip } from '../../../support/people.js';
import { FakeWatchedPeople } from '../../../support/watched-people.js';

const ANA = person('sip:ana@contoso.example', 'Ana Reyes/Sales/Contoso');
const EVE = person('sip:eve@contoso.example', 'Eve Moss/Support/Contoso');
const FOLLOW = { type: 'subscribe', people: [], messages: true };

class Messages {
  readonly listeners = new Set<(message: IncomingMessage) => void>();
  wants: (from: SipUri) => boolean = () => false;

  onMessage(listener: (message: IncomingMessage) => void, wants: (from: SipUri) => boolean): () => void {
    this.listeners.add(listener);
    this.wants = wants;
    return () => this.listeners.delete(listener);
  }

  write(from: string, text: string): void {
    for (const listener of this.listeners) listener({ from: sip(from), text, at: 7 });
  }
}

const filter = parsePersonFilter(['*/Sales/Contoso']);
if (!filter.ok) throw new Error(filter.reason);
const SALES = createGrant({ holder: 'sales', scopes: ['stream', 'message'], filter: filter.value });
const DEAF = createGrant({ holder: 'deaf', scopes: ['stream'] });

function site() {
  const messages = new Messages();
  const demandMessages = ({ scopes }: { readonly scopes: ReadonlySet<string> }): void => {
    if (!scopes.has('message')) throw new BridgeError('API_FORBIDDEN', 'the scope is missing');
  };
  const watched = new FakeWatchedPeople([ANA, EVE]);
  return { messages, running: new HubSite({ messages, demandMessages, watched }) };
}

test('an instant message comes to those who asked for it', () => {
  const { messages, running } = site();
  const [asking, other] = [running.open(), running.open()];
  asking.says(FOLLOW);
  other.says({ ...FOLLOW, messages: false });
  const before = other.writes;
  messages.write(ANA.uri, 'hello\nthere');
  expect(asking.messages.at(-1)).toEqual({
    type: 'message',
    at: 7,
    from: ANA.uri,
    name: ANA.name,
    text: 'hello\nthere',
  });
  expect(other.writes).toBe(before);
});

test('a token hears of those only whom it sees', () => {
  const { messages, running } = site();
  const wire = running.open(undefined, SALES);
  wire.says(FOLLOW);
  messages.write(EVE.uri, 'secret');
  messages.write('sip:stranger@other.example', 'secret');
  messages.write(ANA.uri, 'hello');
  expect(wire.messages.filter(({ type }) => type === 'message')).toEqual([expect.objectContaining({ from: ANA.uri })]);
});

test('messages are wanted from those only of whom somebody who asked may know', () => {
  const { messages, running } = site();
  const wanted = () => [ANA.uri, EVE.uri, sip('sip:stranger@other.example')].filter((from) => messages.wants(from));
  running.open(undefined, SALES).says(FOLLOW);
  expect(wanted()).toEqual([ANA.uri]);
  const everybody = running.open();
  everybody.says(FOLLOW);
  expect(wanted()).toHaveLength(3);
  everybody.cut();
  expect(wanted()).toEqual([ANA.uri]);
});

test('without the scope the whole subscription is refused', () => {
  const { messages, running } = site();
  const wire = running.open(undefined, DEAF);
  wire.says(FOLLOW);
  expect(wire.messages.at(-1)).toMatchObject({ type: 'error', code: 'API_FORBIDDEN' });
  expect(messages.listeners.size).toBe(0);
});

test('nobody listens before somebody asks, nor after the last one left or asks no more', () => {
  const { messages, running } = site();
  const wires = [running.open(), running.open()];
  expect(messages.listeners.size).toBe(0);
  for (const wire of wires) wire.says(FOLLOW);
  expect(messages.listeners.size).toBe(1);
  wires[0]?.cut();
  expect(messages.listeners.size).toBe(1);
  wires[1]?.says({ ...FOLLOW, messages: false });
  expect(messages.listeners.size).toBe(0);
});

test('texts and their senders stand in no log', () => {
  const { messages, running } = site();
  running.open().says(FOLLOW);
  messages.write(ANA.uri, 'a canary');
  expect(JSON.stringify(running.log.entries)).not.toMatch(/canary|ana/i);
});
