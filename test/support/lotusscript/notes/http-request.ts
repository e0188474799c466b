import { conditionOf, numberOf } from '../conversion.js';
import { method, type NativeClass, property, textArg, textArray } from '../native.js';
import { ERROR, ScriptError, StandInFault } from '../script-error.js';
import { arrayOf, bool, int, object, str, type Value } from '../values.js';
import { jsonNavigatorOf } from './json.js';
import type { HttpQuestion, HttpReply, NotesWorld } from './world.js';

export interface HttpRequestState {
  readonly world: NotesWorld;
  headers: Record<string, string>;
  timeout: number;
  redirects: number;
  prefersStrings: boolean;
  prefersNavigator: boolean;
  prefersUtf8: boolean;
  reply: HttpReply | undefined;
}

/** Headers that a request has unless the script sets them itself. */
const DEFAULT_HEADERS = { Accept: 'application/json', 'Content-Type': 'application/json', charsets: 'utf-8' };

function flag(name: 'prefersStrings' | 'prefersNavigator' | 'prefersUtf8') {
  return property<HttpRequestState>(
    (state) => bool(state[name]),
    (state, value) => {
      state[name] = conditionOf(value);
    },
  );
}

function whole(name: 'timeout' | 'redirects') {
  return property<HttpRequestState>(
    (state) => int(state[name]),
    (state, value) => {
      state[name] = numberOf(value);
    },
  );
}

function verb(name: HttpQuestion['method'], hasBody: boolean) {
  const count = hasBody ? 2 : 1;
  return method<HttpRequestState>(count, count, (state, args) =>
    ask(state, name, textArg(args, 0), hasBody ? textArg(args, 1) : ''),
  );
}

async function ask(
  state: HttpRequestState,
  verbName: HttpQuestion['method'],
  url: string,
  body: string,
): Promise<Value> {
  const { http } = state.world.options;
  if (!http) throw new StandInFault('the world of this test answers no HTTP requests');
  const headers = { ...DEFAULT_HEADERS, ...state.headers };
  const question = { method: verbName, url, headers, body, timeout: state.timeout };
  state.world.requests.push(question);
  state.reply = undefined;
  try {
    state.reply = await http(question);
  } catch (thrown) {
    if (thrown instanceof StandInFault) throw thrown;
    throw new ScriptError(
      ERROR.notesError,
      `Notes error: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    );
  }
  if (state.prefersNavigator) return jsonNavigatorOf(state.reply.body);
  if (state.prefersStrings) return str(state.reply.body);
  return arrayOf(
    [...Buffer.from(state.reply.body)].map((value) => ({ kind: 'byte', value }) as const),
    { kind: 'byte' },
  );
}

export const NOTES_HTTP_REQUEST: NativeClass<HttpRequestState> = {
  name: 'NotesHTTPRequest',
  members: {
    maxredirects: whole('redirects'),
    timeoutsec: whole('timeout'),
    preferstrings: flag('prefersStrings'),
    preferjsonnavigator: flag('prefersNavigator'),
    preferutf8: flag('prefersUtf8'),
    responsecode: property(({ reply, world }) => {
      if (!reply) return str('');
      if (world.options.responseCode === 'number') return int(reply.status);
      return str(`HTTP/1.1 ${reply.status} ${reply.statusText ?? ''}`.trim());
    }),
    get: verb('GET', false),
    deleteresource: verb('DELETE', false),
    post: verb('POST', true),
    put: verb('PUT', true),
    patch: verb('PATCH', true),
    setheaderfield: method(2, 2, (state, args) => {
      state.headers = { ...state.headers, [textArg(args, 0)]: textArg(args, 1) };
      return undefined;
    }),
    resetheaders: method(0, 0, (state) => {
      state.headers = {};
      return undefined;
    }),
    getresponseheaders: method(0, 0, ({ reply }) =>
      textArray(Object.entries(reply?.headers ?? {}).map(([name, value]) => `${name}: ${value}`)),
    ),
    setproxy: method(1, 1, () => object(undefined)),
    setproxyuser: method(2, 2, () => object(undefined)),
    resetproxy: method(0, 0, () => undefined),
  },
};

export function httpRequestOf(world: NotesWorld): HttpRequestState {
  return {
    world,
    headers: {},
    timeout: 30,
    redirects: 0,
    prefersStrings: false,
    prefersNavigator: world.options.prefersNavigator ?? false,
    prefersUtf8: false,
    reply: undefined,
  };
}
