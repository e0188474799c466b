import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { BridgeError } from '../../../presence/errors.js';
import { readXml } from '../xml-tree.js';
import type { Finding } from './finding.js';
import { labelOf } from './model.js';

/** Outcome of validating against the vendor's schemas, which are not part of this project. */
export type SchemaOutcome =
  | { readonly status: 'checked'; readonly schemas: readonly string[]; readonly findings: readonly Finding[] }
  /** Nothing was validated; `reason` is a sentence. */
  | { readonly status: 'skipped'; readonly reason: string };

const TIMEOUT_MS = 30_000;
const MAX_OUTPUT = 1_000_000;

/**
 * Validates a DXL database with `xmllint` against every schema (`.xsd`, `.dtd`) of a folder, such as `xmlschemas` of a
 * Notes installation. Throws `BridgeError` when the folder holds none.
 */
export async function validateAgainstSchemas(dxl: string, folder: string): Promise<SchemaOutcome> {
  const schemas = schemasIn(folder);
  const findings: Finding[] = [];
  for (const schema of schemas) {
    const option = schema.endsWith('.xsd') ? '--schema' : '--dtdvalid';
    const run = await xmllint(['--noout', '--nonet', option, join(folder, schema), '-'], dxl);
    if (run === undefined) return { status: 'skipped', reason: 'the program xmllint is not installed' };
    findings.push(...findingsOf(run, dxl, schema));
  }
  return { status: 'checked', schemas, findings };
}

function schemasIn(folder: string): string[] {
  try {
    const schemas = readdirSync(folder).filter((name) => /\.(xsd|dtd)$/i.test(name));
    if (schemas.length > 0) return schemas.sort();
  } catch (cause) {
    throw new BridgeError('TEMPLATE_INVALID', `the folder of schemas cannot be read: ${folder}`, { cause });
  }
  throw new BridgeError('TEMPLATE_INVALID', `there is no .xsd and no .dtd file in ${folder}`);
}

interface Run {
  readonly exitCode: number;
  readonly messages: string;
}

/** `undefined` when the program does not exist. */
function xmllint(args: readonly string[], input: string): Promise<Run | undefined> {
  return new Promise((resolve, reject) => {
    const child = execFile('xmllint', args, { timeout: TIMEOUT_MS, maxBuffer: MAX_OUTPUT }, (error, _, messages) => {
      if (!error) resolve({ exitCode: 0, messages });
      else if (error.code === 'ENOENT') resolve(undefined);
      else if (typeof error.code === 'number') resolve({ exitCode: error.code, messages });
      else reject(new BridgeError('INTERNAL', 'xmllint did not finish', { cause: error }));
    });
    // A program that is missing or gives up early closes the pipe; the callback above reports it.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

/** Messages look like `-:12: element view: Schemas validity error : ...`. */
function findingsOf({ exitCode, messages }: Run, dxl: string, schema: string): Finding[] {
  if (exitCode === 0) return [];
  const found = messages.split('\n').flatMap((text): Finding[] => {
    const match = /^-:(\d+): (?:element \S+: )?(.*(?:error|warning) ?: .*)$/.exec(text);
    if (!match) return [];
    const line = Number(match[1]);
    return [{ element: elementAt(dxl, line), line, rule: 'schema', message: `${schema}: ${match[2] ?? ''}` }];
  });
  if (found.length > 0) return found;
  return [{ element: 'database', line: 1, rule: 'schema', message: `${schema}: ${messages.trim().slice(0, 500)}` }];
}

function elementAt(dxl: string, line: number): string {
  const outcome = readXml(dxl);
  const element = outcome.ok ? outcome.root.children.findLast((child) => child.line <= line) : undefined;
  return element ? labelOf(element) : 'database';
}
