// SPDX-License-Identifier: Apache-2.0
import { always, claims, section } from './part.js';

/** The claims of readiness that every record repeats, each 0 until a person has reviewed the evidence of it. */
export const readinessClaims = claims(
  'hardware_install_ready',
  'full_os_install_ready',
  'bootable_os_ready',
  'production_os_claim',
);

/** What a build did not do: the section that all records of builds end with. */
export const buildNonEffects = section('non_effects', [
  always('usb_write_executed', 0),
  always('qemu_executed', 0),
  always('network_accessed', 0),
  always('root_authority', 0),
  always('host_mutation_performed', 0),
  ...readinessClaims,
  ...claims('usb_write_execution_allowed', 'qemu_execution_allowed_by_guard'),
]);
