import { describe, expect, test } from 'vitest';
import { command } from '../support/command-line.js';

describe('a command that is called wrongly', () => {
  test.each([
    [['quer', '--json'], "unknown command 'quer'"],
    [['query', '--nobody', '--json'], "unknown option '--nobody'"],
    [['query', '--json'], 'Nobody is named'],
    [['query', 'Ana', '--words', 'sip', '--json'], '"sip" is none of'],
    [['im', '--json'], "missing required argument 'address'"],
    [['set', 'busy', '--until', 'never', '--json'], 'A time such as 17:30'],
    [['token', '--json'], "unknown option '--json'"],
  ])('with --json says so as JSON: %j', async (args, said) => {
    const { code, out, err } = await command(...args);
    const { ok, error } = JSON.parse(out) as { ok: boolean; error: { code: string; message: string; next: string } };
    expect([code, err, ok, error.code, error.next]).toEqual([64, '', false, 'CLI_USAGE', 'See --help.']);
    expect(error.message).toContain(said);
    expect(error.message).not.toMatch(/^error:/);
  });

  test('says so in words without it', async () => {
    const { code, out, err } = await command('query', '--nobody');
    expect([code, out, err]).toEqual([64, '', expect.stringContaining("error: unknown option '--nobody'")]);
  });
});
