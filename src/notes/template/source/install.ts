import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceFault } from './source-fault.js';

/** A text file to be written. */
export interface InstallFile {
  readonly name: string;
  readonly text: string;
}

export interface InstallFacts {
  readonly language: string;
  /** Of the package. */
  readonly version: string;
  /** Title of the database, and the name under which others inherit its design. */
  readonly title: string;
  readonly template: string;
}

/** Ways to import a template, by what a site has. */
export const INSTALLERS = {
  powershell: 'install-presence.ps1',
  lotusscript: 'install-presence.lss',
  java: 'InstallPresence.java',
} as const;

export type Installer = keyof typeof INSTALLERS;

/** End a text or a comment in one of the scripts; PowerShell takes typographic quotation marks for plain ones. */
const OWN_SIGNS = /["'`$\\<>#*\p{Cc}\u2018-\u201f]/u;

const READ_ME = 'read-me.txt';

/** Names of the DXL files that the scripts expect beside them. */
export function dxlNames(language: string): { readonly template: string; readonly kit: string } {
  return { template: `presence-${language}.dxl`, kit: `presence-kit-${language}.dxl` };
}

/**
 * Scripts that import a template, and a page that says how, filled in from the files of `folder`. Throws `BridgeError`
 * (`TEMPLATE_INVALID`) when a file cannot be read or holds a placeholder that nobody knows.
 */
export function installFiles(folder: string, facts: InstallFacts, installers: readonly Installer[]): InstallFile[] {
  const { template, kit } = dxlNames(facts.language);
  const values: Readonly<Record<string, string>> = { ...facts, dxl: template, kit };
  return [...installers.map((installer) => INSTALLERS[installer]), READ_ME].map((name) => {
    const text = readText(folder, name).replace(/@@(\w+)@@/g, (placeholder, key: string) => {
      const value = values[key];
      if (value === undefined) throw sourceFault(name, `"${placeholder}" is no placeholder`);
      if (OWN_SIGNS.test(value)) throw sourceFault(name, `the ${key} holds a sign that scripts take as their own`);
      return value;
    });
    // Windows PowerShell takes a file without this mark for one in the machine's old code page.
    return { name, text: name.endsWith('.ps1') ? `\uFEFF${text}` : text };
  });
}

function readText(folder: string, name: string): string {
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch (cause) {
    throw sourceFault(name, `it cannot be read in ${folder}`, { cause });
  }
}
