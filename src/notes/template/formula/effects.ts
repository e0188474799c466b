import type { Value } from './values.js';

/** What a formula did to the world, in the order in which it did it. A formula runs only if somebody records these. */
export type FormulaEffect =
  | { readonly kind: 'open-url'; readonly url: string; readonly frame: string }
  | Question
  | { readonly kind: 'status-bar'; readonly words: readonly string[] }
  /** `@Command` and, when `isPosted`, `@PostedCommand`, which Notes runs after the formula. Name in capitals. */
  | { readonly kind: 'command'; readonly name: string; readonly args: readonly Value[]; readonly isPosted: boolean }
  /** `@SetField` and `FIELD`. The name is as written. */
  | { readonly kind: 'set-field'; readonly name: string; readonly value: Value }
  | { readonly kind: 'set-document-field'; readonly unid: string; readonly name: string; readonly value: Value }
  | {
      readonly kind: 'set-profile-field';
      readonly form: string;
      readonly item: string;
      readonly key: string | undefined;
      readonly value: Value;
    }
  | {
      readonly kind: 'send-mail';
      readonly to: readonly string[];
      readonly copyTo: readonly string[];
      readonly blindCopyTo: readonly string[];
      readonly subject: string;
      readonly remark: string;
      /** Names of items and texts that make up the body. */
      readonly body: readonly string[];
      readonly flags: readonly string[];
    }
  | { readonly kind: 'target-frame'; readonly frame: string }
  | { readonly kind: 'delete-document' }
  /** `@Return`: nothing after it ran. */
  | { readonly kind: 'return'; readonly value: Value };

/** A dialog that waits for the user. */
export type Question =
  | {
      readonly kind: 'prompt';
      /** Keyword in capitals, such as `YESNO` or `OKCANCELLIST`. */
      readonly style: string;
      readonly title: string;
      readonly words: string;
      readonly suggested: readonly string[];
      readonly choices: readonly string[];
    }
  | { readonly kind: 'pick'; readonly style: string; readonly args: readonly Value[] }
  | { readonly kind: 'dialog'; readonly form: string; readonly options: readonly string[]; readonly title: string };

export type EffectRecorder = (effect: FormulaEffect) => void;

/** What the user answers; `undefined` is Cancel. */
export type Answering = (question: Question) => Value | undefined;
