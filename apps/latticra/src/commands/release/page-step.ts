// SPDX-License-Identifier: Apache-2.0
import { readEvidence, renderReport } from '@latticra/evidence-report';
import { bytesIn, isHalfWritten, measureFile, writeFileAtomic } from '@latticra/held-files';
import { fileBelow } from '@latticra/held-files/anchor';

import { listFiles } from './files.js';
import { RELEASE_FILE, type Release } from './release.js';
import { digestOf, RELEASE_MARK } from './state.js';

const { page } = RELEASE_FILE;
/** What follows from the page, or is it, is not shown on it. */
const NOT_SHOWN: readonly string[] = [page, RELEASE_MARK.report];
/** Leaves out what a run that was killed left half-written, too. Asked of each thing when it is met: what another run is at may come after all was listed, and be gone before it is looked at. */
const isLeftOut = (path: string) => NOT_SHOWN.includes(path) || path.split('/').some(isHalfWritten);

/** Shows all that lies in the folder as one page. Returns its path, as the folder was named. */
export async function writePage({ run, tool, progress, kept }: Release): Promise<string> {
  const inputs: Record<string, string> = { Latticra: digestOf(tool.version) };
  for (const name of await listFiles(run.absolute, isLeftOut)) {
    // Somebody else may have put evidence there: it is on the page as well.
    inputs[name] = run.known.get(name) ?? (await measureFile(fileBelow(run.absolute, name))).sha256;
  }
  const value = run.at(page);
  return run.step({
    id: 'page',
    name: 'page',
    report: page,
    inputs,
    async work() {
      const model = await progress.track(
        'reading the evidence',
        (onBytes) => readEvidence(run.absolute, { leaveOut: isLeftOut, onBytes, known: kept }),
        () => bytesIn(run.absolute),
      );
      await writeFileAtomic(run.absoluteOf(page), renderReport(model));
      const { verdict, wrong, missing } = model;
      return {
        value,
        result: `${verdict.word}: ${wrong.length} wrong, ${missing.length} missing`,
        outputs: [page],
      };
    },
    kept: async () => value,
  });
}
