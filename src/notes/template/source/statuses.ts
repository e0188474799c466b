import { z } from 'zod';
import type { BridgeError } from '../../../presence/errors.js';
import { BODIES, type IconDescription, SIGNS, TONES } from '../icons/catalogue.js';
import { jsonOf, sourceFault } from './source-fault.js';
import type { Texts } from './texts.js';

/**
 * Everything that a template knows of statuses, in one file: their order, their icons, and what an activity changes.
 * Formulas name its lists as `${statuses:keys}` and the like, so that a new status is one entry.
 */
export interface StatusCatalogue {
  readonly path: string;
  /** Most reachable first. The last one stands for every word that is not here. */
  readonly statuses: readonly StatusEntry[];
  readonly activities: readonly ActivityEntry[];
  /** Pictures beside a status, such as the one for people who are out of office. */
  readonly marks: readonly MarkEntry[];
}

/** Words by language, for an entry that brings its own. A language's own file comes first. */
type Words = Readonly<Record<string, string>>;

export type StatusEntry = z.infer<typeof statusSchema>;
export type ActivityEntry = z.infer<typeof activitySchema>;
export type MarkEntry = z.infer<typeof markSchema>;

/** A picture that the catalogue asks for. */
export interface CatalogueImage {
  /** `presence-busy.gif` */
  readonly name: string;
  readonly icon: IconDescription;
  /** Key of the text that a screen reader says, and the words that the entry brings for it. */
  readonly text: string;
  readonly words: Words | undefined;
}

const MAX_ENTRIES = 50;
const namesOf = (table: object) => Object.keys(table) as [string, ...string[]];
const key = z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be words in small letters with hyphens');
const word = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[^"\\\p{Cc}]+$/u, 'must hold neither quotation marks nor backslashes');
const words = z.record(z.string(), word).optional();
const iconSchema = z.strictObject({
  body: z.enum(namesOf(BODIES)),
  tone: z.enum(namesOf(TONES)),
  sign: z.enum(namesOf(SIGNS)).optional(),
  /** Only the left half is filled. */
  half: z.boolean().optional(),
});
const statusSchema = z.strictObject({
  key,
  icon: iconSchema,
  words,
  /** Whoever has it can be reached now. */
  reachable: z.boolean().optional(),
});
const activitySchema = z.strictObject({
  key,
  /** The status with which it has an icon of its own. */
  with: key.optional(),
  icon: iconSchema.optional(),
  /** The activity whose icon it shares. */
  like: key.optional(),
  words,
  /** What a screen reader says for its icon, when no language has the text. */
  imageWords: words,
});
const markSchema = z.strictObject({ key, icon: iconSchema, words });
const catalogueSchema = z.strictObject({
  statuses: z.array(statusSchema).min(1).max(MAX_ENTRIES),
  activities: z.array(activitySchema).max(MAX_ENTRIES),
  marks: z.array(markSchema).max(MAX_ENTRIES),
});

/** Reads a catalogue of statuses. Throws `BridgeError` (`TEMPLATE_INVALID`) that names the entry. */
export function readStatuses(file: { readonly path: string; readonly text: string }): StatusCatalogue {
  const refuse = (reason: string): BridgeError => sourceFault(file.path, reason);
  const outcome = catalogueSchema.safeParse(jsonOf(file));
  if (!outcome.success) {
    const [issue] = outcome.error.issues;
    throw refuse(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it is no catalogue of statuses'}`);
  }
  const catalogue = { path: file.path, ...outcome.data };
  const complaint = complaintOf(catalogue);
  if (complaint !== undefined) throw refuse(complaint);
  return catalogue;
}

function complaintOf({ statuses, activities, marks }: StatusCatalogue): string | undefined {
  const statusKeys = new Set(statuses.map((entry) => entry.key));
  const drawn = new Set(activities.filter((entry) => entry.icon).map((entry) => entry.key));
  const images = [...statuses, ...activities.filter((entry) => entry.icon), ...marks].map((entry) => entry.key);
  const twice = [images, activities.map((entry) => entry.key)]
    .flatMap((keys) => keys.filter((one, index) => keys.indexOf(one) !== index))
    .at(0);
  if (twice !== undefined) return `"${twice}" stands there twice`;
  for (const { key: activity, with: status, icon, like } of activities) {
    if (icon && like !== undefined) return `the activity "${activity}" has an icon of its own and another's`;
    if ((icon || like !== undefined) && status === undefined)
      return `the activity "${activity}" has an icon, so it must say with which status`;
    if (status !== undefined && !statusKeys.has(status))
      return `the activity "${activity}" names the status "${status}", which is not there`;
    if (like !== undefined && !drawn.has(like))
      return `the activity "${activity}" wants the icon of "${like}", which has none`;
  }
  return undefined;
}

/** All pictures of a catalogue. */
export function imagesOf({ statuses, activities, marks }: StatusCatalogue): CatalogueImage[] {
  return [
    ...statuses.map(({ key: status, icon, words: own }) => image(status, icon, `status.${status}`, own)),
    ...activities.flatMap(({ key: activity, icon, imageWords }) =>
      icon ? [image(activity, icon, `image.${activity}`, imageWords)] : [],
    ),
    ...marks.map(({ key: mark, icon, words: own }) => image(mark, icon, `image.${mark}`, own)),
  ];
}

function image(key: string, icon: IconDescription, text: string, words: Words | undefined): CatalogueImage {
  return { name: imageName(key), icon, text, words };
}

function imageName(key: string): string {
  return `presence-${key}.gif`;
}

/** What stands for a placeholder of the catalogue; `words` finds a text of the language. */
export type WordOf = (key: string, own: Words | undefined) => string;

/**
 * Lists of a catalogue as formulas and scripts write them, by the name of the placeholder:
 * `statuses:keys`, `statuses:labels`, `activities:keys`, `activities:labels` are lists of a formula in the same order;
 * `statuses:reachable` are those of people who can be reached;
 * `icons:keys` are statuses, and pairs of status and activity such as `busy in-a-meeting`; `icons:names` are their
 * pictures. `statuses:words` and `activities:words` are keys joined by commas, for LotusScript; `icons:words` what differs
 * in the names of the pictures.
 */
export function catalogueList(catalogue: StatusCatalogue, name: string, wordOf: WordOf): string | undefined {
  const { statuses, activities } = catalogue;
  const paired = activities.filter((entry) => entry.icon !== undefined || entry.like !== undefined);
  const pictured = [...statuses.map((entry) => entry.key), ...paired.map((entry) => entry.like ?? entry.key)];
  switch (name) {
    case 'statuses:keys':
      return list(statuses.map((entry) => entry.key));
    case 'statuses:labels':
      return list(statuses.map((entry) => wordOf(`status.${entry.key}`, entry.words)));
    case 'statuses:words':
      return statuses.map((entry) => entry.key).join(',');
    case 'statuses:reachable':
      return list(statuses.filter((entry) => entry.reachable).map((entry) => entry.key));
    case 'activities:keys':
      return list(activities.map((entry) => entry.key));
    case 'activities:labels':
      return list(activities.map((entry) => wordOf(`activity.${entry.key}`, entry.words)));
    case 'activities:words':
      return activities.map((entry) => entry.key).join(',');
    case 'icons:keys':
      return list([...statuses.map((entry) => entry.key), ...paired.map((entry) => `${entry.with} ${entry.key}`)]);
    case 'icons:names':
      return list(pictured.map(imageName));
    case 'icons:words':
      return pictured.join(',');
    default:
      return undefined;
  }
}

function list(texts: readonly string[]): string {
  return texts.map((text) => `"${text}"`).join(' : ');
}

/** A language's text for an entry, or the words that the entry brings. */
export function wordFor(texts: Texts, language: string, key: string, own: Words | undefined): string | undefined {
  return texts.entries.get(key) ?? own?.[language];
}
