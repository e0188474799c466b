import type { HttpServerOptions } from '../../src/bridge/api/server.js';
import type { OwnStatus } from '../../src/bridge/ports.js';
import type { SipUri } from '../../src/presence/ids.js';
import { type TestServer, testServer } from '../support/http-server.js';
import { person } from '../support/people.js';
import { TestTokens } from '../support/token-book.js';
import { type FakePerson, FakeWatchedPeople } from '../support/watched-people.js';

const NOW = Date.UTC(2026, 0, 5, 8, 0, 0);

export const ANA: FakePerson = {
  ...person('sip:ana@contoso.example', 'CN=Ana Reyes/OU=Sales/O=Contoso'),
  status: 'busy',
  activity: 'in-a-meeting',
  since: NOW - 600_000,
  observedAt: NOW,
};
export const BEN: FakePerson = {
  ...person('sip:ben@contoso.example', 'CN=Ben Ito/OU=Sales/O=Contoso'),
  status: 'available',
  observedAt: NOW,
};

export interface PresenceSite {
  readonly server: TestServer;
  readonly watched: FakeWatchedPeople;
  readonly sent: (readonly [to: SipUri, text: string])[];
  readonly said: string[];
  readonly tokens: TestTokens;
}

/** A server with the routes and streams that the client knows, over people in memory. */
export async function presenceSite(options: Partial<HttpServerOptions> = {}): Promise<PresenceSite> {
  const watched = new FakeWatchedPeople([ANA, BEN]);
  const sent: (readonly [to: SipUri, text: string])[] = [];
  const said: string[] = [];
  const tokens = new TestTokens({ name: 'reader', scopes: ['read'] }, { name: 'follower', scopes: ['stream'] });
  let own: OwnStatus | undefined;
  const server = await testServer({
    watched,
    tokens,
    query: {
      find: (text, sees) => {
        const found = watched.resolve(text, sees);
        return found.outcome === 'ambiguous' ? { outcome: 'ambiguous' } : found;
      },
      freshMs: 90_000,
    },
    self: {
      own: {
        publish: async (status) => {
          own = status;
        },
        clear: async () => {
          own = undefined;
        },
        current: () => own,
      },
      messages: {
        send: async (to, text) => {
          sent.push([to, text]);
        },
        typing: () => {},
        onMessage: () => () => {},
        onTyping: () => () => {},
      },
    },
    others: {
      assert: (_key, holder, { status }) => {
        said.push(`${holder} ${status}`);
      },
      retract: (_key, holder) => {
        said.push(`${holder} nothing`);
      },
      silence: () => {},
    },
    ...options,
  });
  return { server, watched, sent, said, tokens };
}
