// SPDX-License-Identifier: Apache-2.0
import biosLoader from '../../boot/prebuilt/bios-loader.bin';
import masterBoot from '../../boot/prebuilt/master-boot.bin';

/** The machine code of a start by BIOS as it is assembled: every slot in it is still empty. */
export const BIOS_PARTS = { masterBoot, biosLoader } as const;
