// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { documentToJson, formatDocument } from '@latticra/evidence-format';
import { writeFileAtomic } from '@latticra/held-files';
import { defineLane, LaneError, reasonOf } from '@latticra/lane';
import { releaseFixture } from '@latticra/manifest';
import { version } from '../../package.json';
import { createAccount } from '../steps/account.js';
import { RehearsalError } from './error.js';
import { REHEARSAL_REPORT, takeFolder } from './folder.js';
import { LINUX_FLAGS, readLinuxFlags } from './linux-flags.js';
import { beginRehearsal } from './rehearsal.js';
import { rehearseLinux } from './rehearse-linux.js';
import { rehearseSeed } from './rehearse-seed.js';
import { type RehearsalStatus, rehearsalDocument } from './report.js';

/** A label that is also the name of a folder. */
const RELEASE_LABEL = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/;

export const lane = defineLane({
  bin: 'latticra rehearse',
  version,
  summary: 'take the boot seed, or a Linux system, to a review bundle, and prove each step',
  details: `
Builds the seed and a VM image, boots both, writes SBOM and artifact manifest, validates them, and stages the
operator bundle with its USB and VM commands. Tells each step as it is done, and stops at the first that does
not hold. Every report is left as a file. A folder that an earlier rehearsal left is replaced; no other is.

With --kernel it does the same with a Linux system: builds its release, takes that apart, builds it again from its inputs and
compares, checks SBOM and artifact manifest, boots each image in QEMU by SeaBIOS, and stages the bundle. A boot has to show its
build id, and the prompt "login: " unless something else is expected. Where QEMU is missing the rest is done, the
rehearsal is recorded as not-booted, and ends with exit code 69.`,
  examples: [
    '',
    '--release 1.0',
    '--output-dir out --emulator v86',
    '--kernel vmlinuz --initramfs initrd.img --rootfs rootfs.tar',
  ],
  fixture: releaseFixture,
  flags: {
    'output-dir': {
      value: 'path',
      placeholder: 'folder',
      help: 'where everything goes (default: artifacts/os-images/<release>)',
    },
    release: {
      value: 'text',
      placeholder: 'label',
      default: 'local-rehearsal',
      help: 'what the release is called',
    },
    emulator: {
      value: 'choice',
      choices: ['auto', 'qemu', 'v86'],
      default: 'auto',
      help: 'auto takes QEMU where it is installed, else the embedded v86, which boots the seed alone',
    },
    ...LINUX_FLAGS,
  },
  async run({ flags, fixture, manifestPath, cwd, env, signal, print, progress }) {
    const label = flags.release;
    if (!RELEASE_LABEL.test(label)) {
      throw new LaneError(
        'usage',
        `--release: expected letters, digits and . _ + -, found ${JSON.stringify(label)}`,
      );
    }
    const folder = flags['output-dir'] ?? join('artifacts', 'os-images', label);
    const linux = await readLinuxFlags(flags, { cwd, folder });
    if (linux !== undefined && flags.emulator === 'v86') {
      throw new LaneError('usage', '--emulator: v86 boots the seed alone, a Linux system needs QEMU');
    }
    const dropPrevious = await takeFolder(folder);
    print(`Rehearsing release ${label} in ${folder}\n`);
    const account = createAccount(print);
    const report = async (outcome: RehearsalStatus) => {
      const document = rehearsalDocument(label, outcome, account.steps);
      await writeFileAtomic(join(folder, REHEARSAL_REPORT), formatDocument(document));
      return document;
    };
    await report({ status: 'running' });
    const tool = { name: 'latticra-rehearse', version };
    const { emulator } = flags;
    const rehearsal = beginRehearsal(
      { folder, version: label, emulator, manifestPath, fixture, tool, cwd, env, signal },
      account,
    );
    try {
      const { bundle, notBooted } =
        linux === undefined
          ? { bundle: await rehearseSeed(rehearsal), notBooted: undefined }
          : await rehearseLinux(rehearsal, linux, progress);
      if (notBooted !== undefined) {
        await report({ status: 'not-booted', reason: notBooted, bundle });
        print(`\nNothing was booted; all else held, and is in ${bundle}`);
        throw new RehearsalError('not-booted', notBooted, 'install QEMU, and rehearse again');
      }
      const document = await report({ status: 'ok', bundle });
      await dropPrevious();
      const seconds = account.steps.reduce((sum, step) => sum + step.seconds, 0);
      print(
        `\nAll ${account.steps.length} steps held, in ${seconds.toFixed(1)} s. Nothing is claimed: a person reviews it.`,
      );
      print(`Begin with ${join(bundle, 'README.txt')}`);
      return { text: '', json: documentToJson(document) };
    } catch (error) {
      const isReported = error instanceof RehearsalError && error.code === 'not-booted';
      if (!isReported) await report({ status: 'failed', reason: reasonOf(error) });
      throw error;
    }
  },
});
