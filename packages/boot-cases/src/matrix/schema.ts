// SPDX-License-Identifier: Apache-2.0
import { isPlainText } from '@latticra/evidence-format';
import * as v from 'valibot';

/** The value that the first key of a matrix has to have. */
export const MATRIX_SCHEMA = 'latticra.boot-matrix/v0.1';

/** A name that becomes part of a file name and of a target's name. */
const name = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9][a-z0-9.-]{0,62}$/, 'expected lower-case letters, digits, dots and dashes'),
);
const line = v.pipe(
  v.string(),
  v.minLength(1, 'expected some text'),
  v.check(isPlainText, 'expected one line without control or invisible characters'),
);
const lines = v.pipe(v.array(line), v.minLength(1, 'expected at least one line'));
const whole = (least: number, most: number) =>
  v.pipe(
    v.number(),
    v.integer(),
    v.minValue(least, `expected at least ${least}`),
    v.maxValue(most, `expected at most ${most}`),
  );
/** An exit code that proves something: QEMU ends with 0 also when a machine merely resets. */
const exitCode = whole(1, 255);

/** One text, or several. */
const oneOrMore = v.union([line, v.pipe(v.array(line), v.minLength(1, 'expected at least one'))]);

/** What a boot has to show, and what it may take: for one image, or for all. */
const evidence = {
  lines: v.optional(lines),
  contains: v.optional(oneOrMore),
  pattern: v.optional(oneOrMore),
  prompt: v.optional(line),
  forbid: v.optional(oneOrMore),
  forbid_services: v.optional(v.boolean()),
  build_id: v.optional(line),
  exit_code: v.optional(exitCode),
  timeout_seconds: v.optional(whole(1, 3600)),
  memory_mib: v.optional(whole(16, 65536)),
};

const image = v.strictObject({
  path: line,
  format: v.picklist(['iso', 'raw', 'qcow2']),
  attach: v.pipe(v.array(v.picklist(['cdrom', 'usb', 'disk'])), v.minLength(1, 'expected at least one way')),
  ...evidence,
});

const machine = v.strictObject({
  machine: v.picklist(['pc-i440fx', 'q35']),
  firmware: v.picklist(['seabios', 'uefi', 'uefi-secure-boot']),
  expect: v.optional(v.picklist(['boot', 'refusal']), 'boot'),
});

/** The tables and keys of a matrix; nothing besides. */
export const matrixSchema = v.strictObject({
  schema: v.literal(MATRIX_SCHEMA),
  timeout_seconds: v.optional(whole(1, 3600), 60),
  memory_mib: v.optional(whole(16, 65536), 256),
  expect: v.optional(v.strictObject(evidence), {}),
  machines: v.record(name, machine),
  images: v.record(name, image),
});
