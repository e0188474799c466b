import type { Script } from './syntax.js';

/** Puts the sections of one element together: what Notes compiles as one script. */
export function mergeScripts(scripts: readonly Script[]): Script {
  const options = scripts.map((script) => script.options);
  return {
    options: {
      isDeclare: options.some(({ isDeclare }) => isDeclare),
      isPublic: options.some(({ isPublic }) => isPublic),
      base: options.some(({ base }) => base === 1) ? 1 : 0,
      compare: options.find(({ compare }) => compare !== 'case')?.compare ?? 'case',
    },
    uses: scripts.flatMap((script) => script.uses),
    constants: scripts.flatMap((script) => script.constants),
    variables: scripts.flatMap((script) => script.variables),
    records: scripts.flatMap((script) => script.records),
    classes: scripts.flatMap((script) => script.classes),
    procedures: scripts.flatMap((script) => script.procedures),
  };
}
