// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { EVIDENCE_TEXT as TEXT } from '../../test/evidence.js';
import { BOOT_EVIDENCE_KEYS } from './keys.js';
import { bootEvidence } from './schema.js';

describe('an evidence record', () => {
  it('an evidence record has the fields of the template, in its order', () => {
    const [top = ''] = TEXT.split('\n\n');
    expect([...top.matchAll(/^(\w+)=/gm)].map(([, key]) => key)).toEqual(bootEvidence.keys);
  });

  it('the keys that reports name are those of the description', () => {
    expect(BOOT_EVIDENCE_KEYS).toEqual(bootEvidence.keys);
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
