import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { ATTACK_FORMS, type AttackForm } from './xml-attack-forms.js';

/**
 * Program of its own: reads each file of its arguments through each reader and writes, one JSON line each, how many
 * octets of memory were taken in all. It must be started with a young generation too large to be collected meanwhile
 * (`--min-semi-space-size`): then the figure is everything ever allocated, and no peak can be higher.
 */
const { gc } = globalThis;
const files = process.argv.slice(2);

function octetsOf(file: string): Buffer {
  const octets = readFileSync(file);
  return file.endsWith('.gz') ? gunzipSync(octets) : octets;
}

function held(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function taken(file: string, form: AttackForm): number {
  const body = form.dress(octetsOf(file));
  gc?.();
  const before = held();
  try {
    form.read(body);
  } catch {
    // Its verdict is judged elsewhere.
  }
  return held() - before;
}

// The first reading of all takes what it leaves behind for good, and the collector tidies up after the start.
for (const form of ATTACK_FORMS) taken(files[0] ?? '', form);

for (const file of files) {
  for (const form of ATTACK_FORMS) {
    process.stdout.write(`${JSON.stringify({ file, form: form.name, taken: taken(file, form) })}\n`);
  }
}
