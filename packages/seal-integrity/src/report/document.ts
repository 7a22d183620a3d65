// SPDX-License-Identifier: Apache-2.0
import {
  type EvidenceDocument,
  escapeControls,
  type Field,
  fields,
  flag,
  formatDigest,
  type Section,
} from '@latticra/evidence-format';
import { countChanges } from '../hash-list/compare.js';
import { type Findings, statusOf } from './findings.js';

/** The most bytes of a list in a document of four MiB, and of a value on a line of eight KiB. */
const LIST_BYTES = 1 << 19;
const LINE_BYTES = 8000;
/** The most characters of a value, which fit the eight KiB of a line: none takes more than six bytes, as an escape. */
const LINE_CHARACTERS = 1300;

/** Makes the report of a run. The order is part of its form: programs may count on it, as on the keys. */
export function reportDocument(findings: Findings): EvidenceDocument {
  const { changes, manifestSha256, rootDigest } = findings;
  return {
    title: 'LATTICRA SEAL REPORT',
    fields: fields({
      timestamp_utc: findings.timestamp,
      mode: findings.command === 'verify' ? 'verification' : 'report-only',
      prefix: findings.root,
      kernel: findings.kernel,
      os: findings.os,
      network_authority: 0,
      runtime_enforcement_authority: 0,
      root_authority: 0,
      manifest_present: flag(findings.isManifestPresent),
      lock_present: flag(findings.isLockPresent),
      hashes_checked: findings.hashedFiles,
      hashes_changed: changes === undefined ? 0 : countChanges(changes),
      warnings: findings.warnings.length,
      failures: findings.failures.length,
      status: statusOf(findings),
    }),
    sections: [
      { name: 'checks', fields: fields(Object.fromEntries(findings.results)) },
      { name: 'failures', fields: numbered('failure', findings.failures) },
      { name: 'warnings', fields: numbered('warning', findings.warnings) },
      {
        name: 'changes',
        fields: [
          ...numbered('added', changes?.added ?? []),
          ...numbered('modified', changes?.modified ?? []),
          ...numbered('removed', changes?.removed ?? []),
        ],
      },
      {
        name: 'digests',
        fields: fields({
          manifest_sha256: manifestSha256 === undefined ? 'none' : formatDigest(manifestSha256),
          root_digest: rootDigest === undefined ? 'none' : formatDigest(rootDigest),
          hashed_files: findings.hashedFiles,
          hash_list: findings.hashList ?? 'none',
        }),
      },
      AUTHORITY_NOT_USED,
      { name: 'modes', fields: modeFields(findings.modes) },
      {
        name: 'run',
        fields: fields({
          command: findings.command,
          path_anchoring: findings.anchoring,
          temporaries_left_out: findings.temporaries ?? UNKNOWN,
        }),
      },
    ],
  };
}

/** The number of files where nobody looked. */
const UNKNOWN = 'unknown';

/** Makes the lines of `[modes]`: how many files of each kind there are, and the first of them by name. */
function modeFields(modes: Findings['modes']): Field[] {
  const { special, writable, listed } = modes ?? { special: UNKNOWN, writable: UNKNOWN, listed: [] };
  const total = modes === undefined ? 0 : modes.special + modes.writable;
  return [
    ...fields({ special_files: special, writable_files: writable }),
    ...numbered('mode', listed, total),
  ];
}

/** The section of what Seal neither has nor asks for. */
const AUTHORITY_NOT_USED: Section = {
  name: 'authority_not_used',
  fields: fields({
    network: 'not-used',
    program_execution: 'not-used',
    runtime_enforcement: 'not-used',
    root: 'not-needed',
    signing: 'not-used',
    write_outside_project: 'not-used',
  }),
};

/** The bytes of a line besides its name and its value: an underscore, six digits, an equals sign and the line's end. */
const LINE_REST_BYTES = 9;

/**
 * Makes a line of each value, as many as there is room for, and says how many more there are.
 * @param total how many there are with those that are not among `values`
 */
function numbered(what: string, values: readonly string[], total = values.length): Field[] {
  const list: Field[] = [];
  let bytes = 0;
  for (const value of values) {
    const text = shorten(value);
    bytes += Buffer.byteLength(text) + what.length + LINE_REST_BYTES;
    if (bytes > LIST_BYTES) break;
    list.push({ key: `${what}_${String(list.length + 1).padStart(6, '0')}`, value: text });
  }
  if (list.length < total) list.push({ key: `${what}_not_listed`, value: String(total - list.length) });
  return list;
}

/** Shortens a text so that it fits a line, which nearly all do as they are. */
function shorten(text: string): string {
  const whole = escapeControls(text);
  if (Buffer.byteLength(whole) <= LINE_BYTES) return whole;
  return `${escapeControls(text.slice(0, LINE_CHARACTERS))}…`;
}
