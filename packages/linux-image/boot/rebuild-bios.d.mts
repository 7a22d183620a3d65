// SPDX-License-Identifier: Apache-2.0
export const COMPILER: string;
export function buildBiosParts(): Record<'master-boot.bin' | 'bios-loader.bin' | 'helper.elf', Uint8Array>;
