import { readFileSync } from 'node:fs';

/** Root folder of the package: where `package.json` and `nsf-templates` are. The same from `src` and from `dist`. */
export const packageRoot = new URL('../../', import.meta.url);

/** Version of this package. */
export const version: string = (
  JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8')) as { version: string }
).version;
