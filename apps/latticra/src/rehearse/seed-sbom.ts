// SPDX-License-Identifier: Apache-2.0
import { isOwnPart, SEED_SOURCES } from '@latticra/boot-seed';
import { writeFileAtomic } from '@latticra/held-files';
import { formatCreated, formatSbom, measureSeed, seedSbom } from '@latticra/sbom';
import { requireSbom, sbomError } from '../steps/sbom.js';
import type { Rehearsal } from './rehearsal.js';
import { SEED_REHEARSAL_FILE } from './seed-file.js';

/**
 * Writes the SBOM of what was built of the seed, and holds it to SPDX 2.3. Returns its path.
 * @param epoch seconds since 1970
 */
export function writeSeedSbom(
  { account, at, version, tool }: Rehearsal,
  files: Parameters<typeof measureSeed>[0],
  { sourceCommit, epoch }: { readonly sourceCommit: string; readonly epoch: number },
): Promise<string> {
  return account.step('SBOM', SEED_REHEARSAL_FILE.sbom, async () => {
    const measured = await measureSeed(files, { isFromSources: isOwnPart });
    const document = seedSbom({
      ...measured,
      artifactVersion: version,
      sourceCommit,
      created: formatCreated(epoch),
      tool,
      sources: Object.entries(SEED_SOURCES).map(([name, content]) => ({ name, content })),
    });
    const path = at(SEED_REHEARSAL_FILE.sbom);
    await writeFileAtomic(path, formatSbom(document));
    const { files: count, findings } = await requireSbom(path);
    if (findings.length > 0) throw sbomError(path, findings[0]);
    return { value: path, result: `SPDX 2.3, ${count} files, 0 findings` };
  });
}
