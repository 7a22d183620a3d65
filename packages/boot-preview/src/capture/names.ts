// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path';
import type { ProfileName } from '../profile.js';

/** Returns the paths of what a capture writes, from its output folder on; vm-run names the logs. */
export function captureNames(profile: ProfileName) {
  const at = (name: string) => posix.join(profile, name);
  return {
    record: `${profile}-evidence.txt`,
    signature: `${profile}-evidence.txt.sig`,
    folder: profile,
    /** The folder of the boot artifact manifest and all that it names. */
    imageFolder: at('image'),
    preflight: at('preflight.txt'),
    fixture: at('seabios-grub-boot-preview.toml'),
    consent: at('operator-consent.txt'),
    console: at('operator-console-boot.txt'),
    serialLog: at('serial.log'),
    qemuLog: at('qemu.log'),
    argvRecord: at('qemu-argv.txt'),
    screenshot: at('screenshot.png'),
    /** The folder of a second boot, where the screenshot needs one. */
    screenFolder: at('screen'),
    screenSerialLog: at('screen/serial.log'),
    screenArgvRecord: at('screen/qemu-argv.txt'),
    secondScreenshot: at('screen/screenshot.png'),
  } as const;
}
