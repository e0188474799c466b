import { describe, expect, test } from 'vitest';
import { sampleConfig } from '../../src/bridge/config/sample.js';
import { METRIC_PREFIX, METRICS } from '../../src/bridge/observe/metrics-table.js';
import { runCli } from '../../src/cli/cli.js';
import { PRESENCE_SCHEMA } from '../../src/notes/template/lint/template-schema.js';
import { ERROR_CODES } from '../../src/presence/errors.js';
import { servedOpenApi } from '../support/openapi.js';

/**
 * The pages of docs/reference are generated here: `npm run docs:reference` writes them, every test run compares them.
 */
const HEAD = '<!-- Generated from the sources: npm run docs:reference -->\n\n';

const page = (name: string): string => `../../docs/reference/${name}`;
const row = (...cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |\n`;

async function help(...command: readonly string[]): Promise<string> {
  let text = '';
  const stop = new AbortController().signal;
  const write = (part: string): void => {
    text += part;
  };
  await runCli([...command, '--help'], {
    out: write,
    err: write,
    terminal: false,
    columns: 100,
    rows: 24,
    input: async () => '',
    stop,
  });
  return text.trimEnd();
}

describe('the generated reference is up to date', () => {
  test('errors.md', async () => {
    const rows = Object.entries(ERROR_CODES).map(([code, { meaning, retry, exit, next }]) =>
      row(`\`${code}\``, meaning, retry, exit, next),
    );
    const text = `${HEAD}# Error codes\n\nCodes are stable. *Retry* says whether and when trying again makes sense; *exit* is the exit code of a command that ends with it.\n\n| code | meaning | retry | exit | what to do |\n|---|---|---|---|---|\n${rows.join('')}`;
    await expect(text).toMatchFileSnapshot(page('errors.md'));
  });

  test('metrics.md', async () => {
    const rows = Object.entries(METRICS).map(([name, metric]) =>
      row(
        `\`${METRIC_PREFIX}${name}\``,
        metric.type,
        'labels' in metric ? metric.labels.map((label) => `\`${label}\``).join(', ') : '',
        metric.help,
      ),
    );
    const text = `${HEAD}# Metrics\n\n\`GET /metrics\`, Prometheus text format. No label carries a person. Process metrics of Node come besides.\n\n| name | type | labels | meaning |\n|---|---|---|---|\n${rows.join('')}`;
    await expect(text).toMatchFileSnapshot(page('metrics.md'));
  });

  test('commands.md', async () => {
    const commands = [
      [],
      ['init'],
      ['check'],
      ['run'],
      ['status'],
      ['query'],
      ['watch'],
      ['reconcile'],
      ['set'],
      ['im'],
      ['documents'],
      ['copy'],
      ['person', 'show'],
      ['person', 'why'],
      ['person', 'erase'],
      ['token', 'create'],
      ['token', 'list'],
      ['token', 'revoke'],
      ['directory', 'report'],
      ['simulate'],
      ['demo'],
      ['template', 'build'],
      ['template', 'check'],
      ['template', 'preview'],
    ];
    const texts = await Promise.all(
      commands.map(
        async (command) =>
          `## ${['presence-bridge', ...command].join(' ')}\n\n\`\`\`text\n${await help(...command)}\n\`\`\`\n`,
      ),
    );
    const text = `${HEAD}# Commands\n\n${texts.join('\n')}`;
    await expect(text).toMatchFileSnapshot(page('commands.md'));
  });

  test('configuration.md', async () => {
    const text = `${HEAD}# Configuration\n\nWhat \`presence-bridge init\` writes. Keys that are not listed here are refused, with the nearest valid one named.\n\n\`\`\`yaml\n${sampleConfig()}\`\`\`\n`;
    await expect(text).toMatchFileSnapshot(page('configuration.md'));
  });

  test('openapi.json', async () => {
    await expect(`${JSON.stringify(await servedOpenApi(), null, 2)}\n`).toMatchFileSnapshot(page('openapi.json'));
  });

  test('items.md', async () => {
    const list = (items: readonly string[]): string => items.map((item) => `- \`${item}\`\n`).join('');
    const sections = [...PRESENCE_SCHEMA.forms].map(([form, items]) => `\n## Form ${form}\n\n${list(items)}`);
    const text = `${HEAD}# Items\n${sections.join('')}`;
    await expect(text).toMatchFileSnapshot(page('items.md'));
  });
});

test('every command has an example in its help', async () => {
  for (const command of [
    'init',
    'check',
    'run',
    'status',
    'query',
    'simulate',
    'demo',
    'token create',
    'token list',
    'token revoke',
  ]) {
    expect(await help(...command.split(' ')), command).toMatch(/Examples?:\n {2}\$ presence-bridge/);
  }
});
