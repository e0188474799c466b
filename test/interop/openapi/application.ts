import { createClient } from './generated/client/index.js';
import {
  clearOwnStatus,
  explainPerson,
  followPeople,
  getList,
  getLists,
  getMe,
  getPerson,
  getStatus,
  queryPeople,
  reconcile,
  resolveName,
  sendMessage,
  setOwnStatus,
  setPersonStatus,
} from './generated/sdk.gen.js';

/**
 * An application in the words of a client that was made from the OpenAPI document alone; it shares no code with the
 * project. Compiled and run by `openapi-client.test.ts`, with the made client beside it. Prints one JSON line for each
 * step: what the client made of the answer.
 */
const {
  BRIDGE_URL: baseUrl = '',
  RIGHT_TOKEN: right = '',
  NARROW_TOKEN: narrow = '',
  MESSAGE_TO: to = '',
} = process.env;
const { READ_TOKEN: readOnly = '' } = process.env;

const ANA = 'Ana Reyes/Sales/Contoso';

const as = (auth: string) => ({ client: createClient({ baseUrl, auth }) });

interface Taken {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response?: Response;
}

/** What is told of an error is what its type says; a step that does not compile has no such field. */
function tell(step: string, { response }: Taken, said: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify({ step, status: response?.status, ...said })}\n`);
}

const one = await getPerson({ ...as(right), path: { who: ANA }, query: { words: 'mistatus' } });
tell('one', one, { person: one.data?.status, words: one.data?.words, fresh: one.data?.freshUntil, at: one.data?.at });

const names = [ANA, 'nobody@contoso.example', 'CN=Jürgen Müller/OU=Finance/O=Contoso'];
const many = await queryPeople({ ...as(right), body: { people: names, words: ['mistatus', 'lync', 'graph', 'rpid'] } });
tell('many', many, {
  people: many.data?.people.map(({ query, found, status, reason, words }) => ({ query, found, status, reason, words })),
});

const bridge = await getStatus(as(right));
tell('bridge', bridge, { ocs: bridge.data?.ocs.state, people: bridge.data?.people });

const me = await getMe(as(narrow));
tell('me', me, { holder: me.data?.holder, scopes: me.data?.scopes, people: me.data?.people });
const resolved = await resolveName({ ...as(right), query: { name: 'ana reyes/sales/contoso' } });
tell('resolve', resolved, { address: resolved.data?.address, by: resolved.data?.by });
const why = await explainPerson({ ...as(right), path: { who: ANA } });
tell('why', why, { rule: why.data?.rule, says: why.data?.says });
const lists = await getLists(as(right));
tell('lists', lists, { lists: lists.data?.lists.map(({ id, kind, people }) => [id, kind, people]) });
const list = await getList({ ...as(right), path: { list: 'first-two' } });
tell('list', list, { members: list.data?.members.map(({ status }) => status) });

const set = await setOwnStatus({ ...as(right), body: { status: 'busy', activity: 'in-a-meeting', note: 'Room 4' } });
tell('set', set, { own: set.data?.own });
const cleared = await clearOwnStatus(as(right));
tell('clear', cleared, { own: cleared.data?.own });

const sent = await sendMessage({ ...as(right), body: { to, text: 'made of a document' } });
tell('send', sent, { delivered: sent.data?.delivered });

// The stream does not end by itself; what comes first is enough.
const { stream } = await followPeople({ ...as(right), query: { person: ANA }, sseMaxRetryAttempts: 1 });
for await (const message of stream) {
  const { type, people = [] } = message as { readonly type: string; readonly people?: readonly { status: string }[] };
  if (type !== 'snapshot') continue;
  tell('follow', {}, { people: people.map(({ status }) => status) });
  break;
}

// Refusals: the fields of the error are those of its type.
const unknown = await getPerson({ ...as(right), path: { who: 'nobody@contoso.example' } });
tell('nobody', unknown, { code: unknown.error?.code });
const hidden = await getPerson({ ...as(narrow), path: { who: to } });
tell('hidden', hidden, { code: hidden.error?.code });
const forbidden = await setOwnStatus({ ...as(readOnly), body: { status: 'busy' } });
tell('forbidden', forbidden, { code: forbidden.error?.code });
const unauthorized = await getPerson({ ...as('wrong'), path: { who: to } });
tell('unauthorized', unauthorized, { code: unauthorized.error?.code });
const malformed = await queryPeople({ ...as(right), body: { people: [] } });
tell('malformed', malformed, { code: malformed.error?.code });
const narrowly = await reconcile(as(narrow));
tell('narrow', narrowly, { code: narrowly.error?.code });
const notAllowed = await setPersonStatus({
  ...as(right),
  path: { who: ANA },
  body: { status: 'busy', until: Date.now() + 60_000 },
});
tell('not-allowed', notAllowed, { code: notAllowed.error?.code });
const noList = await getList({ ...as(right), path: { list: 'no-such-list' } });
tell('no-list', noList, { code: noList.error?.code });
// The connection of the stream would keep the process.
process.exit(0);
