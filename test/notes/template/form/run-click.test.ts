import { expect, test } from 'vitest';
import { runClick } from '../../../../src/notes/template/form/run-click.js';
import { databaseWith, openTest } from '../../../support/forms.js';

function click(code: string) {
  const open = openTest(databaseWith(`<par><button>Go<code event='click'>${code}</code></button></par>`), {
    Address: 'sip:ana@x',
  });
  const [event] = open.clicks.values();
  if (!event) throw new Error('nothing can be clicked');
  return runClick(event, open.values, { now: 0 });
}

test('a click runs its formula on the fields and records what it does', () => {
  expect(click('<formula>@URLOpen(Address); FIELD Asked := "1"; @Command([FileSave])</formula>')).toMatchObject({
    kind: 'ran',
    effects: [
      { kind: 'open-url', url: 'sip:ana@x' },
      { kind: 'set-field', name: 'Asked' },
      { kind: 'command', name: 'FILESAVE' },
    ],
    values: new Map([
      ['address', { type: 'text', list: ['sip:ana@x'] }],
      ['asked', { type: 'text', list: ['1'] }],
    ]),
  });
});

test('a click with LotusScript says that only Notes can run it', () => {
  expect(click('<lotusscript>Beep</lotusscript>')).toEqual({ kind: 'cannot-run', language: 'lotusscript' });
});
