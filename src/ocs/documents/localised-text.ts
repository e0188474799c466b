/** One of several wordings. */
export interface LocalisedText {
  /** Tag or number of its language; empty when it has none. */
  readonly language: string;
  readonly text: string;
}

/**
 * The wording in the first preferred language that there is (`en` stands for `en-GB` too), else the one without
 * language, else the first; `undefined` when there is none. Blank wordings do not count.
 */
export function chooseText(texts: readonly LocalisedText[], preferred: readonly string[]): string | undefined {
  const worded = texts.filter(({ text }) => text.trim() !== '');
  for (const language of preferred) {
    const match = worded.find((text) => isOfLanguage(text.language.toLowerCase(), language.toLowerCase()));
    if (match) return match.text;
  }
  return (worded.find(({ language }) => language === '') ?? worded[0])?.text;
}

function isOfLanguage(tag: string, language: string): boolean {
  return tag === language || tag.startsWith(`${language}-`);
}
