// SPDX-License-Identifier: Apache-2.0
// Ends a pipeline for an SBOM (SPDX 2.3, JSON) that breaks the standard, that lists another file than the one beside it, or that
// leaves one out: `node check-sbom.mjs dist/sbom.spdx.json`.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure } from '@latticra/failure';
import { measureFile } from '@latticra/held-files';
import { fileBelow } from '@latticra/held-files/anchor';
import { checkSbomFiles, sbomLists } from '@latticra/sbom';

const [path = 'sbom.spdx.json', ...delivered] = process.argv.slice(2);
const folder = dirname(path);
try {
  const check = await checkSbomFiles(await readFile(path), ({ fileName }) => {
    const file = fileBelow(folder, fileName);
    return existsSync(file.path) ? file.path : undefined;
  });
  const errors = check.findings.filter(({ level }) => level === 'error');
  for (const { clause, pointer, message } of errors) console.log(`${clause} ${pointer} ${message}`);
  if (check.valid) {
    for (const { fileName } of check.unmeasured) console.log(`not here: ${fileName}`);
    for (const file of delivered) {
      const { sha256 } = await measureFile(file);
      if (sbomLists(check.document, sha256)) continue;
      console.log(`not listed: ${file}`);
      process.exitCode = 1;
    }
  }
  if (errors.length > 0) process.exitCode = 1;
  console.log(process.exitCode === 1 ? 'refused' : 'ok');
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 2;
}
