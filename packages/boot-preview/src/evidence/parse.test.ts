// SPDX-License-Identifier: Apache-2.0
import { EvidenceError, formatDocument } from '@latticra/evidence-format';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVIDENCE_FIELDS } from '../document/evidence-fields.js';
import { PROFILES } from '../profile.js';
import { evidenceDocument } from './format.js';
import { parseEvidence } from './parse.js';
import type { BootEvidence } from './schema.js';

const digest = fc.stringMatching(/^[0-9a-f]{64}$/);
const word = fc.stringMatching(/^[A-Za-z0-9ä,:=()._ -]{1,16}$/).filter((text) => text !== 'none');
const file = fc.record({ path: word, sha256: digest });
const absolute = word.map((text) => `/${text}`);
const absoluteFile = fc.record({ path: absolute, sha256: digest });
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const records: fc.Arbitrary<BootEvidence> = fc.record({
  profile: fc.constantFrom(...PROFILES),
  operatorReviewId: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._:@+-]{0,20}$/),
  files: fc.record({
    preflightReport: file,
    fixture: file,
    bootArtifactManifest: file,
    diskImage: file,
    argvRecord: file,
    serialLog: file,
    operatorConsoleBoot: file,
    operatorRecovery: file,
    rollbackOrRecovery: file,
    operatorConsent: file,
    qemuLog: file,
  }),
  captureFolder: absolute,
  buildId: word,
  durationMs: fc.nat(),
  program: absolute,
  qemuVersion: word,
  machineResolved: word,
  accelerator: fc.constantFrom('tcg', 'kvm'),
  firmware: fc.record({ code: absoluteFile, varsTemplate: optional(absoluteFile) }),
  imageSha256Before: digest,
  imageSha256After: digest,
  screen: optional(fc.record({ screenshot: file, argvRecord: file, serialLog: file })),
  argv: fc.array(fc.oneof(word, fc.constant('')), { maxLength: 40 }),
});
const write = (record: BootEvidence) => formatDocument(evidenceDocument(record));
const [sample] = fc.sample(records, { seed: 5, numRuns: 1 });
const TEXT = sample === undefined ? '' : write(sample);

describe('an evidence record', () => {
  it('has the fields of the template, in its order', () => {
    const [top = ''] = TEXT.split('\n\n');
    expect([...top.matchAll(/^(\w+)=/gm)].map(([, key]) => key)).toEqual([...EVIDENCE_FIELDS]);
  });

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(records, (record) => {
        expect(parseEvidence(write(record))).toEqual(record);
      }),
      { numRuns: 60 },
    );
  });

  it('is refused, or written back the same, whatever line is changed, dropped, doubled or moved', () => {
    const lines = TEXT.split('\n').slice(0, -1);
    const edit = fc.record({
      at: fc.nat(lines.length - 1),
      to: fc.nat(lines.length - 1),
      how: fc.constantFrom('value', 'drop', 'double', 'move', 'line'),
      text: fc.oneof(fc.constantFrom('', 'none', '0', '1', '/x', '../x'), fc.string({ maxLength: 12 })),
    });
    fc.assert(
      fc.property(edit, ({ at, to, how, text }) => {
        const line = lines[at] ?? '';
        const rest = lines.filter((_, index) => index !== at);
        const edited = {
          value: lines.with(at, `${line.split('=')[0]}=${text}`),
          line: lines.with(at, text),
          drop: rest,
          double: lines.toSpliced(to, 0, line),
          move: rest.toSpliced(to, 0, line),
        }[how].join('\n');
        try {
          expect(write(parseEvidence(`${edited}\n`))).toBe(`${edited}\n`);
        } catch (error) {
          expect(error).toBeInstanceOf(EvidenceError);
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['a claim', 'bootable_os_ready=1', 'forbidden-claim'],
    ['a field too many', 'boot_evidence_candidate_ready=1', 'unexpected'],
    ['a claim in a section of its own', '\n[readiness]\nseabios_grub_boot_claim_allowed=1', 'unexpected'],
  ])('is refused with %s', (_, line, code) => {
    expect(() => parseEvidence(`${TEXT}${line}\n`)).toThrow(expect.objectContaining({ code, kind: 'data' }));
  });

  it.each([
    ['boot_result', 'boot_result: expected "sentinel-and-build-id-recorded"'],
    ['qemu_machine', 'qemu_machine: expected '],
    ['target_firmware', 'target_firmware: expected '],
    ['qemu_exit_code', 'qemu_exit_code: expected "33"'],
    ['profile', 'profile: expected x86_64-seabios-grub-preview or '],
  ])('has to have its own %s', (key, message) => {
    const text = TEXT.replace(new RegExp(`^${key}=.*$`, 'm'), `${key}=other`);
    expect(() => parseEvidence(text)).toThrow(message);
  });
});
