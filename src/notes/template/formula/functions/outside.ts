import type { FormulaContext } from '../context.js';
import { type LookUp, PRIVILEGES, type Privilege } from '../outside.js';
import { EMPTY, error, ifKnown, numbersOf, text, textsOf, time, truth, type Value, WRONG_TYPE } from '../values.js';
import type { FunctionDefinition, FunctionTable } from './definition.js';

/** Functions on other documents, databases, the user and the client. Where the context does not know, they fail. */
export const OUTSIDE_FUNCTIONS: FunctionTable = {
  '@dblookup': { least: 5, most: 6, apply: lookUp },
  '@dbcolumn': { least: 4, most: 4, apply: column },
  '@getprofilefield': { least: 2, most: 3, apply: profileField },
  '@getdocfield': { least: 2, most: 2, apply: documentField },
  '@namelookup': { least: 3, most: 3, apply: nameLookUp },
  '@dbname': known('@DbName', ({ outside }) => {
    const database = outside?.database;
    return database && text(database.server, database.file);
  }),
  '@dbtitle': known('@DbTitle', ({ outside }) => ifKnown(text, outside?.database?.title)),
  '@replicaid': known('@ReplicaID', ({ outside }) => ifKnown(text, outside?.database?.replicaId)),
  '@useraccess': { least: 1, most: 2, apply: access },
  '@userroles': known('@UserRoles', ({ outside }) => outside?.roles && listOf(outside.roles)),
  '@usernameslist': known('@UserNamesList', ({ userName, outside }) =>
    outside?.roles === undefined ? undefined : text(userName ?? 'Anonymous', ...outside.roles),
  ),
  '@clienttype': known('@ClientType', ({ outside }) => ifKnown(text, outside?.client?.type)),
  '@platform': known('@Platform', ({ outside }) => ifKnown(text, outside?.client?.platform)),
  '@version': known('@Version', ({ outside }) => ifKnown(text, outside?.client?.version)),
  '@isnewdoc': known('@IsNewDoc', ({ outside }) => ifKnown(truth, outside?.isNew)),
  '@isdocbeingedited': known('@IsDocBeingEdited', ({ outside }) => ifKnown(truth, outside?.isEdited)),
  '@isdocbeingsaved': known('@IsDocBeingSaved', ({ outside }) => ifKnown(truth, outside?.isBeingSaved)),
  '@isdocbeingloaded': known('@IsDocBeingLoaded', ({ outside }) => ifKnown(truth, outside?.isBeingLoaded)),
  '@viewtitle': known('@ViewTitle', ({ outside }) => ifKnown(text, outside?.viewTitle)),
  '@documentuniqueid': known('@DocumentUniqueID', ({ unid }) => ifKnown(text, unid)),
  '@created': known('@Created', ({ created }) => ifKnown(time, created)),
  '@modified': known('@Modified', ({ modified }) => ifKnown(time, modified)),
};

/** A function without arguments that tells a fact of the context. */
function known(name: string, fact: (context: FormulaContext) => Value | undefined): FunctionDefinition {
  return { least: 0, most: 0, apply: (_, context) => fact(context) ?? absent(name) };
}

function absent(name: string): Value {
  return error(`${name} must not be used here`);
}

function listOf(entries: readonly string[]): Value {
  return entries.length === 0 ? EMPTY : text(...entries);
}

/** `class : cache; server : file; view; key; column; keywords`. Failures become the empty text with `[FailSilent]`. */
function lookUp(args: readonly Value[], { outside }: FormulaContext): Value {
  if (!outside?.lookUp) return absent('@DbLookup');
  const [, , , keys, , options] = args;
  const request = requestOf(args[0], args[1], args[2], args[4]);
  const wanted = textsOf(keys);
  const words = options === undefined ? [] : options.type === 'keyword' ? options.list : undefined;
  if (!request || !wanted || !words) return error(WRONG_TYPE);
  const answer = outside.lookUp({
    ...request,
    keys: wanted,
    partial: words.includes('PARTIALMATCH'),
    wantsIds: words.includes('RETURNDOCUMENTUNIQUEID'),
  });
  return answer.type === 'error' && words.includes('FAILSILENT') ? EMPTY : answer;
}

function column([kind, database, view, which]: readonly Value[], { outside }: FormulaContext): Value {
  if (!outside?.column) return absent('@DbColumn');
  const request = requestOf(kind, database, view, which);
  return request ? outside.column(request) : error(WRONG_TYPE);
}

function requestOf(
  kind: Value | undefined,
  database: Value | undefined,
  view: Value | undefined,
  column: Value | undefined,
): LookUp | undefined {
  const [notes, caching = ''] = textsOf(kind) ?? [];
  const where = textsOf(database);
  const [name] = textsOf(view) ?? [];
  const chosen = numbersOf(column)?.[0] ?? textsOf(column)?.[0];
  if (notes === undefined || !/^(notes)?$/i.test(notes) || !/^((no|re)cache)?$/i.test(caching)) return undefined;
  if (!where || name === undefined || chosen === undefined) return undefined;
  // A replica id stands alone; otherwise the server comes first.
  const [server, file] = where.length === 1 ? ['', where[0] ?? ''] : [where[0] ?? '', where[1] ?? ''];
  return { server, file, view: name, column: chosen };
}

function profileField([form, item, key]: readonly Value[], { outside }: FormulaContext): Value {
  if (!outside?.profileField) return absent('@GetProfileField');
  const [formName, itemName, keyName] = [textsOf(form)?.[0], textsOf(item)?.[0], textsOf(key)?.[0]];
  if (formName === undefined || itemName === undefined) return error(WRONG_TYPE);
  return outside.profileField(formName, itemName, keyName) ?? EMPTY;
}

function documentField([unid, item]: readonly Value[], { outside }: FormulaContext): Value {
  if (!outside?.documentField) return absent('@GetDocField');
  const [id, name] = [textsOf(unid)?.[0], textsOf(item)?.[0]];
  if (id === undefined || name === undefined) return error(WRONG_TYPE);
  return outside.documentField(id, name.toLowerCase()) ?? EMPTY;
}

function nameLookUp([, names, item]: readonly Value[], { outside }: FormulaContext): Value {
  if (!outside?.nameLookUp) return absent('@NameLookup');
  const [wanted, itemName] = [textsOf(names), textsOf(item)?.[0]];
  return wanted && itemName !== undefined ? outside.nameLookUp(wanted, itemName) : error(WRONG_TYPE);
}

/** Texts: the level and a flag for each privilege, or only those that the keywords name. */
function access([database, wanted]: readonly Value[], { outside }: FormulaContext): Value {
  if (!outside?.access) return absent('@UserAccess');
  const where = textsOf(database);
  if (!where || (wanted !== undefined && wanted.type !== 'keyword')) return error(WRONG_TYPE);
  const granted = outside.access(where.length > 1 ? (where[0] ?? '') : '', where.at(-1) ?? '');
  if (!granted) return error('You are not authorized to perform that operation');
  const answers = new Map<string, string>([
    ['ACCESSLEVEL', String(granted.level)],
    ...PRIVILEGES.map((name): [Privilege, string] => [name, granted.privileges.includes(name) ? '1' : '0']),
  ]);
  // Without keywords the last privilege is left out.
  const words = wanted?.list ?? ['ACCESSLEVEL', ...PRIVILEGES.slice(0, -1)];
  const list = words.map((word) => answers.get(word));
  return list.includes(undefined) ? error(WRONG_TYPE) : text(...list.map((entry) => entry ?? ''));
}
