// SPDX-License-Identifier: Apache-2.0

import { bootEvidence } from '../src/evidence/schema.js';
import { seedSystem } from '../src/expectation.js';
import { PROFILES } from '../src/profile.js';

const file = (path: string) => ({ path, sha256: 'a'.repeat(64) });
const [profile] = PROFILES;
if (profile === undefined) throw new TypeError('there is no profile');
/** A record that obeys its description; none of the files that it names is there. */
export const EVIDENCE_TEXT = bootEvidence.format({
  profile,
  operatorReviewId: 'review-7',
  files: {
    preflightReport: file('preflight.txt'),
    fixture: file('fixture.toml'),
    bootArtifactManifest: file('image/manifest.txt'),
    diskImage: file('image/disk.iso'),
    argvRecord: file('qemu-argv.txt'),
    serialLog: file('serial.log'),
    operatorConsoleBoot: file('console.txt'),
    operatorRecovery: file('image/recovery.txt'),
    rollbackOrRecovery: file('image/rollback.txt'),
    operatorConsent: file('consent.txt'),
    qemuLog: file('qemu.log'),
  },
  captureFolder: '/captures',
  expected: seedSystem('nightly.1'),
  end: 'ended with exit code 33',
  buildId: 'nightly.1',
  durationMs: 420,
  program: '/usr/bin/qemu-system-x86_64',
  qemuVersion: '7.2.0',
  machineResolved: 'pc-i440fx-7.2',
  accelerator: 'tcg',
  host: undefined,
  firmware: { code: file('/usr/share/seabios/bios-256k.bin'), varsTemplate: undefined },
  imageSha256Before: 'a'.repeat(64),
  imageSha256After: 'a'.repeat(64),
  screen: undefined,
  argv: ['-nodefaults', ''],
});
