// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { resolve } from 'node:path';
import { fields, formatDigest, READINESS_CLAIMS, WITHHELD_AUTHORITY } from '@latticra/evidence-format';
import { readEvidence, renderReport } from '@latticra/evidence-report';
import { bytesIn, writeFileAtomic } from '@latticra/held-files';
import { defineLane } from '@latticra/lane';
import { releaseFixture } from '@latticra/manifest';
import { version } from '../../../package.json';
import { placeInFolder } from './place.js';

export const lane = defineLane({
  bin: 'latticra report',
  version,
  summary: 'show a folder of evidence as one page: what blocks it first, then every fact',
  details: `
Reads every file of the folder: a rehearsal, a release, an operator bundle. Each is what its content says. Boots are judged
again, digests are compared with each other and with what was measured, and what does not fit is shown as broken. What is
not there is told as missing, with the command for it. A document that claims anything is refused, and there is no page.
The page is one HTML file that loads nothing; of the same files it has the same bytes. It shows evidence and is none.`,
  examples: [
    'artifacts/os-images/local-rehearsal --output report.html',
    '--evidence-dir out --output out/report.html',
  ],
  fixture: releaseFixture,
  flags: {
    'evidence-dir': {
      value: 'path',
      required: true,
      operand: true,
      placeholder: 'folder',
      help: 'the folder of evidence',
    },
    output: {
      value: 'path',
      required: true,
      placeholder: 'html',
      help: 'where the page goes; in the folder it replaces an earlier page alone',
    },
  },
  async run({ flags, cwd, manifestPath, progress }) {
    const folder = resolve(cwd, flags['evidence-dir']);
    const output = resolve(cwd, flags.output);
    const leaveOut = await placeInFolder(folder, output);
    const model = await progress.track(
      `reading ${flags['evidence-dir']}`,
      (onBytes) => readEvidence(folder, { leaveOut, onBytes }),
      () => bytesIn(folder),
    );
    const page = renderReport(model);
    await writeFileAtomic(output, page);
    return {
      title: 'LATTICRA EVIDENCE REPORT',
      fields: fields({
        report_status: 'ok',
        manifest_path: manifestPath,
        evidence_dir: flags['evidence-dir'],
        evidence_file_count: model.files.length,
        evidence_list_sha256: formatDigest(model.listSha256),
        report_verdict: model.verdict.word,
        report_wrong_count: model.wrong.length,
        report_missing_count: model.missing.length,
        ...WITHHELD_AUTHORITY,
        ...READINESS_CLAIMS,
        host_mutation_performed: 0,
        report_bytes: Buffer.byteLength(page),
        report_sha256: formatDigest(hash('sha256', page)),
        report_path: flags.output,
      }),
      sections: [],
    };
  },
});
