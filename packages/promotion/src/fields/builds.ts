// SPDX-License-Identifier: Apache-2.0
import { NONE, UNKNOWN } from '@latticra/evidence-format/define';
import { NAMESPACES } from '@latticra/signature';
import type { Build } from '../release/build.js';
import { isFilled } from '../transcript/scalars.js';
import type { Context } from './context.js';
import { missing, type Outcome, shown } from './outcome.js';

const BUILD = ['latticra-os-image-build', '--help'];
const VALIDATE = ['latticra-os-image-build-validate', '--build-record', 'os-image-build.txt'];
const NO_BUILD = 'a build record of these images that holds';

/** Says whether the builds name one tag, and the tag stands for the commit that they name. */
export function sourceTag({ builds, attested, subject, signers, tag }: Context): Outcome {
  // A pinned builder answers by its key, as a producer does by the signature beside a record.
  const [first, ...others] = [...builds, ...attested];
  if (first === undefined) return missing(NO_BUILD, BUILD);
  const { sourceTag: name, sourceCommit, sourceTagObject } = first.source;
  const tagging = ['git', 'tag', '-s', subject.version, '-m', `release ${subject.version}`];
  if (name === NONE) return missing('a tag: the build was made from none', tagging);
  if (subject.tag !== name)
    return missing(`one tag: the manifest says ${subject.tag}, the build ${name}`, VALIDATE);
  const other = others.find(
    ({ source }) => source.sourceTag !== name || source.sourceCommit !== sourceCommit,
  );
  if (other !== undefined)
    return missing(`one source: ${first.piece.path} and ${other.piece.path} name different ones`, VALIDATE);
  if (sourceCommit === UNKNOWN)
    return missing('the commit that the tag stands for', ['git', 'rev-parse', 'HEAD']);
  if (typeof tag === 'object') return missing(`a tag that stands where it stood: ${tag.problem}`, tagging);
  if (tag === 'verified') return shown(first.piece);
  // Where the repository is not at hand, whoever built it answers for what it said then.
  const isAnswered =
    attested.length > 0 || builds.some(({ piece }) => signers.of(piece, NAMESPACES.build).by !== undefined);
  if (sourceTagObject !== UNKNOWN && isAnswered) return shown(first.piece);
  return missing(`a repository that has the tag ${name}`, ['git', 'fetch', '--tags']);
}

/** Says whether a build record, or the provenance of a pinned builder, tells where it was built. */
export function buildEnvironment({ builds, attested }: Context): Outcome {
  const told = [...builds, ...attested];
  if (told.length === 0) return missing(NO_BUILD, BUILD);
  const build = told.find(({ environment }) => isFilled(environment));
  return build === undefined ? missing('a build environment that says something', BUILD) : shown(build.piece);
}

/** Says whether the command of a build record was found to make the ISO, or a pinned builder says with which it was made. */
export function isoCommand({ builds, attested, subject: { iso } }: Context): Outcome {
  if (iso === undefined) return missing('an ISO in the manifest', BUILD);
  const outcome = byBuild(
    builds,
    (build) => build.iso === iso,
    'a build record whose command makes this ISO',
  );
  return outcome.evidence === undefined ? (byBuilder(attested, iso) ?? outcome) : outcome;
}

/** Says the same of the VM image. */
export function vmImageCommand({ builds, attested, subject: { vmImage } }: Context): Outcome {
  if (vmImage === undefined) return missing('a VM image in the manifest', BUILD);
  const outcome = byBuild(
    builds,
    ({ vmImages }) => vmImages.includes(vmImage),
    'a build record whose command makes this VM image',
  );
  return outcome.evidence === undefined ? (byBuilder(attested, vmImage) ?? outcome) : outcome;
}

/** Returns the provenance of an image that says a command; undefined where none does. */
function byBuilder(attested: Context['attested'], image: string): Outcome | undefined {
  const found = attested.find(({ subjects, command }) => subjects.includes(image) && isFilled(command));
  return found && shown(found.piece);
}

/** Says whether boot loaders and their configuration were found in the images as a build record has them. */
export const bootloader = ({ builds }: Context) => byBuild(builds, () => true, NO_BUILD);

/** Says whether the kernel was found in the images as a build record has it. */
export const kernel = ({ builds }: Context) => byBuild(builds, () => true, NO_BUILD);

/** Says whether the initramfs was found in the images as a build record has it. */
export function initramfs({ builds }: Context): Outcome {
  const isSeed = builds.some(({ system }) => system === 'boot-seed');
  return byBuild(
    builds,
    (build) => build.initramfs !== undefined,
    isSeed ? 'an initramfs: the boot seed has none' : NO_BUILD,
  );
}

function byBuild(builds: readonly Build[], holds: (build: Build) => boolean, what: string): Outcome {
  const build = builds.find(holds);
  return build === undefined ? missing(what, BUILD) : shown(build.piece);
}

/** Says whether each image came out of two builds, in different folders or environments, that are signed by who made them. */
export function reproducibility({ builds, subject, signers }: Context): Outcome {
  const again = ['latticra-os-image-build', '--output-dir', 'second-build'];
  const cited = new Map<string, Build>();
  let unsigned: string | undefined;
  for (const image of subject.images) {
    const of = builds.filter(({ iso, vmImages }) => iso === image || vmImages.includes(image));
    const signed = of.filter(({ piece }) => {
      const { problem } = signers.of(piece, NAMESPACES.build);
      unsigned ??= problem;
      return problem === undefined;
    });
    const [first] = signed;
    const second = signed.find(
      (each) => each.outputDir !== first?.outputDir || each.environment !== first.environment,
    );
    if (first === undefined || second === undefined) {
      if (of.length >= 2 && unsigned !== undefined)
        return missing(`two build records that are signed: ${unsigned}`, SIGN_BUILD);
      return missing(`a second build, elsewhere, of the image ${image}`, again);
    }
    cited.set(first.piece.path, first).set(second.piece.path, second);
  }
  const [first, ...others] = [...cited.values()].map(({ piece }) => piece);
  return first === undefined ? missing('an image in the manifest', BUILD) : shown(first, ...others);
}

const SIGN_BUILD = [
  'ssh-keygen',
  '-Y',
  'sign',
  '-n',
  NAMESPACES.build,
  '-f',
  'builder-key',
  'os-image-build.txt',
];
