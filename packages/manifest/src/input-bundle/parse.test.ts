// SPDX-License-Identifier: Apache-2.0
import { EvidenceError, formatDocument } from '@latticra/evidence-format';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inputBundleDocument } from './format.js';
import { parseInputBundle } from './parse.js';
import { type InputBundleManifest, ROOTFS_FORMATS } from './schema.js';

const word = fc.stringMatching(/^[a-z0-9ü/ =.'-]{1,30}$/).filter((text) => text !== 'none');
const input = fc.record({ path: word, sha256: fc.stringMatching(/^[0-9a-f]{64}$/) });
const manifests: fc.Arbitrary<InputBundleManifest> = fc.record({
  sourceCommit: word,
  buildEnvironment: word,
  kernel: input,
  initramfs: input,
  rootfs: fc
    .tuple(input, fc.constantFrom(...ROOTFS_FORMATS))
    .map(([record, format]) => ({ ...record, format })),
  operatorRecoveryPath: fc.oneof(word, fc.constant('none')),
});

const digest = 'c'.repeat(64);
const SOUND = formatDocument(
  inputBundleDocument({
    sourceCommit: '0123abc',
    buildEnvironment: 'local-linux-x64',
    kernel: { path: '/b/kernel', sha256: digest },
    initramfs: { path: '/b/initramfs.img', sha256: digest },
    rootfs: { path: '/b/rootfs.tar', format: 'tar', sha256: digest },
    operatorRecoveryPath: 'none',
  }),
);
const LINES = SOUND.split('\n').slice(0, -1);
const KEYS = LINES.slice(1).map((line) => line.slice(0, line.indexOf('=')));
const joined = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

describe('an input bundle manifest', () => {
  it('has its 14 fields in their order', () => {
    expect(LINES).toEqual([
      'LATTICRA OS IMAGE INPUT BUNDLE MANIFEST',
      'manifest_version=1',
      'bundle_kind=os-image-build-inputs',
      'source_commit=0123abc',
      'build_environment=local-linux-x64',
      'kernel_image_input_path=/b/kernel',
      `kernel_image_input_sha256=sha256:${digest}`,
      'initramfs_input_path=/b/initramfs.img',
      `initramfs_input_sha256=sha256:${digest}`,
      'rootfs_input_path=/b/rootfs.tar',
      'rootfs_input_format=tar',
      `rootfs_input_sha256=sha256:${digest}`,
      'operator_recovery_path=none',
      'bootable_os_ready=0',
      'production_os_claim=0',
    ]);
  });

  it('is read as it was written, and written as it was read', () => {
    fc.assert(
      fc.property(manifests, (manifest) => {
        const text = formatDocument(inputBundleDocument(manifest));
        expect(parseInputBundle(text)).toEqual(manifest);
        expect(formatDocument(inputBundleDocument(parseInputBundle(Buffer.from(text))))).toBe(text);
      }),
    );
  });

  it.each(KEYS)('needs %s, once, with a value', (key) => {
    const at = KEYS.indexOf(key) + 1;
    const without = LINES.filter((_, index) => index !== at);
    expect(() => parseInputBundle(joined(without))).toThrow(EvidenceError);
    expect(() => parseInputBundle(joined([...LINES, LINES[at] ?? '']))).toThrow(/stands twice/);
    expect(() => parseInputBundle(joined([...without, `${key}=`]))).toThrow(key);
  });

  it.each([
    ['an unknown key', [...LINES, 'vm_image_path=none'], /line 16: vm_image_path: /],
    ['a section', [...LINES, '', '[more]', 'a=b'], /\[more\]: expected no sections/],
    ['another title', ['LATTICRA OS IMAGE ARTIFACT MANIFEST', ...LINES.slice(1)], /title: expected/],
  ])('refuses %s', (_, lines, reason) => {
    expect(() => parseInputBundle(joined(lines))).toThrow(reason);
  });

  it.each([
    ['manifest_version', '2'],
    ['bundle_kind', 'os-image-release'],
    ['kernel_image_input_path', 'none'],
    ['initramfs_input_path', 'none'],
    ['rootfs_input_path', 'none'],
    ['kernel_image_input_sha256', 'none'],
    ['initramfs_input_sha256', `sha256:${'C'.repeat(64)}`],
    ['rootfs_input_sha256', digest],
    ['rootfs_input_format', 'tar.xz'],
    ['bootable_os_ready', '1'],
    ['production_os_claim', 'no'],
  ])('refuses %s=%s, naming the key', (key, value) => {
    const lines = LINES.map((line) => (line.startsWith(`${key}=`) ? `${key}=${value}` : line));
    expect(() => parseInputBundle(joined(lines))).toThrow(key);
  });
});
