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
message Document { string unid = 1; repeated Item items = 2; }
message Bulk { string db = 1; repeated Document documents = 2; }
message One { string unid = 1; int32 status = 2; }
message Result { repeated One results = 1; }
service Store { rpc Create (Bulk) returns (Result); rpc Replace (Bulk) returns (Result); }
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
}

export interface BulkMessage {
  readonly db: string;
  readonly documents: readonly DocumentMessage[];
}

export interface ResultMessage {
  readonly results: readonly { readonly unid: string; readonly status: number }[];
}

type Done<T> = (error: Error | null, answer: T) => void;
type Method = 'Create' | 'Replace';
type Handler = (call: { readonly request: BulkMessage }, done: Done<ResultMessage>) => void;
type Client = Readonly<Record<Method, (message: BulkMessage, done: Done<ResultMessage>) => void>> & { close(): void };

/** As far as the benchmark uses it. */
export interface Grpc {
  readonly Server: new (
    options: object,
  ) => {
    addService(service: unknown, handlers: Readonly<Record<Method, Handler>>): void;
    bindAsync(address: string, credentials: unknown, done: Done<number>): void;
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
  const definition = loader.loadSync(join(folder, 'store.proto'), { keepCase: true, longs: Number });
  return { grpc, Store: grpc.loadPackageDefinition(definition).bench.Store };
}

export type GrpcStore = ReturnType<Grpc['loadPackageDefinition']>['bench']['Store'];
export type GrpcClient = Client;
