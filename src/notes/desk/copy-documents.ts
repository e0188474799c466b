import { BridgeError } from '../../presence/errors.js';
import { isAlive } from '../../presence/freshness.js';
import type { DocumentOutcome, Driver } from '../driver.js';
import { FORMS } from '../fields.js';
import { heartbeatFromItems } from '../heartbeat-items.js';
import { COPIED_FORMS, type CopiedForm, type CopyPlan, type CopyRules, type CopyStep, planCopy } from './copy-plan.js';
import { exportDocuments } from './export.js';

export interface CopyOptions extends CopyRules {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Only plan. */
  readonly dryRun: boolean;
  /** Called after each bulk call. Must not throw. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Ends the copying between two bulk calls. */
  readonly signal?: AbortSignal;
}

export interface CopyReport {
  readonly plan: CopyPlan;
  /** Steps that took effect; none in a dry run. */
  readonly written: readonly CopyStep[];
  /** Single documents that the target refused; the others were written. */
  readonly refused: readonly { readonly step: CopyStep; readonly error: BridgeError }[];
  /** True when `signal` ended it early. */
  readonly interrupted: boolean;
}

/**
 * Replays documents of one opened store into another: people, mappings, opt-outs. What is there already is not written
 * again, so it may be repeated after anything. Throws `BRIDGE_RUNNING` while the target's bridge is alive there, and any
 * `BridgeError` when a store failed as a whole; what was written up to then is found by the next run.
 */
export async function copyDocuments(
  from: Pick<Driver, 'find'>,
  to: Pick<Driver, 'find' | 'create' | 'replaceItems' | 'maxBatch'>,
  options: CopyOptions,
): Promise<CopyReport> {
  const source = await exportDocuments(from, COPIED_FORMS);
  const plan = planCopy(source, await exportDocuments(to, COPIED_FORMS), options);
  const written: CopyStep[] = [];
  const refused: { step: CopyStep; error: BridgeError }[] = [];
  if (options.dryRun) return { plan, written, refused, interrupted: false };
  await refuseLiveBridge(to, options);
  let interrupted = false;
  for (const batch of batchesOf(plan.steps, to.maxBatch)) {
    interrupted = options.signal?.aborted === true;
    if (interrupted) break;
    const outcomes = await write(to, batch);
    batch.forEach((step, index) => {
      const outcome = outcomes[index];
      if (outcome === undefined || outcome.ok) written.push(step);
      else refused.push({ step, error: outcome.error });
    });
    options.onProgress?.(written.length + refused.length, plan.steps.length);
  }
  return { plan, written, refused, interrupted };
}

/**
 * A bridge knows its documents by heart: it would make those a second time that appear behind its back, and its sign of
 * life would confirm statuses that it never saw.
 */
async function refuseLiveBridge(to: Pick<Driver, 'find'>, { bridge, now }: CopyOptions): Promise<void> {
  for (const { items } of await exportDocuments(to, [FORMS.heartbeat])) {
    const beat = heartbeatFromItems(items);
    if (beat?.bridge !== bridge || beat.ocs.state === 'stopped' || !isAlive(beat, now)) continue;
    const seconds = Math.max(0, Math.round((now - beat.writtenAt) / 1000));
    const message = `Bridge "${bridge}" gave a sign of life in the target ${seconds} s ago; stop it while documents are copied.`;
    throw new BridgeError('BRIDGE_RUNNING', message, { details: { bridge } });
  }
}

function write(to: Pick<Driver, 'create' | 'replaceItems'>, batch: CopyStep[]): Promise<readonly DocumentOutcome[]> {
  const changes = batch.flatMap(({ into, items }) => (into === undefined ? [] : [{ unid: into, items }]));
  return changes.length > 0 ? to.replaceItems(changes) : to.create(batch.map(({ items }) => items));
}

/** Steps of one kind and form together, in the order of the plan's forms. */
function* batchesOf(steps: readonly CopyStep[], size: number): Generator<CopyStep[]> {
  for (const form of COPIED_FORMS) {
    for (const isChange of [false, true]) {
      const alike = steps.filter((step) => step.form === form && (step.into !== undefined) === isChange);
      for (let start = 0; start < alike.length; start += size) yield alike.slice(start, start + size);
    }
  }
}

export interface CopyCounts {
  /** Documents of the source. */
  readonly found: number;
  readonly written: number;
  /** What a dry run would write. */
  readonly planned: number;
  readonly unchanged: number;
  readonly leftOut: number;
  readonly refused: number;
}

/** Figures of one form. */
export function copyCounts({ plan, written, refused }: CopyReport, form: CopiedForm): CopyCounts {
  const planned = plan.steps.filter((step) => step.form === form).length;
  const leftOut = plan.leftOut.filter((one) => one.form === form).length;
  return {
    found: planned + plan.unchanged[form] + leftOut,
    written: written.filter((step) => step.form === form).length,
    planned,
    unchanged: plan.unchanged[form],
    leftOut,
    refused: refused.filter(({ step }) => step.form === form).length,
  };
}
