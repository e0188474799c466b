import { describe, expect, test } from 'vitest';
import { error, text } from '../../../../src/notes/template/formula/values.js';
import { effectWords, scriptWords } from '../../../../src/notes/template/preview/effect-words.js';

describe('words for what a formula does', () => {
  test('an address is offered as a link', () => {
    const said = effectWords([{ kind: 'open-url', url: 'im:<sip:ana@contoso.example>', frame: '' }], undefined, 'en');
    expect(said).toEqual([
      { text: 'Notes would open' },
      { text: 'im:<sip:ana@contoso.example>', href: 'im:<sip:ana@contoso.example>' },
    ]);
  });

  test('an address that would run something in a browser is only told', () => {
    const said = effectWords([{ kind: 'open-url', url: 'javascript:alert(1)', frame: '' }], undefined, 'en');
    expect(said.some(({ href }) => href !== undefined)).toBe(false);
  });

  test('a question is told with its title, in German too', () => {
    const prompt = {
      kind: 'prompt',
      style: 'OK',
      title: 'Chat',
      words: 'Keine Adresse',
      suggested: [],
      choices: [],
    } as const;
    expect(effectWords([prompt], undefined, 'de')).toEqual([{ text: 'Notes würde fragen: Chat: Keine Adresse' }]);
  });

  test('a command is told with its arguments', () => {
    const command = { kind: 'command', name: 'COMPOSE', args: [text('PresenceMapping')], isPosted: false } as const;
    expect(effectWords([command], undefined, 'en')[0]?.text).toBe(
      'Notes would run @Command([COMPOSE]; "PresenceMapping").',
    );
  });

  test('a formula that fails says why, one that does nothing says so, a script cannot be run', () => {
    expect(effectWords([], error('no such view'), 'en')[0]?.text).toBe('The formula fails: no such view');
    expect(effectWords([], text(''), 'en')[0]?.text).toBe('Nothing to be seen happens.');
    expect(scriptWords('de')[0]?.text).toContain('Script');
  });
});
