import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { type Document, isMap, isNode, isPair, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { BridgeError, type ErrorCode } from '../../presence/errors.js';
import { type SipUri, sipKeyOf } from '../../presence/ids.js';
import type { BridgeConfig } from './config.js';
import { checkDomino, resolveDirectory, resolveDomino } from './domino-section.js';
import { checkLists, resolveLists } from './lists-section.js';
import { nearest } from './nearest.js';
import { checkOcs, type NamedFiles, resolveOcs } from './ocs-section.js';
import { formatProblem, type Problem } from './problem.js';
import { type ConfigText, configSchema, keysAt } from './schema.js';
import { readSecret, secretPath } from './secrets.js';

const MAX_CONFIG_BYTES = 32 * 1024 * 1024;
/** The code of an issue where a key is not there; of `invalid_union` where that would choose among several sections. */
const MISSING: ReadonlySet<string | undefined> = new Set(['invalid_type', 'invalid_union']);
/** People may look for these words; a secret in the text would end up in backups and tickets. */
const SECRET_KEYS = new Set(['password', 'secret', 'token', 'passwd', 'passphrase']);

/**
 * Reads and checks a configuration file. Contacts nothing.
 * @throws BridgeError `CFG_NOT_FOUND`, or `CFG_INVALID` / `CFG_SECRET` whose message has one line for each mistake.
 */
export function loadConfig(file: string): BridgeConfig {
  const text = readText(file);
  const reader = new ConfigReader(file, text);
  return reader.read();
}

/** What a command must know to find the bridge of a configuration. */
export interface BridgePlace {
  readonly stateFolder: string;
  readonly account: SipUri;
}

/**
 * As `loadConfig`, but reads no file that the configuration names: who may ask a running bridge need not be able to read
 * its secrets.
 */
export function loadPlace(file: string): BridgePlace {
  return new ConfigReader(file, readText(file)).readPlace();
}

function readText(file: string): string {
  const found = readable(file, () => statSync(file, { throwIfNoEntry: false }));
  if (found === undefined) throw new BridgeError('CFG_NOT_FOUND', `${file} does not exist`);
  if (!found.isFile()) throw new BridgeError('CFG_NOT_FOUND', `${file} is not a file`);
  if (found.size > MAX_CONFIG_BYTES) {
    throw new BridgeError('CFG_INVALID', `${file}:1:1: the file is larger than ${MAX_CONFIG_BYTES} bytes`);
  }
  const bytes = readable(file, () => readFileSync(file));
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new BridgeError('CFG_INVALID', `${file}:1:1: the file is not UTF-8 text`, { cause });
  }
}

function readable<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new BridgeError('CFG_NOT_FOUND', `${file} cannot be read: ${(cause as NodeJS.ErrnoException).code}`, {
      cause,
    });
  }
}

function adviceOn(key: string, valid: readonly string[]): string {
  const word = key.toLowerCase();
  if (SECRET_KEYS.has(word)) {
    const file = valid.find((one) => one.toLowerCase() === `${word}file`) ?? 'passwordFile';
    return `secrets are not written into the configuration; name a file with "${file}"`;
  }
  const meant = nearest(key, valid);
  return meant === undefined ? `valid keys are ${valid.join(', ')}` : `did you mean "${meant}"?`;
}

/** Both files are read now, so that mistakes are told now; whoever uses them reads them again. */
function resolveHttp({ tls, ...http }: ConfigText['http'], files: NamedFiles): BridgeConfig['http'] {
  if (tls === undefined) return http;
  const placeOf = (key: keyof typeof tls): string => {
    files.bytes(['http', 'tls', key], tls[key]);
    return files.resolve(['http', 'tls', key], tls[key]);
  };
  return { ...http, tls: { certificateFile: placeOf('certificateFile'), keyFile: placeOf('keyFile') } };
}

class ConfigReader {
  readonly #file: string;
  readonly #folder: string;
  readonly #lines = new LineCounter();
  readonly #document: Document.Parsed;
  readonly #problems: Problem[] = [];

  constructor(file: string, text: string) {
    this.#file = file;
    this.#folder = dirname(resolve(file));
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false, uniqueKeys: true });
  }

  read(): BridgeConfig {
    return this.#resolve(this.#checkedText());
  }

  readPlace(): BridgePlace {
    const { bridge, ocs } = this.#checkedText();
    return { stateFolder: this.#stateFolder(bridge), account: ocs.account };
  }

  #checkedText(): ConfigText {
    for (const { pos, message } of this.#document.errors) this.#addAt(pos[0], message);
    this.#stop('CFG_INVALID');
    const parsed = configSchema.safeParse(this.#plainValue());
    if (!parsed.success) for (const issue of parsed.error.issues) this.#addIssue(issue);
    this.#stop('CFG_INVALID');
    const text = parsed.data as ConfigText;
    this.#checkTogether(text);
    this.#stop('CFG_INVALID');
    return text;
  }

  #stateFolder({ stateFolder }: ConfigText['bridge']): string {
    return resolve(this.#folder, stateFolder);
  }

  #plainValue(): unknown {
    try {
      return this.#document.toJS({ maxAliasCount: 100 });
    } catch (error) {
      this.#addAt(0, error instanceof Error ? error.message : String(error));
      return this.#stop('CFG_INVALID');
    }
  }

  #addIssue(issue: z.core.$ZodIssue): void {
    if (issue.code !== 'unrecognized_keys') {
      const missing = MISSING.has(issue.code) && this.#document.getIn(issue.path) === undefined;
      const [name] = issue.path.slice(-1);
      this.#add(
        issue.path,
        missing && name !== undefined ? `"${String(name)}" is missing: ${issue.message}` : issue.message,
      );
      return;
    }
    const driver = this.#document.getIn(['domino', 'driver']);
    const valid = keysAt(issue.path, typeof driver === 'string' ? driver : undefined);
    for (const key of issue.keys) this.#add([...issue.path, key], `unknown key "${key}"; ${adviceOn(key, valid)}`);
  }

  /** Rules over several keys. */
  #checkTogether(text: ConfigText): void {
    const seen = new Map<string, number>();
    for (const [index, { address }] of text.people.entries()) {
      const first = seen.get(address);
      if (first !== undefined) this.#add(['people', index, 'address'], `${address} stands in the list twice`);
      seen.set(address, index);
    }
    checkOcs(text.ocs, (path, message) => this.#add(path, message));
    checkDomino(text, (path, message) => this.#add(path, message));
    checkLists(text, (path, message) => this.#add(path, message));
  }

  #resolve(text: ConfigText): BridgeConfig {
    const { ocs, domino, http } = this.#withFiles((files) => ({
      ocs: resolveOcs(text.ocs, files),
      domino: resolveDomino(text.domino, files),
      http: resolveHttp(text.http, files),
    }));
    const domain = ocs.account.slice(ocs.account.lastIndexOf('@') + 1);
    return {
      file: resolve(this.#file),
      bridge: { ...text.bridge, stateFolder: this.#stateFolder(text.bridge) },
      ocs,
      domino,
      people: text.people.map(({ address, name, displayName }) => ({
        uri: address,
        key: sipKeyOf(address),
        name,
        displayName: displayName ?? '',
      })),
      directory: resolveDirectory(text.directory, domain, (file) => resolve(this.#folder, file)),
      lists: resolveLists(text.lists),
      notes: text.privacy.notes,
      http,
      logLevel: text.log.level,
    };
  }

  /** Mistakes in files of the configuration come before those in secrets: they have a code of their own. */
  #withFiles<T>(use: (files: NamedFiles) => T): T {
    const secrets: (readonly [path: readonly PropertyKey[], message: string])[] = [];
    const result = use({
      resolve: (path, file) => this.#path(path, file) ?? '',
      secret: (path, reference) => this.#secret(reference, (message) => secrets.push([path, message])),
      certificates: (path, file) => this.#certificates(path, file),
      bytes: (path, file) => this.#bytes(path, file),
    });
    this.#stop('CFG_INVALID');
    for (const [path, message] of secrets) this.#add(path, message);
    this.#stop('CFG_SECRET');
    return result;
  }

  #secret(reference: string, report: (message: string) => void): string {
    try {
      return readSecret(reference, this.#folder);
    } catch (error) {
      report(error instanceof Error ? error.message : String(error));
      return '';
    }
  }

  /** Keys and keytabs may be credentials of systemd, as passwords are. */
  #path(path: readonly PropertyKey[], file: string): string | undefined {
    try {
      return secretPath(file, this.#folder);
    } catch (error) {
      this.#add(path, error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  #bytes(path: readonly PropertyKey[], file: string): Buffer | undefined {
    const place = this.#path(path, file);
    if (place === undefined) return undefined;
    try {
      return readFileSync(place);
    } catch (error) {
      this.#add(path, `${place} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
      return undefined;
    }
  }

  #certificates(path: readonly PropertyKey[], file: string): string | undefined {
    const bytes = this.#bytes(path, file);
    if (bytes === undefined) return undefined;
    try {
      new X509Certificate(bytes);
      return bytes.toString('latin1');
    } catch {
      this.#add(path, `${this.#path(path, file)} holds no certificate in PEM form`);
      return undefined;
    }
  }

  /** Reports a mistake at the key that `path` names or, where it is missing, at the section that should hold it. */
  #add(path: readonly PropertyKey[], message: string): void {
    for (let length = path.length; length >= 0; length--) {
      const offset = this.#offsetOf(path.slice(0, length));
      if (offset !== undefined) {
        this.#addAt(offset, message);
        return;
      }
    }
    this.#addAt(0, message);
  }

  #offsetOf(path: readonly PropertyKey[]): number | undefined {
    const parent = path.length === 0 ? undefined : this.#document.getIn(path.slice(0, -1), true);
    const last = path.at(-1);
    if (isMap(parent)) {
      const pair = parent.items.find(
        (item) => isPair(item) && isNode(item.key) && item.key.toString() === String(last),
      );
      if (pair && isNode(pair.key)) return pair.key.range?.[0];
      return undefined;
    }
    const node = this.#document.getIn(path, true);
    return isNode(node) ? node.range?.[0] : undefined;
  }

  #addAt(offset: number, message: string): void {
    const { line, col } = this.#lines.linePos(offset);
    this.#problems.push({ file: basename(this.#file), line: Math.max(1, line), column: Math.max(1, col), message });
  }

  /** Throws when there are mistakes so far. */
  #stop(code: ErrorCode): void {
    const [first] = this.#problems;
    if (first === undefined) return;
    throw new BridgeError(code, this.#problems.map(formatProblem).join('\n'), {
      details: {
        line: first.line,
        column: first.column,
        ...(this.#problems.length > 1 ? { mistakes: this.#problems.length } : {}),
      },
    });
  }
}
