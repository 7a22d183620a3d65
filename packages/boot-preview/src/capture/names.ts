// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path';
import type { ProfileName } from '../profile.js';

/** Where a capture leaves what, as paths from the output folder on. vm-run names the logs. */
export function captureNames(profile: ProfileName) {
  const at = (name: string) => posix.join(profile, name);
  return {
    record: `${profile}-evidence.txt`,
    folder: profile,
    /** Takes the boot artifact manifest and all that it names. */
    imageFolder: at('image'),
    preflight: at('preflight.txt'),
    fixture: at('seabios-grub-boot-preview.toml'),
    consent: at('operator-consent.txt'),
    console: at('operator-console-boot.txt'),
    serialLog: at('serial.log'),
    qemuLog: at('qemu.log'),
    argvRecord: at('qemu-argv.txt'),
    screenshot: at('screenshot.png'),
    /** Takes what a second boot leaves, where the screen takes one. */
    screenFolder: at('screen'),
    screenSerialLog: at('screen/serial.log'),
    screenArgvRecord: at('screen/qemu-argv.txt'),
    secondScreenshot: at('screen/screenshot.png'),
  } as const;
}
