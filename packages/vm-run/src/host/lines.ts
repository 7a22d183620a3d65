// SPDX-License-Identifier: Apache-2.0
import {
  digest,
  field,
  orWord,
  type Scalar,
  text,
  UNKNOWN,
  wholeNumber,
} from '@latticra/evidence-format/define';

const told = orWord(text, UNKNOWN);
const summed: Scalar<string> = {
  ...orWord(digest, UNKNOWN),
  // The word has no algorithm before it.
  print: (value) => (value === UNKNOWN ? UNKNOWN : digest.print(value)),
};

/** The lines of a record that say what machine QEMU ran on, as they stand in a group that may be absent. */
export const HOST_LINES = [
  field('host_kernel', 'kernel', told),
  field('host_architecture', 'architecture', told),
  field('host_cpu_model', 'cpuModel', told),
  field('host_cpu_count', 'cpuCount', wholeNumber),
  field('host_vendor', 'vendor', told),
  field('host_product', 'product', told),
  // Keyed digests: they tell two machines apart, and neither tells its id.
  field('host_machine_id_sha256', 'machineId', summed),
  field('host_boot_id_sha256', 'bootId', summed),
] as const;
