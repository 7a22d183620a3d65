// SPDX-License-Identifier: Apache-2.0
import { SEED_BUILD_ID_PREFIX } from '@latticra/boot-seed';
import { Failure } from '@latticra/failure';
import {
  type BootExpectation,
  bootVerdict,
  NOTHING_EXPECTED,
  seedExpectation,
  systemExpectation,
} from '@latticra/vm-run';
import { type DocumentFile, isDocument } from '../read/content.js';
import { digestOf, lineIn, lineOf, sectionOf } from '../read/document.js';
import type { Evidence } from '../read/evidence.js';
import { SEED_BUILD } from '../read/titles.js';
import type { LogView } from './log.js';
import type { State } from './model.js';

/** What the report of a boot comes to when its log is judged again. */
export interface SmokeCheck {
  readonly state: State;
  readonly word: string;
  readonly reason: string | undefined;
}

/** Judges the log of a report again, by the judge that every boot has: the report's own word counts for nothing. */
export function checkSmoke(evidence: Evidence, file: DocumentFile, { isNamed, serial }: LogView): SmokeCheck {
  if (isNamed === undefined) return unknown('its log is not in this folder');
  if (!isNamed) return broken('its log is not the one that it names');
  if (serial === undefined) return unknown('its log is too large to be read');
  const expectation = expectationOf(evidence, file);
  if (expectation === undefined) return unknown('it does not say what was expected');
  const firmware = lineOf(file, 'firmware') === 'uefi' ? 'uefi' : 'seabios';
  const [before, after] = ['before', 'after'].map((when) => digestOf(file, `image_sha256_${when}`));
  try {
    const verdict = bootVerdict(
      { log: serial, end: undefined, firmware, files: [{ what: 'image', before, after }] },
      expectation,
    );
    if (verdict.outcome === 'failed') return broken(`its log says otherwise: ${verdict.reason}`);
    return { state: 'good', word: 'booted', reason: undefined };
  } catch (error) {
    if (error instanceof Failure) return broken(error.message);
    throw error;
  }
}

/** What the log has to show; how the machine ended is not in the log, and stays the report's word. */
function expectationOf({ files }: Evidence, file: DocumentFile): BootExpectation | undefined {
  const sentinel = lineOf(file, 'boot_seed_serial_sentinel');
  if (sentinel !== undefined) {
    const builds = files.filter((other) => isDocument(other, SEED_BUILD)) as DocumentFile[];
    const buildId = builds.map((build) => lineOf(build, 'boot_seed_build_id')).find((id) => id !== undefined);
    return buildId === undefined
      ? undefined
      : seedExpectation({ sentinel, buildIdPrefix: SEED_BUILD_ID_PREFIX, buildId, exitCode: 'unrecorded' });
  }
  const expected = sectionOf(file, 'expected');
  if (expected.length === 0) return undefined;
  const all = (name: string) =>
    expected.filter(({ key }) => key.startsWith(`${name}_`)).map(({ value }) => value);
  const system = systemExpectation({
    ...NOTHING_EXPECTED,
    lines: all('expected_line'),
    contains: all('expected_text'),
    patterns: all('expected_pattern'),
    prompt: lineIn(file, 'expected', 'expected_prompt'),
    buildId: lineIn(file, 'expected', 'expected_build_id'),
    forbid: all('forbidden_pattern'),
    forbidServices: lineIn(file, 'expected', 'forbid_services') === '1',
  });
  return { ...system, end: undefined };
}

const unknown = (reason: string): SmokeCheck => ({ state: 'unknown', word: 'unknown', reason });
const broken = (reason: string): SmokeCheck => ({ state: 'bad', word: 'broken', reason });
