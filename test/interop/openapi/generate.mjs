import { createClient } from '@hey-api/openapi-ts';

// Makes a client from an OpenAPI document and from nothing else: node generate.mjs <document> <folder>
// Answers that do not fit the document are errors of the client that is made.
const [input, path] = process.argv.slice(2);
await createClient({
  input,
  output: { path, module: { extension: '.js' } },
  logs: { level: 'silent', file: false },
  plugins: [
    '@hey-api/client-fetch',
    '@hey-api/typescript',
    'zod',
    { name: '@hey-api/sdk', validator: { response: 'zod' } },
  ],
});
