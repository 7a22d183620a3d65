// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { seedSystem } from '../expectation.js';
import { PROFILES } from '../profile.js';
import { bootEvidence } from './schema.js';

const file = (path: string) => ({ path, sha256: 'a'.repeat(64) });
const [profile] = PROFILES;
if (profile === undefined) throw new TypeError('there is no profile');
const TEXT = bootEvidence.format({
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
  firmware: { code: file('/usr/share/seabios/bios-256k.bin'), varsTemplate: undefined },
  imageSha256Before: 'a'.repeat(64),
  imageSha256After: 'a'.repeat(64),
  screen: undefined,
  argv: ['-nodefaults', ''],
});

describe('an evidence record', () => {
  it('an evidence record has the fields of the template, in its order', () => {
    const [top = ''] = TEXT.split('\n\n');
    expect([...top.matchAll(/^(\w+)=/gm)].map(([, key]) => key)).toEqual(bootEvidence.keys);
  });

  it.each([
    ['a claim', 'bootable_os_ready=1', 'forbidden-claim'],
    ['a field too many', 'boot_evidence_candidate_ready=1', 'unexpected'],
    ['a claim in a section of its own', '\n[readiness]\nseabios_grub_boot_claim_allowed=1', 'unexpected'],
  ])('an evidence record with %s is refused', (_, line, code) => {
    expect(() => bootEvidence.parse(`${TEXT}${line}\n`)).toThrow(
      expect.objectContaining({ code, kind: 'data' }),
    );
  });

  it.each([
    ['boot_result', 'boot_result: expected "sentinel-and-build-id-recorded"'],
    ['qemu_machine', 'qemu_machine: expected '],
    ['target_firmware', 'target_firmware: expected '],
    ['qemu_exit_code', 'qemu_exit_code: expected "33"'],
    ['profile', 'profile: expected x86_64-seabios-grub-preview or '],
  ])('an evidence record with another %s is refused', (key, message) => {
    const text = TEXT.replace(new RegExp(`^${key}=.*$`, 'm'), `${key}=other`);
    expect(() => bootEvidence.parse(text)).toThrow(message);
  });
});
