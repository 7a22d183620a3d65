// SPDX-License-Identifier: Apache-2.0
import type { ArtifactManifest } from '@latticra/manifest';
import { expect, it } from 'vitest';
import { bundleReadme } from './readme.js';

const names = { iso: 'os.iso', vmImage: 'os.raw' };
const manifest: ArtifactManifest = {
  artifactVersion: '1.2.3',
  sourceCommit: 'abcdef0',
  sourceTag: 'v1',
  buildEnvironment: 'lab',
  iso: { path: names.iso, sha256: 'a'.repeat(64), signaturePath: 'os.iso.sig', sbomPath: 'iso.json' },
  vmImage: {
    path: names.vmImage,
    sha256: 'b'.repeat(64),
    signaturePath: 'unsigned-local',
    sbomPath: 'vm.json',
    format: 'raw',
  },
  operatorRecoveryPath: 'recovery.txt',
};

const none = {
  records: { all: 0, signed: 0 },
  verifiedBy: undefined,
  checksumsSigned: false,
  keysProveNothing: false,
  pageVersion: undefined,
  promotion: undefined,
};

it('the README says where the commands that it names come from, before the first of them', () => {
  const [before = ''] = bundleReadme(manifest, names, none).split('latticra-os-image');
  expect(before).toContain('npm install --global latticra');
});

it('the README shows each digest under its image, what is signed, and what is in them', () => {
  const text = bundleReadme(manifest, names, none);
  expect(text).toContain(`
Version      1.2.3
Built from   abcdef0 (tag: v1)
Built on     lab
USB image    os.iso
             sha256:${'a'.repeat(64)}
VM image     os.raw (raw)
             sha256:${'b'.repeat(64)}
Signatures   USB image: os.iso.sig, VM image: unsigned-local
`);
  expect(text).toContain('\n   iso.json, vm.json\n       what is in the images');
});

it('the README names an SBOM of both images once', () => {
  const { iso, vmImage } = manifest;
  const both = {
    ...manifest,
    iso: iso && { ...iso, sbomPath: 'both.json' },
    vmImage: vmImage && { ...vmImage, sbomPath: 'both.json' },
  };
  expect(bundleReadme(both, names, none)).toContain('\n   both.json\n       what is in the images');
});

it('the README says of records of boots what is checked and what is not, and nothing where there are none', () => {
  expect(bundleReadme(manifest, names, { ...none, records: { all: 1, signed: 0 } })).toMatch(
    /\n {3}boot-records\/\n[\s\S]*cannot be told without a signature/,
  );
  expect(bundleReadme(manifest, names, none)).not.toContain('boot-records');
});

it('the README tells how to check who made the bundle, and not to trust the list that came with it', () => {
  const by = { allowedSigners: 'c'.repeat(64), revokedKeys: undefined, signer: undefined, time: 't' };
  const text = bundleReadme(manifest, names, { ...none, verifiedBy: by, checksumsSigned: true });
  expect(text).toMatch(
    /2\. CHECK WHO MADE IT\n[\s\S]*--allowed-signers <your list>[\s\S]*ssh-keygen -Y verify/,
  );
  expect(text).toMatch(/\n {3}allowed-signers\n[\s\S]*use a list of your own/);
  expect(bundleReadme(manifest, names, none)).not.toMatch(/WHO MADE IT|allowed-signers/);
});
