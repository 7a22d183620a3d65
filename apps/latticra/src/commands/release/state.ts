// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import {
  always,
  claims,
  convert,
  type DocumentValue,
  defineDocument,
  field,
  matching,
  numbered,
  oneOf,
  orNone,
  text,
  where,
} from '@latticra/evidence-format/define';
import type { FolderMark } from '../../steps/own-folder.js';

const TITLE = 'LATTICRA OS IMAGE RELEASE STATE';

/** By which the folder of a release is known. */
export const RELEASE_MARK: FolderMark = { maker: 'release', report: 'release.txt', title: TITLE };

/** Something that a step took or left: a file, or a value that was asked for, by its digest. */
export interface StepEntry {
  /** `sbom`, `boot:demo_cdrom_q35`. */
  readonly step: string;
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  /** Of an output its path from the folder, with slashes; of an input what it is to the step. */
  readonly name: string;
}

const entry = convert(
  matching(/[a-z][A-Za-z0-9:._-]* sha256:[0-9a-f]{64} .+/, 'a step, a digest and a name', 'entry'),
  (line): StepEntry => {
    const [step = '', digest = '', ...name] = line.split(' ');
    return { step, sha256: digest.slice('sha256:'.length), name: name.join(' ') };
  },
  ({ step, sha256, name }) => `${step} sha256:${sha256} ${name}`,
);

/** How far a release is, and what each step took and left: what a later run goes on from. It is no evidence of anything. */
export const releaseState = defineDocument(TITLE, [
  field('release_status', 'status', oneOf(['running', 'failed', 'done'])),
  field('artifact_version', 'version', text),
  field('failed_step', 'failedStep', orNone(where(text, (value) => value !== 'none', 'a step', 'step'))),
  field('failure', 'failure', orNone(where(text, (value) => value !== 'none', 'a reason', 'reason'))),
  field('command', 'command', orNone(matching(/latticra release .+/, 'a command line', 'command'))),
  ...claims('usb_write_execution_allowed', 'usb_write_executed', 'qemu_execution_allowed_by_guard'),
  ...claims('hardware_install_ready', 'full_os_install_ready', 'bootable_os_ready', 'production_os_claim'),
  always('host_mutation_performed', 0),
  numbered('inputs', 'inputs', entry, { prefix: 'input_', first: 1 }),
  numbered('outputs', 'outputs', entry, { prefix: 'output_', first: 1 }),
]);

/** What a state says. */
export type ReleaseState = DocumentValue<typeof releaseState>;

/** Returns the digest of a value that was asked for. */
export const digestOf = (value: string): string => hash('sha256', value);
