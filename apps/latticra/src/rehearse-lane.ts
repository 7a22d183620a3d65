// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { documentToJson, formatDocument } from '@latticra/evidence-format';
import { writeFileAtomic } from '@latticra/held-files';
import { defineLane, LaneError, reasonOf } from '@latticra/lane';
import { releaseFixture } from '@latticra/manifest';
import { version } from '../package.json';
import { createAccount } from './account.js';
import { REHEARSAL_REPORT, takeFolder } from './folder.js';
import { rehearse } from './rehearse.js';
import { type RehearsalStatus, rehearsalDocument } from './report.js';

/** A label that is also the name of a folder. */
const VERSION_LABEL = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/;

export const rehearseLane = defineLane({
  bin: 'latticra rehearse',
  version,
  summary: 'take the boot seed from nothing to a review bundle, and prove each step',
  details: `
Builds the seed and a VM image, boots both, writes SBOM and artifact manifest, validates them, and stages the
operator bundle with its USB and VM commands. Tells each step as it is done, and stops at the first that does
not hold. Every report is left as a file. A folder that an earlier rehearsal left is replaced; no other is.`,
  examples: ['', '--version 1.0', '--output-dir out --emulator v86'],
  fixture: releaseFixture,
  flags: {
    'output-dir': {
      value: 'path',
      placeholder: 'folder',
      help: 'where everything goes (default: artifacts/os-images/<version>)',
    },
    version: {
      value: 'text',
      placeholder: 'label',
      default: 'local-rehearsal',
      help: 'what the release is called',
    },
    emulator: {
      value: 'choice',
      choices: ['auto', 'qemu', 'v86'],
      default: 'auto',
      help: 'auto takes QEMU where it is installed, else the embedded v86',
    },
  },
  async run({ flags, fixture, manifestPath, cwd, env, signal, print }) {
    const label = flags.version;
    if (!VERSION_LABEL.test(label)) {
      throw new LaneError(
        'usage',
        `--version: expected letters, digits and . _ + -, found ${JSON.stringify(label)}`,
      );
    }
    const folder = flags['output-dir'] ?? join('artifacts', 'os-images', label);
    const dropPrevious = await takeFolder(folder);
    print(`Rehearsing release ${label} in ${folder}\n`);
    const account = createAccount(print);
    const report = async (outcome: RehearsalStatus) => {
      const document = rehearsalDocument(label, outcome, account.steps);
      await writeFileAtomic(join(folder, REHEARSAL_REPORT), formatDocument(document));
      return document;
    };
    await report({ status: 'running' });
    try {
      const tool = { name: 'latticra-rehearse', version };
      const { emulator } = flags;
      const bundle = await rehearse(
        { folder, version: label, emulator, manifestPath, fixture, tool, cwd, env, signal },
        account,
      );
      const document = await report({ status: 'ok', bundle });
      await dropPrevious();
      const seconds = account.steps.reduce((sum, step) => sum + step.seconds, 0);
      print(
        `\nAll ${account.steps.length} steps held, in ${seconds.toFixed(1)} s. Nothing is claimed: a person reviews it.`,
      );
      print(`Begin with ${join(bundle, 'README.txt')}`);
      return { text: '', json: documentToJson(document) };
    } catch (error) {
      await report({ status: 'failed', reason: reasonOf(error) });
      throw error;
    }
  },
});
