// SPDX-License-Identifier: Apache-2.0

import { NONE } from '@latticra/evidence-format/define';
import { defineLane } from '@latticra/lane';
import {
  artifactManifest,
  manifestFromFiles,
  recordingOf,
  releaseFixture,
  VM_IMAGE_FORMATS,
} from '@latticra/manifest';
import { SIGNER_FLAGS, signersOf } from '@latticra/signature';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'latticra-os-image-artifact-manifest-from-files',
  version,
  summary: 'record the files of a release: what they are and what they measure',
  details: `
Reads each image once and prints the artifact manifest, to be redirected into a file beside them. Where a
path is asked for, "none" says that there is no such file, and for a signature "unsigned-local" says that
the image is knowingly unsigned. Every file is looked into: what is something else than it is named as is
refused by what was found, with what to do about it. With --allowed-signers every image has to have a signature by a key
of that list, or nothing is recorded.`,
  examples: [
    '--iso latticra-x86_64.iso --iso-sbom sbom.spdx.json --iso-signature unsigned-local',
    '--artifact-version 1.0 --vm-image disk.qcow2 --vm-format qcow2 --relative-to . > manifest.txt',
  ],
  fixture: releaseFixture,
  flags: {
    'artifact-version': {
      value: 'text',
      insteadOf: 'version',
      default: 'local-candidate',
      help: 'what this release is called',
    },
    'source-commit': {
      value: 'text',
      help: 'commit it was built from (default: the one checked out here, else unknown)',
    },
    'source-tag': { value: 'text', default: NONE, help: 'tag it was built from' },
    'build-environment': { value: 'text', help: 'where it was built (default: local-<os>-<arch>)' },
    iso: { value: 'path', default: NONE, help: 'the ISO image' },
    'iso-signature': { value: 'path', default: NONE, help: 'its signature, or unsigned-local' },
    'iso-sbom': { value: 'path', default: NONE, help: 'its SPDX 2.3 document' },
    'vm-image': { value: 'path', default: NONE, help: 'the VM image' },
    'vm-format': { value: 'choice', choices: [...VM_IMAGE_FORMATS, NONE], default: NONE, help: 'its format' },
    'vm-signature': { value: 'path', default: NONE, help: 'its signature, or unsigned-local' },
    'vm-sbom': { value: 'path', default: NONE, help: 'its SPDX 2.3 document' },
    'operator-recovery-path': {
      value: 'path',
      default: NONE,
      help: 'runbook for when things go wrong: a text file or an https URL',
    },
    ...SIGNER_FLAGS,
    'relative-to': {
      value: 'path',
      placeholder: 'folder',
      help: 'write paths relative to this folder (default: absolute)',
    },
  },
  async run(context) {
    const { flags, cwd } = context;
    const signers = await signersOf(flags, cwd);
    const { common, options } = await recordingOf(context);
    const manifest = await manifestFromFiles(
      {
        ...common,
        artifactVersion: flags['artifact-version'],
        sourceTag: flags['source-tag'],
        iso: { path: flags.iso, signature: flags['iso-signature'], sbom: flags['iso-sbom'] },
        vmImage: {
          path: flags['vm-image'],
          format: flags['vm-format'],
          signature: flags['vm-signature'],
          sbom: flags['vm-sbom'],
        },
      },
      { ...options, signers },
    );
    return artifactManifest.document(manifest);
  },
});
