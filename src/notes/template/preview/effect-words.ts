import type { FormulaEffect } from '../formula/effects.js';
import type { Value } from '../formula/values.js';
import { safeAddress } from './safe-address.js';

/** A part of what is told; with an address it is a link that the reader may follow. */
export interface SaidPart {
  readonly text: string;
  readonly href?: string;
}

interface EffectSentences {
  readonly opens: string;
  readonly asks: (title: string, words: string) => string;
  readonly shows: (form: string) => string;
  readonly runs: (command: string) => string;
  readonly sets: (field: string, value: string) => string;
  readonly setsElsewhere: (field: string) => string;
  readonly setsProfile: (item: string, form: string) => string;
  readonly mails: (to: string, subject: string) => string;
  readonly deletes: string;
  readonly nothing: string;
  readonly cannotRun: string;
  readonly fails: (reason: string) => string;
}

const EN: EffectSentences = {
  opens: 'Notes would open',
  asks: (title, words) => `Notes would ask: ${[title, words].filter(Boolean).join(': ')}`,
  shows: (form) => `Notes would show the dialog ${form}.`,
  runs: (command) => `Notes would run ${command}.`,
  sets: (field, value) => `Notes would set ${field} to "${value}".`,
  setsElsewhere: (field) => `Notes would set ${field} in another document.`,
  setsProfile: (item, form) => `Notes would set ${item} in the profile ${form}.`,
  mails: (to, subject) => `Notes would send a mail to ${to}: ${subject}`,
  deletes: 'Notes would delete the document.',
  nothing: 'Nothing to be seen happens.',
  cannotRun: 'This is a script, which only Notes can run.',
  fails: (reason) => `The formula fails: ${reason}`,
};

const DE: EffectSentences = {
  opens: 'Notes würde öffnen:',
  asks: (title, words) => `Notes würde fragen: ${[title, words].filter(Boolean).join(': ')}`,
  shows: (form) => `Notes würde das Dialogfeld ${form} zeigen.`,
  runs: (command) => `Notes würde ${command} ausführen.`,
  sets: (field, value) => `Notes würde ${field} auf „${value}“ setzen.`,
  setsElsewhere: (field) => `Notes würde ${field} in einem anderen Dokument setzen.`,
  setsProfile: (item, form) => `Notes würde ${item} im Profil ${form} setzen.`,
  mails: (to, subject) => `Notes würde eine Mail an ${to} senden: ${subject}`,
  deletes: 'Notes würde das Dokument löschen.',
  nothing: 'Es geschieht nichts Sichtbares.',
  cannotRun: 'Das ist ein Script, das nur Notes ausführen kann.',
  fails: (reason) => `Die Formel schlägt fehl: ${reason}`,
};

/** What Notes would do, in words of a language; links are offered, never followed. */
export function effectWords(effects: readonly FormulaEffect[], value: Value | undefined, language: string): SaidPart[] {
  const sentences = language === 'de' ? DE : EN;
  const said = effects.flatMap((effect) => partsOf(effect, sentences));
  if (value?.type === 'error') said.push({ text: sentences.fails(value.reason) });
  return said.length > 0 ? said : [{ text: sentences.nothing }];
}

/** What is told of an action that is no formula. */
export function scriptWords(language: string): SaidPart[] {
  return [{ text: (language === 'de' ? DE : EN).cannotRun }];
}

function partsOf(effect: FormulaEffect, sentences: EffectSentences): SaidPart[] {
  switch (effect.kind) {
    case 'open-url': {
      const href = safeAddress(effect.url);
      return [{ text: sentences.opens }, href === undefined ? { text: effect.url } : { text: effect.url, href }];
    }
    case 'prompt':
      return [{ text: sentences.asks(effect.title, effect.words) }];
    case 'pick':
      return [{ text: sentences.asks(effect.style, '') }];
    case 'dialog':
      return [{ text: sentences.shows(effect.form) }];
    case 'status-bar':
      return [{ text: effect.words.join(', ') }];
    case 'command':
      return [{ text: sentences.runs(commandText(effect.name, effect.args)) }];
    case 'set-field':
      return [{ text: sentences.sets(effect.name, textOf(effect.value)) }];
    case 'set-document-field':
      return [{ text: sentences.setsElsewhere(effect.name) }];
    case 'set-profile-field':
      return [{ text: sentences.setsProfile(effect.item, effect.form) }];
    case 'send-mail':
      return [{ text: sentences.mails(effect.to.join(', '), effect.subject) }];
    case 'delete-document':
      return [{ text: sentences.deletes }];
    case 'target-frame':
    case 'return':
      return [];
  }
}

function commandText(name: string, args: readonly Value[]): string {
  return `@Command([${name}]${args.map((value) => `; "${textOf(value)}"`).join('')})`;
}

function textOf(value: Value): string {
  return value.type === 'error' ? value.reason : value.list.join(', ');
}
