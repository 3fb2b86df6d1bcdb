import openapiTS, { astToString } from 'openapi-typescript';
import { expect, it } from 'vitest';
import { startPlatform } from '../start-platform.ts';

// `vitest run --project packages packages/platform/src/client -u` writes the file anew after a change of the API.
it('has the types of the API as its OpenAPI document describes it', async () => {
  const platform = await startPlatform();
  try {
    const document = new URL(`${platform.httpUrl}/openapi.json`);
    const types = astToString(await openapiTS(document, { alphabetize: true }));
    await expect(`// Made from the OpenAPI document.\n\n${types}`).toMatchFileSnapshot('./api-types.ts');
  } finally {
    await platform.stop();
  }
});
