import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Both are what HCL's module sends by. */
export const GRPC_VERSIONS = { '@grpc/grpc-js': '1.14.7', '@grpc/proto-loader': '0.8.1' } as const;

/**
 * Documents as lists of items: our own schema, as large as a bulk call of this kind has to be. Proton's is not public.
 */
const SCHEMA = `syntax = "proto3";
package bench;
message Value { oneof v { string s = 1; double n = 2; int64 t = 3; } }
message Item { string name = 1; repeated Value values = 2; bool names = 3; }
message Document { string unid = 1; repeated Item items = 2; string created = 3; }
message Bulk { string db = 1; repeated Document documents = 2; }
message One { string unid = 1; int32 status = 2; }
message Result { repeated One results = 1; }
message Query { string db = 1; string query = 2; int32 start = 3; int32 count = 4; repeated string items = 5; }
message Page { repeated Document documents = 1; int32 total = 2; }
message Unids { string db = 1; repeated string unids = 2; }
service Store {
  rpc Create (Bulk) returns (Result);
  rpc Replace (Bulk) returns (Result);
  rpc Read (Query) returns (Page);
  rpc Delete (Unids) returns (Result);
}
`;

export interface ValueMessage {
  readonly s?: string;
  readonly n?: number;
  readonly t?: number;
}

export interface ItemMessage {
  readonly name: string;
  readonly values: readonly ValueMessage[];
  readonly names?: boolean;
}

export interface DocumentMessage {
  readonly unid?: string;
  readonly items: readonly ItemMessage[];
  readonly created?: string;
}

export interface QueryMessage {
  readonly db: string;
  readonly query: string;
  readonly start: number;
  readonly count: number;
  readonly items: readonly string[];
}

export interface PageMessage {
  readonly documents: readonly DocumentMessage[];
  readonly total: number;
}

export interface UnidsMessage {
  readonly db: string;
  readonly unids: readonly string[];
}

export interface BulkMessage {
  readonly db: string;
  readonly documents: readonly DocumentMessage[];
}

export interface ResultMessage {
  readonly results: readonly { readonly unid: string; readonly status: number }[];
}

/** What each call takes and gives. */
export interface Calls {
  readonly Create: readonly [BulkMessage, ResultMessage];
  readonly Replace: readonly [BulkMessage, ResultMessage];
  readonly Read: readonly [QueryMessage, PageMessage];
  readonly Delete: readonly [UnidsMessage, ResultMessage];
}

type Done<T> = (error: Error | null, answer?: T) => void;
export type Handlers = {
  readonly [Method in keyof Calls]: (
    call: { readonly request: Calls[Method][0] },
    done: Done<Calls[Method][1]>,
  ) => void;
};
type Client = {
  readonly [Method in keyof Calls]: (message: Calls[Method][0], done: Done<Calls[Method][1]>) => void;
};

/** A client as a function that promises. */
export function send<Method extends keyof Calls>(
  client: Client,
  method: Method,
  message: Calls[Method][0],
): Promise<Calls[Method][1]> {
  return new Promise((resolve, reject) => {
    client[method](message, (error, answer) => {
      if (error === null && answer !== undefined) resolve(answer);
      else reject(error ?? new Error('no answer'));
    });
  });
}

/** As far as the benchmark uses it. */
export interface Grpc {
  readonly Server: new (
    options: object,
  ) => {
    addService(service: unknown, handlers: Handlers): void;
    bindAsync(address: string, credentials: unknown, done: (error: Error | null, port: number) => void): void;
  };
  readonly ServerCredentials: { createInsecure(): unknown };
  readonly credentials: { createInsecure(): unknown };
  readonly loadPackageDefinition: (definition: unknown) => {
    readonly bench: {
      readonly Store: (new (address: string, credentials: unknown) => Client) & { readonly service: unknown };
    };
  };
}

/** Installs both into a folder, without install scripts. */
export function installGrpc(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const manifest = { name: 'presence-bench-grpc', private: true, dependencies: GRPC_VERSIONS };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'store.proto'), SCHEMA);
  console.error(`installing, without install scripts: ${Object.keys(GRPC_VERSIONS).join(', ')}`);
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 180_000,
  });
}

export function loadGrpc(folder: string): { readonly grpc: Grpc; readonly Store: GrpcStore } {
  const require = createRequire(join(folder, 'package.json'));
  const grpc = require('@grpc/grpc-js') as Grpc;
  const loader = require('@grpc/proto-loader') as { loadSync(file: string, options: object): unknown };
  const definition = loader.loadSync(join(folder, 'store.proto'), { keepCase: true, longs: Number, arrays: true });
  return { grpc, Store: grpc.loadPackageDefinition(definition).bench.Store };
}

export type GrpcStore = ReturnType<Grpc['loadPackageDefinition']>['bench']['Store'];
export type GrpcClient = Client;
