import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { ROUTE_ACCESS } from '../../src/bridge/api/access/route-access.js';
import { DEFAULT_HTTP_LIMITS } from '../../src/bridge/api/http/http-limits.js';
import { statusOf } from '../../src/bridge/api/http/problem.js';
import { assertedSchema } from '../../src/bridge/api/people/others-schemas.js';
import { presenceSchema } from '../../src/bridge/api/people/presence-schemas.js';
import {
  MAX_ASKED,
  MAX_QUERY_BODY,
  MAX_TEXT,
  peopleAnswerSchema,
  QUERY_REASONS,
} from '../../src/bridge/api/people/query-schemas.js';
import { messageSchema, ownStatusSchema } from '../../src/bridge/api/self-schemas.js';
import { parseClientMessage } from '../../src/bridge/api/stream/protocol.js';
import { DEFAULT_STREAM_LIMITS, SUBSCRIPTION_LIMITS } from '../../src/bridge/api/stream/stream-limits.js';
import { streamBodySchema } from '../../src/bridge/api/stream/subscribe-request.js';
import { CLOSE } from '../../src/bridge/api/stream/wire.js';
import { ASSERTED_STATUSES } from '../../src/bridge/engine/asserted-status.js';
import { MAX_ASSERTION_MS } from '../../src/bridge/engine/assertions.js';
import { FOUND_BY } from '../../src/bridge/status.js';
import type { PeopleMessage } from '../../src/client/messages.js';
import type { ClientErrorCode } from '../../src/client/presence-error.js';
import { readMessage } from '../../src/client/read-message.js';
import { ACTIVITIES, STATUSES } from '../../src/presence/availability.js';
import { ERROR_CODES, type ErrorCode } from '../../src/presence/errors.js';
import { type Vocabulary, vocabulariesOf } from '../../src/presence/vocabularies.js';
import { readGuidePage } from '../support/guide-page.js';

const PAGE = 'docs/guide/applications.md';
const { text, blocks, headings } = readGuidePage(PAGE);

/** Cells of the rows of the first table below a heading. */
function rowsBelow(heading: string, nth = 0): readonly (readonly string[])[] {
  const [, below = ''] = text.split(`\n## ${heading}\n`);
  const [section = ''] = below.split('\n## ');
  const tables = section
    .trim()
    .split('\n\n')
    .filter((part) => part.startsWith('|'));
  const lines = tables[nth]?.trimEnd().split('\n').slice(2) ?? [];
  return lines.map((line) =>
    line
      .slice(1, -1)
      .split(' | ')
      .map((cell) => cell.trim()),
  );
}

const codeIn = (cell = ''): readonly string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

function exampleOf(file: string): unknown {
  const block = blocks.find((one) => one.language === 'json' && one.file === file);
  if (block === undefined) throw new Error(`no example ${file}`);
  return JSON.parse(block.lines.join('\n'));
}

test('the guide for applications is short, and its headings lead through it', () => {
  expect(text.split('\n').length).toBeLessThan(320);
  expect(headings.length).toBeGreaterThan(12);
});

describe('examples of the guide for applications', () => {
  test.each<[string, z.ZodType]>([
    ['people/query', peopleAnswerSchema],
    ['self', ownStatusSchema],
    ['status-of-other', assertedSchema],
    ['message', messageSchema],
  ])('%s is as the API has it', (file, schema) => {
    const example = exampleOf(file);
    // Answers may have further fields: an example has none that there is not.
    expect(schema.parse(example)).toEqual(example);
  });

  test('the subscription is understood over WebSocket, and as a body', () => {
    const example = exampleOf('subscribe');
    expect(parseClientMessage(JSON.stringify(example))).toMatchObject({ ok: true, value: { type: 'subscribe' } });
    const bodies = [...text.matchAll(/-d '([^']+)' \$BRIDGE\/api\/v1\/stream/g)].map(([, body = '']) => body);
    expect(bodies.length).toBe(1);
    for (const body of bodies) expect(streamBodySchema.safeParse(JSON.parse(body)).success).toBe(true);
  });

  test('messages of a stream can be read, and have their cursor as id', () => {
    const lines = blocks.filter(({ heading }) => heading === 'Following').flatMap((block) => block.lines);
    const events = lines.flatMap((line, at) => (line.startsWith('event: ') ? [lines.slice(at, at + 3)] : []));
    expect(events.length).toBe(2);
    for (const [event = '', id = '', data = ''] of events) {
      const message = readMessage(data.slice('data: '.length));
      expect([message?.type, (message as { cursor?: string } | undefined)?.cursor]).toEqual([
        event.slice('event: '.length),
        id.slice('id: '.length),
      ]);
      const { people } = message as { people?: readonly unknown[] };
      for (const one of people ?? []) {
        const person = presenceSchema.parse(one);
        expect(person).toEqual(one);
        const { graph } = vocabulariesOf({ ...person, activity: person.activity ?? '' });
        expect(person.words).toEqual({ graph });
      }
    }
  });

  test('the words of other programs are those of somebody in a meeting', () => {
    const words = vocabulariesOf({ status: 'busy', activity: 'in-a-meeting', outOfOffice: false });
    const told = rowsBelow('What an answer says', 1).map(([name = '', example = '']) => [
      codeIn(name)[0],
      JSON.parse(codeIn(example)[0] ?? ''),
    ]);
    expect(Object.fromEntries(told)).toEqual(words satisfies Record<Vocabulary, unknown>);
  });

  test('the TypeScript compiles against the client', () => {
    const source = blocks.filter(({ language }) => language === 'ts').flatMap(({ lines }) => lines);
    expect(source.length).toBeGreaterThan(10);
    expect(complaintsAbout(source.join('\n'))).toEqual([]);
    expect(complaintsAbout(source.join('\n').replace('onPeople', 'onPerson'))).not.toEqual([]);
  }, 60_000);
});

/** What the compiler says of a program that uses the client, with this project's settings. */
function complaintsAbout(source: string): readonly string[] {
  const file = resolve('docs/guide/first.mts');
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, { ...ts.sys, readDirectory: () => [] }, resolve('.'));
  const settings: ts.CompilerOptions = {
    ...options,
    noEmit: true,
    rootDir: resolve('.'),
    paths: { 'notes-presence-bridge/client': [resolve('src/client/client.ts')] },
  };
  const host = ts.createCompilerHost(settings);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.readFile = (name) => (name === file ? source : readFile(name));
  host.getSourceFile = (name, target, ...rest) =>
    name === file ? ts.createSourceFile(name, source, target) : getSourceFile(name, target, ...rest);
  const program = ts.createProgram([file], settings, host);
  const found = [...program.getSyntacticDiagnostics(), ...program.getSemanticDiagnostics(program.getSourceFile(file))];
  return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

describe('tables of the guide for applications', () => {
  test('name routes that there are', () => {
    const routes = Object.keys(ROUTE_ACCESS).map((route) => route.replaceAll(/:(\w+)/g, '{$1}'));
    const named = [...text.matchAll(/`((?:GET|PUT|POST|DELETE) \/[^`?…]*)[^`]*`/g)].map(([, route = '']) => {
      return route.replace(/\s+/g, ' ').trim();
    });
    expect(named.length).toBeGreaterThan(20);
    expect([...new Set(named)].filter((route) => !routes.includes(route))).toEqual([]);
    const paths = new Set(routes.map((route) => route.slice(route.indexOf(' ') + 1)));
    const asked = [...text.matchAll(/\$BRIDGE(\/[a-z\d/-]+)/g)].map(([, path = '']) => path);
    expect(asked.filter((path) => !paths.has(path) && path !== '/api/v1/lists/everybody')).toEqual([]);
  });

  test('name every route for applications', () => {
    const forApplications = Object.entries(ROUTE_ACCESS).filter(
      ([route, access]) =>
        access !== 'open' && !access.oneOf.every((scope) => scope === 'operate') && route !== 'GET /api/v1/people',
    );
    const paths = forApplications.map(([route]) => route.slice(route.indexOf(' ') + 1).replaceAll(/:(\w+)/g, '{$1}'));
    const shortened = text.replaceAll('`/why`', '`/api/v1/people/{who}/why`');
    expect([...new Set(paths)].filter((path) => !shortened.includes(path))).toEqual([]);
  });

  test('have every message of a stream', () => {
    const types = { snapshot: true, changes: true, status: true, message: true, error: true } satisfies Record<
      PeopleMessage['type'],
      true
    >;
    expect(rowsBelow('Following').flatMap(([type]) => codeIn(type))).toEqual(Object.keys(types));
  });

  test('have every status, and reasons, activities and rules that there are', () => {
    const fields = new Map(rowsBelow('What an answer says').map(([field = '', means = '']) => [field, codeIn(means)]));
    expect(new Set(fields.get('`status`'))).toEqual(new Set(STATUSES));
    expect(new Set(fields.get('`reason`'))).toEqual(new Set(['unknown', ...QUERY_REASONS]));
    const activities: readonly string[] = ACTIVITIES;
    expect(fields.get('`activity`')?.filter((word) => !activities.includes(word))).toEqual([]);
    const [, by = ''] = /\(`by`: ([^)]+)\)/.exec(text) ?? [];
    expect(codeIn(by)).toEqual(FOUND_BY);
    const [, said = ''] = /by it: ([^.]+) can be said/.exec(text) ?? [];
    expect(codeIn(said)).toEqual(ASSERTED_STATUSES);
  });

  test('have fields that answers have', () => {
    const fields = rowsBelow('What an answer says').flatMap(([field]) => codeIn(field));
    const known = [...Object.keys(presenceSchema.shape), 'freshUntil'];
    expect(fields.filter((field) => !known.includes(field))).toEqual([]);
  });

  test('have the HTTP status of every error that applications meet', () => {
    const told = rowsBelow('Errors').flatMap(([status, codes]) => codeIn(codes).map((code) => [code, Number(status)]));
    for (const [code, status] of told) expect([code, statusOf(code as ErrorCode)]).toEqual([code, status]);
    // What Domino did not do concerns administrators' routes.
    const expected = (Object.keys(ERROR_CODES) as ErrorCode[]).filter(
      (code) => code === 'INTERNAL' || (statusOf(code) !== 500 && !code.startsWith('NOTES_')),
    );
    expect(told.map(([code]) => code).sort()).toEqual(expected.sort());
  });

  test("have the client's own errors", () => {
    const codes = {
      API_UNREACHABLE: true,
      CLIENT_ANSWER: true,
      CLIENT_LIMIT: true,
      CLIENT_USAGE: true,
    } satisfies Record<ClientErrorCode, true>;
    const [, sentence = ''] = /\nThe client has four of its own([\s\S]*?)\n\n/.exec(text) ?? [];
    expect(codeIn(sentence).filter((word) => /^[A-Z_]+$/.test(word))).toEqual(Object.keys(codes));
  });

  test('have the limits that hold', () => {
    const { body, requestsPerToken, requestsPerAddress, ticketLife } = DEFAULT_HTTP_LIMITS;
    const { clients, payload, tick, behind, statusEvery, messages, ping } = DEFAULT_STREAM_LIMITS;
    const number = (value: number | null): string => (value ?? Number.NaN).toLocaleString('en-US');
    const note = ownStatusSchema.shape.note.unwrap().maxLength;
    const message = messageSchema.shape.text.maxLength;
    expect([MAX_ASKED, MAX_TEXT]).toEqual([SUBSCRIPTION_LIMITS.people, SUBSCRIPTION_LIMITS.name]);
    expect(rowsBelow('Limits').map(([, limit]) => limit)).toEqual([
      `${number(MAX_ASKED)}; people of lists do not count`,
      number(SUBSCRIPTION_LIMITS.lists),
      `${number(MAX_TEXT)}; ${number(note)}; ${number(message)} characters`,
      `${body / 1024} KiB; ${MAX_QUERY_BODY / 1024 ** 2} MiB; ${payload / 1024} KiB`,
      `${requestsPerToken.perSecond}; ${requestsPerAddress.perSecond} a second, [more after a quiet time](access.md#limits)`,
      number(clients),
      `one each ${tick} ms, the newest`,
      `${MAX_ASSERTION_MS / 3_600_000} hours`,
    ]);
    for (const sentence of [
      `takes nothing for ${behind / 1000} s is cut`,
      `at least every ${statusEvery / 1000} s`,
      `more than ${messages} messages in ${ping / 1000} s`,
      `within ${ticketLife / 1000} seconds`,
      `${CLOSE.goingAway} the bridge ends`,
      `${CLOSE.policy} the token`,
      `${CLOSE.tryAgainLater} too slow`,
    ]) {
      expect(text.replaceAll(/\s+/g, ' ')).toContain(sentence);
    }
  });

  test('have the attributes of badges', () => {
    const attributes = rowsBelow('Web pages').flatMap(([attribute]) => codeIn(attribute));
    expect(attributes).toEqual(['address', 'name', 'label', 'lang', 'ticket-url', 'bridge']);
    const element = ts.sys.readFile('src/client/badge/element.ts') ?? '';
    for (const attribute of attributes) expect(element).toContain(`'${attribute}'`);
  });

  test('name everything that the client has', () => {
    const source = ts.sys.readFile('src/client/client.ts') ?? '';
    const [, body = ''] = /export interface PresenceClient \{([\s\S]*?)\n\}/.exec(source) ?? [];
    const methods = [...body.matchAll(/^ {2}(\w+)\(/gm)].map(([, method]) => method);
    expect(methods.length).toBeGreaterThan(12);
    expect(methods.filter((method) => !text.includes(`\`${method}\``))).toEqual([]);
  });
});

test('pictures of the guide for applications are there, with words for them', () => {
  const pictures = [...text.matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g)];
  expect(pictures.length).toBeGreaterThan(0);
  for (const [, words = '', file = ''] of pictures) {
    expect(words.length).toBeGreaterThan(20);
    expect(existsSync(join('docs/guide', file))).toBe(true);
  }
});
