// SPDX-License-Identifier: Apache-2.0
import { defineLane, LaneError } from '@latticra/lane';
import { releaseFixture } from '@latticra/manifest';
import { stageOperatorBundle } from '@latticra/operator-bundle';
import { SIGNER_FLAGS, signersOf } from '@latticra/signature';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'latticra-os-image-operator-bundle-from-artifacts',
  version,
  summary: 'stage the artifacts of a release as a folder for an operator',
  details: `
Takes an artifact manifest that is ready for review, copies what it names into one folder, each artifact read
once and verified on the way, and adds checksums, a manifest of the folder itself, USB and VM commands, the
recovery runbook and a README. The folder appears whole or not at all, and stands alone: carried elsewhere,
"sha256sum -c --strict SHA256SUMS" passes and the manifest is valid. With --boot-records it carries the records of boots of these
images as well, each verified before and after it was copied. With --promotion-dir it carries what the release is promoted by: the folder
has an evaluation, evidence/, and where they are reviews/, attestations/ and the lists of keys; the evaluation is derived again from
them, and anything else there is refused by its name. Prints the report that lies in it.
With --allowed-signers every image and every record of a boot has to have a signature by a key of that list, or there is no bundle; the
list goes along, to show by what it was verified. With --sign-key the checksums are signed: SHA256SUMS.sig.`,
  examples: [
    '--artifact-manifest artifacts/os-images/1.0.0/manifest.txt',
    '--artifact-manifest manifest.txt --output-dir handoff --vm-firmware seabios',
  ],
  fixture: releaseFixture,
  flags: {
    'artifact-manifest': { value: 'path', required: true, help: 'the artifact manifest of the release' },
    'boot-records': {
      value: 'path',
      placeholder: 'folder',
      help: 'records of boots, as latticra-boot-matrix leaves them: those of these images go into the bundle',
    },
    'promotion-dir': {
      value: 'path',
      placeholder: 'folder',
      help: 'an evaluation of the release, with evidence, reviews, attestations and lists of keys beside it',
    },
    ...SIGNER_FLAGS,
    'sign-key': {
      value: 'path',
      placeholder: 'key',
      help: 'sign SHA256SUMS with this key, or with that of an agent by its .pub file',
    },
    'allow-outside': {
      value: 'none',
      help: "take files outside of the manifest's folder as well",
    },
    'output-dir': {
      value: 'path',
      placeholder: 'folder',
      help: 'new or empty folder (default: artifacts/os-images/<version>/operator-bundle)',
    },
    'vm-firmware': {
      value: 'choice',
      choices: ['seabios', 'uefi'],
      default: 'uefi',
      help: 'what the VM test command starts the image with',
    },
    'uefi-firmware': {
      value: 'text',
      placeholder: 'path|auto',
      help: "UEFI code (default: auto, found by QEMU's descriptors)",
    },
    'linux-device': {
      value: 'text',
      placeholder: 'device',
      default: '/dev/sdX',
      help: 'device that the USB command for Linux shows',
    },
    'macos-device': {
      value: 'text',
      placeholder: 'device',
      default: '/dev/rdiskN',
      help: 'device that the USB command for macOS shows',
    },
    'serial-log': {
      value: 'path',
      default: 'reports/latticra-os-image-vm-serial.log',
      help: 'where the VM test command writes what the guest says on its serial port',
    },
  },
  async run({ flags, manifestPath, cwd, env, progress, signal, tell }) {
    const kind = flags['vm-firmware'];
    const code = flags['uefi-firmware'];
    if (code !== undefined && kind !== 'uefi') {
      throw new LaneError('usage', '--uefi-firmware: goes with --vm-firmware uefi only');
    }
    const signers = await signersOf(flags, cwd);
    let total: number | undefined;
    const { report } = await progress.track(
      'copying the artifacts',
      (onBytes) =>
        stageOperatorBundle(
          {
            artifactManifestPath: flags['artifact-manifest'],
            outputDir: flags['output-dir'],
            manifestPath,
            devices: { linux: flags['linux-device'], macos: flags['macos-device'] },
            firmware: kind === 'uefi' ? { kind, code: code ?? 'auto' } : { kind },
            serialLog: flags['serial-log'],
            bootRecords: flags['boot-records'],
            promotionDir: flags['promotion-dir'],
            signKey: flags['sign-key'],
          },
          {
            cwd,
            onBytes,
            onTotal: (bytes) => {
              total = bytes;
            },
            allowOutside: flags['allow-outside'],
            signers,
            env,
            signal,
            tracker: progress,
            signing: { env, signal, onStderr: tell },
          },
        ),
      () => total,
    );
    return report;
  },
});
