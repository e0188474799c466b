import type {
  Erasure,
  LiveView,
  PersonDesk,
  PersonDocument,
  PersonFile,
  PersonSubject,
  PersonTrace,
  WriterBeat,
} from '../../bridge/person-ports.js';
import type { Clock, Directory, Log } from '../../bridge/ports.js';
import type { LookUp } from '../../presence/directory.js';
import { BridgeError } from '../../presence/errors.js';
import { freshUntil, isFresh } from '../../presence/freshness.js';
import type { SipKey } from '../../presence/ids.js';
import { opening } from '../directory/sources/find-opening.js';
import type { Driver } from '../driver.js';
import { FORMS, OPT_OUT_ITEMS, PERSON_ITEMS } from '../fields.js';
import { heartbeatFromItems } from '../heartbeat-items.js';
import { isConflict, namesItem, textOf } from '../item-access.js';
import type { Items } from '../item-value.js';
import { Coverage, identityOf } from './document-identity.js';
import { type ExportedDocument, exportDocuments, type FormName } from './export.js';
import { keptBecause, namedBy, subjectOf } from './person-records.js';

export interface PersonDeskOptions {
  readonly driver: Driver;
  /** Where the database stands, for people. */
  readonly store: string;
  /** Other places where something about a person stands. Must not throw. */
  readonly traces: (subject: PersonSubject) => readonly PersonTrace[];
  /** Why the configuration alone brings a person back, one sentence each; asked when the directory does not answer. */
  readonly wantedBy: (subject: PersonSubject) => readonly string[];
  readonly directory?: Pick<Directory, 'lookUp' | 'refresh'>;
  /** What the running bridge knows of these people; absent when none runs. */
  readonly live?: (keys: readonly SipKey[]) => readonly LiveView[];
  /** Lets the running bridge forget documents that go, such as `StatusStore.remove`. */
  readonly forget?: (keys: readonly SipKey[]) => Promise<unknown>;
}

/** Forms whose documents can name a person. */
const PERSONAL: readonly FormName[] = [FORMS.person, FORMS.mapping, FORMS.optOut, FORMS.consent];

/** The desk over an opened or connectable driver. All documents are read at each question: names have many spellings. */
export function createPersonDesk(
  options: PersonDeskOptions,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): PersonDesk {
  const { driver, store, traces, wantedBy, directory, live, forget } = options;

  const ask = async (who: string): Promise<LookUp | undefined> => {
    try {
      return await directory?.lookUp(who);
    } catch (thrown) {
      // What is stored can be told and erased without it.
      log.warn('person.look-up', { code: BridgeError.from(thrown).code });
      return undefined;
    }
  };
  const readAll = (forms: readonly FormName[]): Promise<readonly ExportedDocument[]> =>
    opening(driver, () => exportDocuments(driver, forms));

  const find = async (who: string): Promise<Found> => {
    const documents = await readAll(PERSONAL);
    const lookUp = await ask(who);
    const subject = subjectOf(who, documents, lookUp);
    return { subject, lookUp, documents, about: about(documents, subject) };
  };

  return {
    async show(who) {
      const { subject, lookUp, about } = await find(who);
      const writers = new Set(about.map(({ items }) => textOf(items as Items, PERSON_ITEMS.bridge)));
      const heartbeats = await readAll([FORMS.heartbeat]);
      const now = clock.now();
      return {
        subject,
        store,
        readAt: now,
        documents: about,
        writers: heartbeats.flatMap(({ items }) => beatOf(items, now)).filter(({ bridge }) => writers.has(bridge)),
        elsewhere: traces(subject),
        ...(lookUp === undefined ? {} : { directory: lookUp }),
        ...(live === undefined ? {} : { live: live(subject.keys) }),
      } satisfies PersonFile;
    },

    async erase(who, { optOut }) {
      const found = await find(who);
      const { subject } = found;
      const outcome = optOut ? await writeOptOut(driver, found) : 'not-asked';
      if (outcome === 'written') {
        // A source that cannot be read takes over the opt-out when it can; the documents go now.
        await directory?.refresh().catch((thrown: unknown) => log.warn('person.refresh', { error: thrown }));
      }
      await forget?.(subject.keys);
      const erased = await eraseDocuments(driver, () => readAll(PERSONAL), found);
      log.info('person.erased', { keys: subject.keys, documents: erased.removed.length, optOut: outcome });
      const comesBack = optOut
        ? []
        : [
            ...(found.lookUp === undefined ? wantedBy(subject) : watchedBy(found.lookUp)),
            ...(live?.(subject.keys) ?? []).map(({ address }) => `The running bridge watches ${address}.`),
          ];
      return { subject, store, ...erased, optOut: outcome, comesBack } satisfies Erasure;
    },
  };
}

interface Found {
  readonly subject: PersonSubject;
  readonly lookUp: LookUp | undefined;
  readonly documents: readonly ExportedDocument[];
  readonly about: readonly PersonDocument[];
}

function about(documents: readonly ExportedDocument[], subject: PersonSubject): readonly PersonDocument[] {
  return documents.flatMap((document) => {
    const by = namedBy(document, subject);
    if (by === undefined) return [];
    return [{ ...document, namedBy: by, conflict: isConflict(document.items) }];
  });
}

function beatOf(items: Items, now: number): readonly WriterBeat[] {
  const beat = heartbeatFromItems(items);
  if (beat === undefined) return [];
  const { bridge, connected, writtenAt } = beat;
  return [{ bridge, connected, writtenAt, freshUntil: freshUntil(beat), fresh: isFresh(beat, now) }];
}

/** Throws when it cannot be written: without it the person would come back. */
async function writeOptOut(
  driver: Pick<Driver, 'create'>,
  { subject, documents }: Found,
): Promise<'written' | 'stood-already'> {
  const items: Items = {
    [OPT_OUT_ITEMS.form]: FORMS.optOut,
    [OPT_OUT_ITEMS.names]: namesItem(subject.names),
    [OPT_OUT_ITEMS.addresses]: subject.addresses.length > 1 ? subject.addresses : (subject.addresses[0] ?? ''),
  };
  const standing = new Coverage();
  for (const document of documents) if (document.form === FORMS.optOut) standing.add(identityOf(document.items));
  if (standing.covers(identityOf(items))) return 'stood-already';
  const [outcome] = await driver.create([items]);
  if (outcome !== undefined && !outcome.ok) throw outcome.error;
  return 'written';
}

async function eraseDocuments(
  driver: Pick<Driver, 'remove' | 'maxBatch'>,
  readAgain: () => Promise<readonly ExportedDocument[]>,
  { subject, about: before }: Found,
): Promise<Pick<Erasure, 'removed' | 'kept' | 'refused'>> {
  const kept: Erasure['kept'][number][] = [];
  const going = before.filter((document) => {
    const reason = keptBecause(
      { form: document.form as FormName, items: document.items as Items },
      document.namedBy,
      subject,
    );
    if (reason !== undefined) kept.push({ form: document.form, unid: document.unid, reason });
    return reason === undefined;
  });
  const errors = new Map<string, BridgeError>();
  for (let start = 0; start < going.length; start += driver.maxBatch) {
    const batch = going.slice(start, start + driver.maxBatch);
    const outcomes = await driver.remove(batch.map(({ unid }) => unid));
    outcomes.forEach((outcome, index) => {
      const unid = batch[index]?.unid;
      if (!outcome.ok && unid !== undefined) errors.set(unid, outcome.error);
    });
  }
  // One that was gone already is refused as well, with a reason in free text: what is still there counts.
  const left = new Set((await readAgain()).map(({ unid }) => unid));
  const bare = ({ form, unid }: PersonDocument) => ({ form, unid });
  return {
    removed: going.filter(({ unid }) => !left.has(unid)).map(bare),
    kept,
    refused: going
      .filter(({ unid }) => left.has(unid))
      .map((document) => ({ ...bare(document), code: errors.get(document.unid)?.code ?? 'NOTES_INTERNAL' })),
  };
}

function watchedBy({ rows }: LookUp): readonly string[] {
  return rows
    .filter(({ watched }) => watched)
    .map(({ name, address, rule }) => `The directory has ${name ?? address} watched, by the rule "${rule}".`);
}
