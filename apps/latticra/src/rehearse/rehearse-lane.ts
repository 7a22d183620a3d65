// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { documentToJson, formatDocument } from '@latticra/evidence-format';
import { NONE } from '@latticra/evidence-format/define';
import { withClaim, writeFileAtomic } from '@latticra/held-files';
import { defineLane, LaneError, reasonOf } from '@latticra/lane';
import { releaseFixture, tagAtHead } from '@latticra/manifest';
import { version } from '../../package.json';
import { createAccount } from '../steps/account.js';
import { nameFromHere } from '../steps/own-folder.js';
import { boardLines } from './board.js';
import { writePage } from './conclude.js';
import { RehearsalError } from './error.js';
import { REHEARSAL_REPORT, takeFolder } from './folder.js';
import { assertKeys, KEY_FLAGS, makeThrowAway, takeNamed } from './keys.js';
import { LINUX_FLAGS, readLinuxFlags } from './linux-flags.js';
import { beginRehearsal, PROMOTION_FILE, REHEARSAL_FILE } from './rehearsal.js';
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
Builds the seed and a VM image twice, boots them, writes SBOM and artifact manifest, signs, has it reviewed by a second key,
derives each field of the promotion and says what is left for a person, and stages the
operator bundle with its USB and VM commands. Tells each step as it is done, and stops at the first that does
not hold. Every report is left as a file. A folder that an earlier rehearsal left is replaced; no other is.

With --kernel it does the same with a Linux system: builds its release, takes that apart, builds it again from its inputs and
compares, builds a second time, boots each image in QEMU by SeaBIOS, and goes the same way on. A boot has to show its
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
      insteadOf: 'version',
      help: 'what the release is called',
    },
    emulator: {
      value: 'choice',
      choices: ['auto', 'qemu', 'v86'],
      default: 'auto',
      help: 'auto takes QEMU where it is installed, else the embedded v86, which boots the seed alone',
    },
    'source-tag': {
      value: 'text',
      placeholder: 'tag|none',
      help: 'the tag that is built from, which has to stand for the commit at hand (default: its annotated tag, where it has just one)',
    },
    ...KEY_FLAGS,
    ...LINUX_FLAGS,
  },
  async run({ flags, fixture, manifestPath, cwd, env, signal, print, progress, tell }) {
    const label = flags.release;
    if (!RELEASE_LABEL.test(label)) {
      throw new LaneError(
        'usage',
        `--release: expected letters, digits and . _ + -, found ${JSON.stringify(label)}`,
      );
    }
    const folder = nameFromHere(flags['output-dir'] ?? join('artifacts', 'os-images', label), cwd);
    const linux = await readLinuxFlags(flags, { cwd, folder });
    if (linux !== undefined && flags.emulator === 'v86') {
      throw new LaneError('usage', '--emulator: v86 boots the seed alone, a Linux system needs QEMU');
    }
    assertKeys(flags);
    const signing = { cwd, env, signal, onStderr: tell };
    const named = await takeNamed(flags, { ...signing, folder });
    return withClaim(folder, async () => {
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
        {
          folder,
          version: label,
          emulator,
          sourceTag: flags['source-tag'] ?? (await tagAtHead(cwd, env)) ?? NONE,
          manifestPath,
          fixture,
          tool,
          cwd,
          env,
          signal,
        },
        account,
      );
      try {
        const parties = named ?? (await makeThrowAway(rehearsal, signing));
        const { bundle, evaluation, notBooted } =
          linux === undefined
            ? { ...(await rehearseSeed(rehearsal, parties, progress)), notBooted: undefined }
            : await rehearseLinux(rehearsal, linux, parties, progress);
        const document = await report(
          notBooted === undefined
            ? { status: 'ok', bundle }
            : { status: 'not-booted', reason: notBooted, bundle },
        );
        if (notBooted === undefined) await dropPrevious();
        print('');
        for (const line of boardLines(evaluation, rehearsal.at(PROMOTION_FILE.evidence))) print(line);
        print(
          `\nIn ${rehearsal.at(PROMOTION_FILE.evidence)} lies what shows it. Capitals stand for what you alone know. A person changes the fixture; nothing is claimed.`,
        );
        if (parties.areThrowAway) {
          print(
            'The keys were made for this rehearsal, both by one computer: signatures and review prove nothing.',
          );
        }
        const held = account.steps.filter(({ held }) => held);
        const seconds = held.reduce((sum, step) => sum + step.seconds, 0);
        const left = account.steps.length - held.length;
        print(
          `\n${left === 0 ? `All ${held.length}` : held.length} steps held, in ${seconds.toFixed(1)} s${left === 0 ? '' : `; ${left} left out`}.`,
        );
        print(`Hand over ${bundle}, which begins with ${join(bundle, 'README.txt')}`);
        print(`Look at   ${await writePage(rehearsal, REHEARSAL_FILE.page)}`);
        if (notBooted !== undefined) {
          throw new RehearsalError('not-booted', notBooted, 'install QEMU, and rehearse again');
        }
        return { text: '', json: documentToJson(document) };
      } catch (error) {
        const isReported = error instanceof RehearsalError && error.code === 'not-booted';
        if (!isReported) await report({ status: 'failed', reason: reasonOf(error) });
        throw error;
      }
    });
  },
});
