import type { FormulaContext } from '../context.js';
import type { FormulaEffect, Question } from '../effects.js';
import { FormulaEnded } from '../ending.js';
import { EMPTY, error, number, textsOf, type Value, WRONG_TYPE } from '../values.js';
import { ANY_NUMBER, type FunctionDefinition, type FunctionTable } from './definition.js';

/** Functions that act: each gives an effect to the context's recorder, and fails where there is none. */
export const EFFECT_FUNCTIONS: FunctionTable = {
  '@urlopen': acting('@URLOpen', [1, 4], ([url, , , frame]) => {
    const [address] = textsOf(url) ?? [];
    return address === undefined ? undefined : { kind: 'open-url', url: address, frame: textsOf(frame)?.[0] ?? '' };
  }),
  '@statusbar': acting('@StatusBar', [1, 1], ([words]) => {
    const list = textsOf(words);
    return list && { kind: 'status-bar', words: list };
  }),
  '@command': acting('@Command', [1, 15], (args) => commandOf(args, false)),
  '@postedcommand': acting('@PostedCommand', [1, 15], (args) => commandOf(args, true)),
  '@setdocfield': acting('@SetDocField', [3, 3], ([unid, name, value]) => {
    const [id, item] = [textsOf(unid)?.[0], textsOf(name)?.[0]];
    return id === undefined || item === undefined || !value
      ? undefined
      : { kind: 'set-document-field', unid: id, name: item, value };
  }),
  '@setprofilefield': acting('@SetProfileField', [3, 4], ([form, name, value, key]) => {
    const [profile, item] = [textsOf(form)?.[0], textsOf(name)?.[0]];
    if (profile === undefined || item === undefined || !value) return undefined;
    return { kind: 'set-profile-field', form: profile, item, key: textsOf(key)?.[0], value };
  }),
  '@mailsend': acting('@MailSend', [0, 7], mailOf),
  '@settargetframe': acting('@SetTargetFrame', [1, 1], ([frame]) => {
    const [name] = textsOf(frame) ?? [];
    return name === undefined ? undefined : { kind: 'target-frame', frame: name };
  }),
  '@deletedocument': acting('@DeleteDocument', [0, 0], () => ({ kind: 'delete-document' })),
  '@prompt': asking('@Prompt', [2, 6], promptOf),
  '@picklist': asking('@PickList', [1, 8], ([style, ...args]) =>
    style?.type === 'keyword' ? { kind: 'pick', style: style.list[0] ?? '', args } : undefined,
  ),
  '@dialogbox': asking('@DialogBox', [1, 3], ([form, options, title]) => {
    const [name] = textsOf(form) ?? [];
    const words = options === undefined ? [] : options.type === 'keyword' ? options.list : undefined;
    if (name === undefined || !words) return undefined;
    return { kind: 'dialog', form: name, options: words, title: textsOf(title)?.[0] ?? '' };
  }),
};

type Arguments = readonly Value[];

function acting(
  name: string,
  [least, most]: readonly [number, number],
  effectOf: (args: Arguments) => FormulaEffect | undefined,
): FunctionDefinition {
  return {
    least,
    most: Math.min(most, ANY_NUMBER),
    apply: (args, { effects }) => {
      if (!effects) return error(`${name} must not be used here`);
      const effect = effectOf(args);
      if (!effect) return error(WRONG_TYPE);
      effects(effect);
      // The value that was set, so that it can be passed on; otherwise true.
      return 'value' in effect ? effect.value : number(1);
    },
  };
}

function asking(
  name: string,
  [least, most]: readonly [number, number],
  questionOf: (args: Arguments) => Question | undefined,
): FunctionDefinition {
  return {
    least,
    most,
    apply: (args, context) => {
      if (!context.effects) return error(`${name} must not be used here`);
      const question = questionOf(args);
      if (!question) return error(WRONG_TYPE);
      context.effects(question);
      return answerTo(question, context);
    },
  };
}

/** Cancel ends the formula; three dialogs tell of it instead. */
function answerTo(question: Question, { answer }: FormulaContext): Value {
  const given = answer?.(question);
  if (given) return given;
  if (question.kind === 'pick') return EMPTY;
  if (question.kind === 'dialog') return number(0);
  if (question.style === 'OK') return number(1);
  if (question.style === 'YESNO') return number(0);
  if (question.style === 'YESNOCANCEL') return number(-1);
  throw new FormulaEnded(EMPTY);
}

function commandOf([command, ...args]: Arguments, isPosted: boolean): FormulaEffect | undefined {
  const name = command?.type === 'keyword' ? command.list[0] : undefined;
  return name === undefined ? undefined : { kind: 'command', name, args, isPosted };
}

function promptOf([style, title, words, suggested, choices]: Arguments): Question | undefined {
  const kind = style?.type === 'keyword' ? style.list.find((word) => word !== 'NOSORT') : undefined;
  const [heading] = textsOf(title) ?? [];
  const body = words === undefined ? [''] : textsOf(words);
  if (kind === undefined || heading === undefined || !body) return undefined;
  return {
    kind: 'prompt',
    style: kind,
    title: heading,
    words: body[0] ?? '',
    suggested: textsOf(suggested) ?? [],
    choices: textsOf(choices) ?? [],
  };
}

function mailOf(args: Arguments): FormulaEffect | undefined {
  const flags = args[6] === undefined ? [] : args[6].type === 'keyword' ? args[6].list : undefined;
  const texts = args.slice(0, 6).map(textsOf);
  if (!flags || texts.includes(undefined)) return undefined;
  const filled = (index: number): readonly string[] => (texts[index] ?? []).filter((entry) => entry !== '');
  return {
    kind: 'send-mail',
    to: filled(0),
    copyTo: filled(1),
    blindCopyTo: filled(2),
    subject: texts[3]?.[0] ?? '',
    remark: texts[4]?.[0] ?? '',
    body: filled(5),
    flags,
  };
}
