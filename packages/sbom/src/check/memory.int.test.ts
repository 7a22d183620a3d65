// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleScript } from '../../../../tools/testing/bundle.js';

let folder: string;
let script: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sbom-memory-'));
  script = await bundleScript(new URL('../../test/check-script.ts', import.meta.url), folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Eight times the largest document that is looked at, in MiB. */
const HEAP_MEGABYTES = 512;

describe(`in a heap of ${HEAP_MEGABYTES} MiB`, () => {
  it.each([
    ['objects', 'JSON', /objects and lists, expected at most 1000000/],
    ['numbers', 'JSON', /values, expected at most 2000000/],
    ['deep', 'JSON', /objects and lists, expected at most/],
    ['as many as are taken', '6.2', /has no dataLicense/],
    ['long objects', '6.2', /has no dataLicense/],
    ['names', 'schema', /does not know/],
    ['text', '6.1', /has no spdxVersion/],
  ])(
    'a document of %s is refused by name',
    async (what, clause, message) => {
      const { stdout } = await promisify(execFile)(process.execPath, [
        `--max-old-space-size=${HEAP_MEGABYTES}`,
        script,
        what,
      ]);
      expect(JSON.parse(stdout)).toEqual({ valid: false, clause, message: expect.stringMatching(message) });
    },
    120_000,
  );
});
