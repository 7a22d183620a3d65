// SPDX-License-Identifier: Apache-2.0
import {
  captureCommand,
  captureDocument,
  captureEvidence,
  PROFILE_NAMES,
  planCapture,
  preflightDocument,
  profileNamed,
  surveyPreflight,
} from '@latticra/boot-preview';
import { defineLane } from '@latticra/lane';
import { bootPreviewFixture } from '@latticra/manifest';
import { MACHINE_KEY_FLAG, namedSigner } from '@latticra/signature';
import { EXPECT_FLAGS, readExpectFlags } from '@latticra/vm-run';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'seabios-grub-boot-preview-evidence-capture',
  version,
  summary: 'boot the image of a profile, with consent, and record what was seen',
  details: `
Validates the boot artifact manifest and the operator's consent to this very image, copies the image into the output
folder, boots it in QEMU, read-only and without a network, and records the boot: argv, serial log, screen where QEMU has
one left, firmware and image digests before and after. <profile>-evidence.txt is written last, and only after it was
validated as seabios-grub-boot-preview-evidence-validate will do it. A boot that is not what it has to be is exit code
70, with its logs and without a record. Without consent nothing runs (65, or 66 where there is no such file).

An image in which GRUB starts a Linux has to be held to something: the --expect flags say what its serial console has to
show, beside the build id that is on its kernel's command line as latticra.build=<id>. The record keeps it, and is judged by it
again. The boot seed has marks of its own.`,
  examples: [
    '--profile x86_64-grub2-uefi-preview --boot-artifact-manifest build/m.txt --operator-review-id review-7 --operator-consent consent.txt --output-dir evidence',
  ],
  fixture: bootPreviewFixture,
  flags: {
    profile: { value: 'choice', choices: PROFILE_NAMES, required: true, help: 'what to boot' },
    'boot-artifact-manifest': { value: 'path', required: true, help: 'the manifest of the image' },
    'operator-review-id': {
      value: 'text',
      placeholder: 'id',
      required: true,
      help: 'the review in which the operator consented',
    },
    'operator-consent': { value: 'path', required: true, help: 'the consent to this profile and image' },
    'output-dir': { value: 'path', placeholder: 'folder', required: true, help: 'takes the record' },
    timeout: { value: 'integer', default: 120, min: 1, max: 3600, help: 'seconds the guest may take' },
    ...MACHINE_KEY_FLAG,
    ...EXPECT_FLAGS,
    'dry-run': { value: 'none', help: 'check everything, and print the command instead of running it' },
  },
  async run(context) {
    const { flags, manifestPath, cwd, env, signal, progress, tell } = context;
    const expected = readExpectFlags(flags);
    const signer = await namedSigner(flags['machine-key'], { cwd, env, signal, tell });
    const plan = await progress.track(
      'reading the image',
      (onBytes) =>
        planCapture(
          {
            profile: profileNamed(flags.profile).name,
            bootArtifactManifest: flags['boot-artifact-manifest'],
            operatorReviewId: flags['operator-review-id'],
            operatorConsent: flags['operator-consent'],
            outputDir: flags['output-dir'],
            timeoutMs: flags.timeout * 1000,
            ...(expected !== undefined && { expected }),
          },
          { cwd, env, signal, onBytes },
        ),
      undefined,
    );
    if (flags['dry-run']) {
      const command = captureCommand(plan);
      return { text: `${command}\n`, json: `${JSON.stringify({ command })}\n` };
    }
    const { bytes } = await bootPreviewFixture.load(manifestPath, cwd);
    const preflight = preflightDocument(context, surveyPreflight(env));
    const boot = () => captureEvidence(plan, { fixture: bytes, preflight, signer });
    const label = `booting ${flags.profile}`;
    return captureDocument(plan, await progress.wait(label, boot, flags.timeout * 1000));
  },
});
