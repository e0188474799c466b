import type { ServerResponse } from 'node:http';
import type { Clock } from '../../src/bridge/ports.js';
import type { DriverFaults, SentDocument, Trouble } from '../contract/driver-faults.js';
import type { SeenRequest } from './rest-server.js';
import { RestRefusal } from './rest-server-documents.js';

/** An answer that a test puts in place of the server's. */
export interface StandInAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Troubles of the stand-in, those of every driver and those of HTTP. */
export class RestFaults implements DriverFaults {
  /** Answers in place of the server's, for requests it gives one for. */
  instead: (request: SeenRequest) => StandInAnswer | undefined = () => undefined;
  /** Called before each request is carried out. */
  before: (request: SeenRequest) => Promise<void> = () => Promise.resolve();
  /** Bends each answer with status 200. */
  bend: (request: SeenRequest, json: unknown) => unknown = (_, json) => json;
  /** UNIDs that hide documents are set here by the owner of the databases. */
  onHidden: (unids: readonly string[]) => void = () => {};
  readonly #clock: Clock;
  readonly #troubles: Trouble[] = [];
  readonly #held: (() => void)[] = [];
  #delayed = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  begin(trouble: Trouble): void {
    this.#troubles.push(trouble);
    if (trouble.kind === 'hidden-documents') this.onHidden(trouble.unids);
  }

  heal(): void {
    this.#troubles.splice(0);
    this.onHidden([]);
    for (const release of this.#held.splice(0)) release();
  }

  get isWaiting(): boolean {
    return this.#held.length + this.#delayed > 0;
  }

  is(kind: Trouble['kind']): boolean {
    return this.#find(kind) !== undefined;
  }

  checkDocument(sent: SentDocument): void {
    if (this.#find('refused-document')?.isRefused(sent)) throw new RestRefusal(400, 'Field validation failed');
  }

  /** Runs a request with the troubles that are on, and answers it. */
  async around(request: SeenRequest, response: ServerResponse, run: () => Promise<unknown>): Promise<void> {
    if (this.is('unreachable')) {
      response.socket?.destroy();
      return;
    }
    await this.before(request);
    const stall = this.#find('hang');
    if (stall !== undefined && stall.after !== true) await this.#hang();
    const answer = this.instead(request) ?? (await this.#outcome(request, run));
    if (stall?.after === true) await this.#hang();
    const latency = this.#find('latency');
    if (latency !== undefined) await this.#delay(latency.milliseconds);
    if (isWrite(request) && this.#take('lost-answer') !== undefined) {
      response.socket?.destroy();
      return;
    }
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers }).end(answer.body);
    if (request.path === '/query') await this.#take('changed-between-pages')?.change();
  }

  async #outcome(request: SeenRequest, run: () => Promise<unknown>): Promise<StandInAnswer> {
    try {
      this.#checkDatabase(request);
      return { status: 200, body: JSON.stringify(this.bend(request, await run())) };
    } catch (thrown) {
      const status = thrown instanceof RestRefusal ? thrown.status : 500;
      return { status, body: JSON.stringify({ status, message: (thrown as Error).message }) };
    }
  }

  #checkDatabase(request: SeenRequest): void {
    const denied = this.#find('acl-denied')?.what;
    const isData = request.query.has('dataSource');
    if (isData && (denied === 'everything' || (denied === 'writing' && isWrite(request)))) {
      throw new RestRefusal(403, 'You are not authorized to perform that operation');
    }
    if (!isWrite(request)) return;
    if (this.is('full')) {
      throw new RestRefusal(500, 'Cannot allocate database object - database would exceed its disk quota.');
    }
    if (this.is('read-only')) throw new RestRefusal(500, 'Database is being compacted; it cannot be modified now.');
  }

  async #delay(milliseconds: number): Promise<void> {
    this.#delayed++;
    await new Promise<void>((go) => this.#clock.after(milliseconds, go));
    this.#delayed--;
  }

  #hang(): Promise<void> {
    return new Promise<void>((resolve) => this.#held.push(resolve));
  }

  #find<Kind extends Trouble['kind']>(kind: Kind): Extract<Trouble, { kind: Kind }> | undefined {
    return this.#troubles.find((one): one is Extract<Trouble, { kind: Kind }> => one.kind === kind);
  }

  #take<Kind extends Trouble['kind']>(kind: Kind): Extract<Trouble, { kind: Kind }> | undefined {
    const found = this.#find(kind);
    if (found !== undefined) this.#troubles.splice(this.#troubles.indexOf(found), 1);
    return found;
  }
}

function isWrite({ method, path }: SeenRequest): boolean {
  return method === 'PATCH' || path === '/bulk/create' || path === '/bulk/delete';
}
