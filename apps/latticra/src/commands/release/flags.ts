// SPDX-License-Identifier: Apache-2.0
import { NONE } from '@latticra/evidence-format/define';

/** The flags of a release. */
export const RELEASE_FLAGS = {
  release: {
    value: 'text',
    required: true,
    placeholder: 'label',
    insteadOf: 'version',
    help: 'what the release is called',
  },
  iso: { value: 'path', help: 'its ISO image' },
  'vm-image': { value: 'path', help: 'its disk image of a virtual machine' },
  'vm-format': {
    value: 'choice',
    choices: ['qcow2', 'raw'],
    help: 'what the disk image has to be (default: what it is)',
  },
  rootfs: {
    value: 'path',
    placeholder: 'tar|tar.gz',
    help: 'the root file system in the images, of which the SBOM lists the packages',
  },
  recovery: {
    value: 'path',
    placeholder: 'file',
    help: 'the runbook for when things go wrong (default: that of Latticra)',
  },
  'sign-key': {
    value: 'path',
    placeholder: 'key',
    help: 'sign the images and the bundle with this OpenSSH key, or that of an agent by its .pub file',
  },
  reason: {
    value: 'text',
    help: 'why the images are not signed, without --sign-key (default: that no key was named)',
  },
  'boot-matrix': {
    value: 'path',
    placeholder: 'file',
    help: 'boot the images by the cases of this matrix, in QEMU',
  },
  'promotion-dir': {
    value: 'path',
    placeholder: 'folder',
    help: 'an evaluation of the release, with what it was derived from, for the bundle to carry',
  },
  'source-commit': {
    value: 'text',
    help: 'commit they were built from (default: the one checked out here, else unknown)',
  },
  'source-tag': { value: 'text', default: NONE, help: 'tag they were built from' },
  'build-environment': { value: 'text', help: 'where they were built (default: local-<os>-<arch>)' },
  'output-dir': {
    value: 'path',
    placeholder: 'folder',
    help: 'where everything goes (default: artifacts/os-images/<release>)',
  },
} as const;
