// SPDX-License-Identifier: Apache-2.0
import type { ByteSource, Layout } from '@latticra/disk-image';
import { encodeQcow2 } from '@latticra/disk-image/qcow2';
import { type BootUki, planDisk, planLinuxIso } from '@latticra/linux-image';
import type { ImageFormat } from '../record/formats.js';
import type { BuildOptions } from './options.js';

const MIB = 1 << 20;

/** Plans one image of a release. @throws LinuxImageError */
export function imageLayout(
  format: ImageFormat,
  uki: BootUki,
  root: ByteSource | undefined,
  { epoch, imageSizeMib }: Pick<BuildOptions, 'epoch' | 'imageSizeMib'>,
): Layout {
  if (format === 'iso') return planLinuxIso({ uki, root, epoch });
  const disk = planDisk({ uki, root, epoch }, imageSizeMib === undefined ? undefined : imageSizeMib * MIB);
  return format === 'qcow2' ? encodeQcow2(disk) : disk;
}
