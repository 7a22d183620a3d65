// SPDX-License-Identifier: Apache-2.0
import { type DocumentFile, type EvidenceFile, isDocument } from '../read/content.js';
import { digestOf, lineOf, numberOf } from '../read/document.js';
import { LINUX_VALIDATION, SEED_BUILD, SEED_RECORD, VALIDATION } from '../read/titles.js';
import { type Artifact, agrees } from './images.js';
import type { Fact, State } from './model.js';
import type { Release } from './release.js';
import { signatureStatusOf } from './witnesses.js';
import { grouped, plural } from './words.js';

const none = (name: string, to: string, note: string): Fact => ({
  name,
  state: 'todo',
  value: 'none here',
  note,
  to,
});

/** Makes the six values of a release: each the value itself, and never merely that it was done. */
export function findFacts(release: Release): Fact[] {
  return [
    built(release),
    booted(release),
    checked(release),
    sealed(release),
    signed(release),
    reviewed(release),
  ];
}

/** Returns whether every document that names an image names what it is. */
const isWhole = (image: Artifact) => image.statements.every((statement) => agrees(image, statement));

const SEED_IMAGES = ['boot_seed_iso_sha256', 'boot_seed_vm_qcow2_sha256'];

/** Counts the records of builds of the image that a build of the seed has; a copy is the same record. */
function recordsOf(build: DocumentFile, files: readonly EvidenceFile[]): number {
  const isOfSame = (record: DocumentFile) =>
    SEED_IMAGES.some((key) => {
      const sha256 = digestOf(record, key);
      return sha256 !== undefined && digestOf(build, key) === sha256;
    });
  const found = files.filter((file) => isDocument(file, SEED_RECORD) && isOfSame(file));
  return new Set(found.map(({ sha256 }) => sha256)).size;
}

function built({ builds, images, files }: Release): Fact {
  const name = 'Built';
  if (builds.length === 0) return none(name, 'built', 'no build record');
  const seed = builds.find((file) => isDocument(file, SEED_BUILD));
  const again = files.some(
    (file) => isDocument(file, LINUX_VALIDATION) && numberOf(file, 'inputs_rebuilt') === 1,
  );
  const matches = seed && lineOf(seed, 'boot_seed_rebuilt_from_source_matches');
  const isTorn = [...images.values()].some((image) => !isWhole(image));
  const note = isTorn
    ? 'documents name other digests'
    : again
      ? 'built again from the inputs, equal'
      : matches === '1'
        ? 'the machine code equals its sources'
        : builds.every((build) => recordsOf(build, files) > 1)
          ? 'built twice, and both records have the same digests'
          : 'not built again';
  const state: State = matches === '0' || isTorn ? 'bad' : images.size === 0 ? 'todo' : 'good';
  return { name, state, value: plural(images.size, 'image'), note, to: 'built' };
}

function booted({ boots }: Release): Fact {
  const name = 'Booted';
  if (boots.length === 0) return none(name, 'boots', 'no boot in this folder');
  const count = (state: State) => boots.filter((boot) => boot.state === state).length;
  const [good, refused, bad] = [count('good'), count('refused'), count('bad')];
  const held = good + refused;
  const parts = [
    good > 0 ? `${grouped(good)} booted` : '',
    refused > 0 ? `${grouped(refused)} refused as they must` : '',
    bad > 0 ? `${grouped(bad)} not as expected` : '',
  ];
  const state: State = bad > 0 ? 'bad' : held === boots.length ? 'good' : 'unknown';
  return {
    name,
    state,
    value: `${grouped(held)} of ${grouped(boots.length)}`,
    note: good === boots.length ? 'each judged again by its log' : parts.filter(Boolean).join(', '),
    to: 'boots',
  };
}

function checked({ files, sums, images }: Release): Fact {
  const name = 'Checked';
  const validation = files.find((file) => isDocument(file, VALIDATION));
  if (validation === undefined || !isDocument(validation))
    return none(name, 'built', 'no validation of the manifest');
  const same = sums.reduce((sum, { check }) => sum + check.same, 0);
  const isReady = numberOf(validation, 'artifact_manifest_ready_for_operator_review') === 1;
  const here = [...images.values()].filter((image) => image.file !== undefined && isWhole(image)).length;
  const isTorn = [...images.values()].some((image) => !isWhole(image));
  const note = same > 0 ? `ready for review, ${plural(same, 'checksum')} compared again` : 'ready for review';
  return {
    name,
    state: !isReady || isTorn ? 'bad' : here === images.size ? 'good' : 'unknown',
    value: `${here} of ${plural(images.size, 'image')}`,
    note: isTorn ? 'compared again, and not equal' : isReady ? note : 'not ready for review',
    to: 'built',
  };
}

function sealed({ seals }: Release): Fact {
  const name = 'Sealed';
  const [seal] = seals;
  if (seal === undefined) return none(name, 'seal', 'no Seal report');
  const bad = seals.find(({ state }) => state === 'bad') ?? seal;
  const note = `${seal.hashed === undefined ? 'unknown files' : plural(seal.hashed, 'file')}, ${plural(bad.changes.length, 'change')}`;
  return { name, state: bad.state, value: bad.status, note, to: 'seal' };
}

function signed({ witnesses, files }: Release): Fact {
  const name = 'Signed';
  const count = witnesses.filter(({ kind }) => kind === 'signature').length;
  const status = signatureStatusOf(files);
  if (count > 0)
    return {
      name,
      state: 'unknown',
      value: plural(count, 'signature'),
      note: 'not verified by this page',
      to: 'signed',
    };
  if (status === 'unsigned-local')
    return {
      name,
      state: 'unknown',
      value: 'unsigned',
      note: 'declared as local, nobody vouches',
      to: 'signed',
    };
  if (status === 'unknown') return none(name, 'signed', 'no signature');
  return { name, state: 'unknown', value: status, note: 'what the validation says', to: 'signed' };
}

function reviewed({ witnesses }: Release): Fact {
  const name = 'Reviewed';
  const reviews = witnesses.filter(({ kind }) => kind === 'review');
  if (reviews.length === 0) return none(name, 'signed', 'no review');
  const rejects = reviews.filter(({ state }) => state === 'bad').length;
  const note =
    rejects > 0
      ? `${grouped(rejects)} rejecting: a rejection outweighs`
      : 'signatures not verified by this page';
  return {
    name,
    state: rejects > 0 ? 'bad' : 'unknown',
    value: plural(reviews.length, 'review'),
    note,
    to: 'signed',
  };
}
