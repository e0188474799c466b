import type { Items } from '../../../../src/notes/item-value.js';
import { dayNumber } from '../dates.js';
import type { MemoryDatabase } from './memory-database.js';

export interface HttpQuestion {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  /** Names as the script wrote them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Seconds. */
  readonly timeout: number;
}

export interface HttpReply {
  readonly status: number;
  readonly statusText?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One run of the DXL importer. */
export interface Import {
  readonly dxl: string;
  readonly database: MemoryDatabase;
  /** Properties of the importer by name in lower case. */
  readonly options: Readonly<Record<string, number | boolean | string>>;
}

export interface WorldOptions {
  /** The database that the script stands in comes first. */
  readonly databases: readonly MemoryDatabase[];
  /** Milliseconds since 1970. Default: 2026-01-05 10:00 UTC, standing still. */
  readonly now?: () => number;
  /** Minutes that the machine's wall clock is ahead of Greenwich. Default 60, so that a mix-up shows. */
  readonly offset?: number;
  /** Canonical. */
  readonly userName?: string;
  readonly isOnServer?: boolean;
  /** notes.ini by name. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether the agent may do restricted operations, such as reading notes.ini. Default true. */
  readonly isUnrestricted?: boolean;
  readonly agent?: string;
  /** Items of the document that an agent is called with, such as the variables of a web request. None without it. */
  readonly context?: Items;
  /** Answers requests; throws where no connection comes about. */
  readonly http?: (question: HttpQuestion) => Promise<HttpReply>;
  /** `ResponseCode` is the whole status line in some releases and a number in others. Default: the line. */
  readonly responseCode?: 'line' | 'number';
  /** Whether a request gives a navigator and no text unless it is told otherwise. Documents of 14.5 say so. Default false. */
  readonly prefersNavigator?: boolean;
  /** Whether views of this server find `Jose` by `José`. Default false. */
  readonly ignoresAccents?: boolean;
  /** Files by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** What the user picks in a file dialog; cancelled without it. */
  readonly chosenFile?: string | undefined;
  /** What the user writes when asked, in order; a dialog without an answer gives its default. */
  readonly inputs?: readonly string[];
  /** What the importer says; text instead of nothing makes the import fail. */
  readonly importFault?: (run: Import) => string | undefined;
}

/** The Notes around a script: what it finds, and what it did. */
export class NotesWorld {
  readonly databases: MemoryDatabase[];
  readonly options: WorldOptions;
  readonly now: () => number;
  readonly offset: number;
  readonly userName: string;
  /** What was printed: the console of a server, the status bar of a client. */
  readonly printed: string[] = [];
  /** Lines of `NotesLog`. */
  readonly log: string[] = [];
  readonly requests: HttpQuestion[] = [];
  readonly imports: Import[] = [];
  readonly environment: Record<string, string>;
  readonly files: Map<string, string>;

  constructor(options: WorldOptions) {
    this.options = options;
    this.databases = [...options.databases];
    this.now = options.now ?? (() => Date.UTC(2026, 0, 5, 10));
    this.offset = options.offset ?? 60;
    this.userName = options.userName ?? 'CN=Signer/O=Contoso';
    this.environment = { ...options.environment };
    this.files = new Map(Object.entries(options.files ?? {}));
    for (const database of this.databases) database.clock = this.now;
  }

  /** The database that the script stands in. */
  get current(): MemoryDatabase | undefined {
    return this.databases[0];
  }

  /** Paths are compared as Windows does: without regard to case, and with either slash. */
  database(server: string, file: string): MemoryDatabase | undefined {
    const plain = (path: string): string => path.toLowerCase().replaceAll('\\', '/');
    const name = (one: string): string => one.toLowerCase().replace(/\b(cn|ou|o|c)=/g, '');
    const own = this.current?.server ?? '';
    const isHere = (one: string): boolean => one === '' || name(one) === name(own);
    return this.databases.find(
      (one) =>
        plain(one.file) === plain(file) &&
        (name(one.server) === name(server) ||
          (isHere(one.server) && isHere(server) && this.options.isOnServer !== false)),
    );
  }

  /** The wall clock as a day number of LotusScript. */
  get today(): number {
    return dayNumber(this.now(), this.offset);
  }
}
