// SPDX-License-Identifier: Apache-2.0
import { acceptsMeasured, BOOT_PREVIEW_LANE, BOOT_PREVIEW_PROFILES, sectionValues } from '../boot-preview.js';
import { type Answer, expectFields } from '../drive.js';
import { GuardFailure } from '../error.js';
import type { Guard } from '../guard.js';

const LANE = BOOT_PREVIEW_LANE.argvTemplate;
const OVMF = {
  ovmf_code_path: '<ovmf-code-path>',
  ovmf_vars_template_path: '<ovmf-vars-template-path>',
  ovmf_vars_ephemeral_copy_path: '<ovmf-vars-ephemeral-copy-path>',
};

/** Returns the words `future_arg_00`, `future_arg_01` and so on, none of which may be left out. */
function futureArguments(answer: Answer, profile: string): readonly string[] {
  const values = sectionValues(answer, `profile:${profile}`);
  const keys = [...values.keys()].filter((key) => key.startsWith('future_arg_'));
  return keys.map((key, index) => {
    const expected = `future_arg_${String(index).padStart(2, '0')}`;
    if (key !== expected) throw new GuardFailure(`${LANE}: ${profile}: expected ${expected}, found ${key}`);
    return values.get(key) ?? '';
  });
}

export const bootPreviewArgvTemplate: Guard = {
  name: 'seabios_grub_boot_preview_qemu_argv_template',
  summary: 'each profile has a whole argv that protects image and firmware, and none is run',
  async check(drive) {
    const answer = await acceptsMeasured(drive, LANE);
    expectFields(answer, {
      seabios_grub_boot_preview_qemu_argv_template_present: 1,
      qemu_argv_template_mode: 'no-effect-template',
      qemu_argv_template_decision: 'blocked-template-only-no-qemu-execution',
      qemu_argv_record_ready: 0,
      qemu_run_performed: 0,
      qemu_boot_execution_attempted: 0,
    });
    sectionValues(answer, 'required_future_inputs');
    for (const [profile, { target_firmware: firmware, qemu_machine: machine }] of Object.entries(
      BOOT_PREVIEW_PROFILES,
    )) {
      const argv = futureArguments(answer, profile);
      const line = argv.join(' ');
      const needs = (part: string) => {
        if (!line.includes(part)) throw new GuardFailure(`${LANE}: ${profile}: expected ${part} in ${line}`);
      };
      if (argv[0] !== 'qemu-system-x86_64') throw new GuardFailure(`${LANE}: ${profile}: runs ${argv[0]}`);
      needs(`-machine ${machine === 'q35' ? 'q35' : 'pc'},`);
      for (const part of [
        '-nodefaults',
        '-nic none',
        '-no-reboot',
        'readonly=on',
        '<disk-image-path>',
        '<serial-log-path>',
      ]) {
        needs(part);
      }
      if (firmware === 'seabios') continue;
      expectFields({ ...answer, values: sectionValues(answer, `profile:${profile}`) }, OVMF);
      needs(OVMF.ovmf_code_path);
      needs(OVMF.ovmf_vars_ephemeral_copy_path);
      if (line.includes(OVMF.ovmf_vars_template_path)) {
        throw new GuardFailure(`${LANE}: ${profile}: QEMU would write to the variable template: ${line}`);
      }
    }
    await drive.refuses(LANE, ['--run'], 64, /unknown flag --run/);
  },
};
