// SPDX-License-Identifier: Apache-2.0
import { EvidenceError, formatDocument } from '@latticra/evidence-format';
import { describe, expect, it } from 'vitest';
import { inputBundle } from './schema.js';

const digest = 'c'.repeat(64);
const SOUND = formatDocument(
  inputBundle.document({
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
  it('an input bundle manifest has its 14 fields in their order', () => {
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

  it.each(KEYS)('an input bundle manifest needs %s, once, with a value', (key) => {
    const at = KEYS.indexOf(key) + 1;
    const without = LINES.filter((_, index) => index !== at);
    expect(() => inputBundle.parse(joined(without))).toThrow(EvidenceError);
    expect(() => inputBundle.parse(joined([...LINES, LINES[at] ?? '']))).toThrow(/stands twice/);
    expect(() => inputBundle.parse(joined([...without, `${key}=`]))).toThrow(key);
  });

  it.each([
    ['an unknown key', [...LINES, 'vm_image_path=none'], /line 16: vm_image_path: /],
    ['a section', [...LINES, '', '[more]', 'a=b'], /\[more\]: expected no such section/],
    ['another title', ['LATTICRA OS IMAGE ARTIFACT MANIFEST', ...LINES.slice(1)], /title: expected/],
  ])('an input bundle manifest with %s is refused', (_, lines, reason) => {
    expect(() => inputBundle.parse(joined(lines))).toThrow(reason);
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
  ])('an input bundle manifest with %s=%s is refused, naming the key', (key, value) => {
    const lines = LINES.map((line) => (line.startsWith(`${key}=`) ? `${key}=${value}` : line));
    expect(() => inputBundle.parse(joined(lines))).toThrow(key);
  });
});
