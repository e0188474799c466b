import { expect, test } from 'vitest';
import { command } from '../support/command-line.js';

test('the demo plays a day, finds every change in document, view and stream, and ends by itself', async () => {
  const { code, out } = await command('demo', '--seconds', '3', '--people', '12', '--json');
  const report = JSON.parse(out);
  expect(report).toMatchObject({ ok: true, people: 14, documents: 14, missing: [], wrong: [], failedLogons: 0 });
  expect(report.changes).toBeGreaterThan(50);
  for (const place of ['document', 'view', 'stream']) {
    const { expected, arrived, overtaken } = report.places[place];
    expect(arrived, place).toBeGreaterThan(20);
    expect(arrived + overtaken, place).toBe(expected);
  }
  expect(report.places.document.expected).toBe(report.changes);
  expect(code).toBe(0);
}, 30_000);
