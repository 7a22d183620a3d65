// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatDocument } from '@latticra/evidence-format';
import { Failure } from '@latticra/failure';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assertConsent, loadOperatorConsent } from './check.js';
import { operatorConsentDocument } from './format.js';
import { parseOperatorConsent } from './parse.js';

const consent = {
  operatorReviewId: 'review-7',
  profile: 'x86_64-grub2-bios-preview',
  diskImageSha256: 'a'.repeat(64),
};
const TEXT = formatDocument(operatorConsentDocument(consent));

describe('an operator consent', () => {
  it('is four fields that a person can write', () => {
    expect(TEXT).toBe(
      `LATTICRA OPERATOR CONSENT\noperator_review_id=review-7\nprofile=x86_64-grub2-bios-preview\n` +
        `disk_image_sha256=sha256:${'a'.repeat(64)}\nqemu_execution_consented=1\n`,
    );
  });

  it('is read back as it was written', () => {
    const consents = fc.record({
      operatorReviewId: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._:@+-]{0,127}$/),
      profile: fc.stringMatching(/^[a-z0-9_-]{1,40}$/),
      diskImageSha256: fc.stringMatching(/^[0-9a-f]{64}$/),
    });
    fc.assert(
      fc.property(consents, (given) => {
        expect(parseOperatorConsent(formatDocument(operatorConsentDocument(given)))).toEqual(given);
      }),
      { numRuns: 100 },
    );
  });

  it('is written back as it was read, or refused, whatever line is changed', () => {
    const lines = TEXT.split('\n').slice(0, -1);
    const change = fc.tuple(fc.nat(lines.length - 1), fc.string({ maxLength: 30 }), fc.boolean());
    fc.assert(
      fc.property(change, ([at, word, keepKey]) => {
        const line = keepKey ? `${lines[at]?.split('=')[0]}=${word}` : word;
        const text = `${lines.map((old, index) => (index === at ? line : old)).join('\n')}\n`;
        try {
          expect(formatDocument(operatorConsentDocument(parseOperatorConsent(text)))).toBe(text);
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
          expect(error).toMatchObject({ kind: 'data' });
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['a no', 'qemu_execution_consented: expected "1", found "0"', /consented=1/, 'consented=0'],
    ['another title', 'line 1: title', /^LATTICRA/, 'LATTICRA READY'],
    ['no digest', 'disk_image_sha256', /sha256:a/, 'sha256:A'],
    ['a review id with a space', 'operator_review_id: expected up to 128', /review-7/, 'review 7'],
    ['a further field', 'usb_write: expected no such key', /$/, 'usb_write=1\n'],
    ['a claim', 'bootable_os_ready: expected 0', /$/, 'bootable_os_ready=1\n'],
    ['a section', 'expected no sections', /$/, '\n[more]\n'],
  ])('is refused with %s', (_, message, pattern, replacement) => {
    const text = TEXT.replace(pattern, replacement);
    expect(() => parseOperatorConsent(text)).toThrow(
      expect.objectContaining({ kind: 'data', message: expect.stringContaining(message) }),
    );
  });

  it.each([
    ['operatorReviewId', 'operator_review_id'],
    ['profile', 'profile'],
    ['diskImageSha256', 'disk_image_sha256'],
  ] as const)('is for no other %s', (key, field) => {
    expect(() => assertConsent('consent.txt', consent, consent)).not.toThrow();
    const other = { ...consent, [key]: 'b'.repeat(64) };
    expect(() => assertConsent('consent.txt', consent, other)).toThrow(
      expect.objectContaining({
        code: 'not-consented',
        kind: 'data',
        message: expect.stringContaining(`consent.txt: ${field}: not-consented: `),
      }),
    );
  });
});

describe('the file of a consent', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'consent-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('has to be there, and to be a document of bearable size without NUL', async () => {
    await expect(loadOperatorConsent('gone.txt', folder)).rejects.toMatchObject({ kind: 'input-missing' });
    for (const content of [Buffer.alloc((4 << 20) + 1, 'a'), `${TEXT}\0`, '']) {
      await writeFile(join(folder, 'consent.txt'), content);
      await expect(loadOperatorConsent('consent.txt', folder)).rejects.toMatchObject({ kind: 'data' });
    }
    await writeFile(join(folder, 'consent.txt'), TEXT);
    expect((await loadOperatorConsent('consent.txt', folder)).manifest).toEqual(consent);
  });
});
