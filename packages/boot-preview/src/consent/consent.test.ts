// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assertConsent, loadOperatorConsent } from './check.js';
import { operatorConsent } from './schema.js';

const consent = {
  operatorReviewId: 'review-7',
  profile: 'x86_64-grub2-bios-preview',
  diskImageSha256: 'a'.repeat(64),
};
const TEXT = operatorConsent.format(consent);

describe('an operator consent', () => {
  it('an operator consent is four fields that a person can write', () => {
    expect(TEXT).toBe(
      `LATTICRA OPERATOR CONSENT\noperator_review_id=review-7\nprofile=x86_64-grub2-bios-preview\n` +
        `disk_image_sha256=sha256:${'a'.repeat(64)}\nqemu_execution_consented=1\n`,
    );
  });

  it.each([
    ['a no', 'qemu_execution_consented: expected "1", found "0"', /consented=1/, 'consented=0'],
    ['another title', 'line 1: title', /^LATTICRA/, 'LATTICRA READY'],
    ['no digest', 'disk_image_sha256', /sha256:a/, 'sha256:A'],
    ['a review id with a space', 'operator_review_id: expected up to 128', /review-7/, 'review 7'],
    ['a further field', 'usb_write: expected no such key', /$/, 'usb_write=1\n'],
    ['a claim', 'bootable_os_ready: expected 0', /$/, 'bootable_os_ready=1\n'],
    ['a section', '[more]: expected no such section', /$/, '\n[more]\n'],
  ])('a consent with %s is refused', (_, message, pattern, replacement) => {
    const text = TEXT.replace(pattern, replacement);
    expect(() => operatorConsent.parse(text)).toThrow(
      expect.objectContaining({ kind: 'data', message: expect.stringContaining(message) }),
    );
  });

  it.each([
    ['operatorReviewId', 'operator_review_id'],
    ['profile', 'profile'],
    ['diskImageSha256', 'disk_image_sha256'],
  ] as const)('a consent is for no other %s', (key, field) => {
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

  it('the file of a consent has to be there, and to be a document of up to 4 MiB without NUL', async () => {
    await expect(loadOperatorConsent('gone.txt', folder)).rejects.toMatchObject({ kind: 'input-missing' });
    for (const content of [Buffer.alloc((4 << 20) + 1, 'a'), `${TEXT}\0`, '']) {
      await writeFile(join(folder, 'consent.txt'), content);
      await expect(loadOperatorConsent('consent.txt', folder)).rejects.toMatchObject({ kind: 'data' });
    }
    await writeFile(join(folder, 'consent.txt'), TEXT);
    expect((await loadOperatorConsent('consent.txt', folder)).manifest).toEqual(consent);
  });
});
