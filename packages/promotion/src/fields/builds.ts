// SPDX-License-Identifier: Apache-2.0
import { NONE, UNKNOWN } from '@latticra/evidence-format/define';
import { NAMESPACES } from '@latticra/signature';
import { buildCommand, repeatedBuild, validateBuild } from '../next/build.js';
import { type NextCommand, PLACEHOLDERS } from '../next/command.js';
import { manifestCommand } from '../next/manifest.js';
import { signCommand } from '../next/sign.js';
import type { Build } from '../release/build.js';
import { isFilled } from '../transcript/scalars.js';
import type { Context } from './context.js';
import { missing, type Outcome, shown } from './outcome.js';

const NO_BUILD = 'a build record of these images that holds';

/** Says whether the builds name one tag, and the tag stands for the commit that they name. */
export function sourceTag(context: Context): Outcome {
  const { evidence, builds, attested, subject, signers, tag } = context;
  // A pinned builder answers by its key, as a producer does by the signature beside a record.
  const [first, ...others] = [...builds, ...attested];
  if (first === undefined) return missing(NO_BUILD, buildCommand(evidence, subject));
  const { sourceTag: name, sourceCommit, sourceTagObject } = first.source;
  const tagging: NextCommand = {
    words: ['git', 'tag', '-a', subject.version, '-m', `release ${subject.version}`],
  };
  if (name === NONE) return missing('a tag: the build was made from none', tagging);
  if (subject.tag !== name)
    return missing(`one tag: the manifest says ${subject.tag}, the build ${name}`, manifestCommand(context));
  const other = others.find(
    ({ source }) => source.sourceTag !== name || source.sourceCommit !== sourceCommit,
  );
  if (other !== undefined)
    return missing(
      `one source: ${first.piece.path} and ${other.piece.path} name different ones`,
      validateBuild(other),
    );
  if (sourceCommit === UNKNOWN) {
    const from = { '--source-commit': undefined, '--source-tag': name };
    const [build] = builds;
    return missing(
      'the commit that the tag stands for',
      build === undefined ? buildCommand(evidence, subject) : repeatedBuild(evidence, build, from),
    );
  }
  if (typeof tag === 'object') return missing(`a tag that stands where it stood: ${tag.problem}`, tagging);
  if (tag === 'verified') return shown(first.piece);
  // Where the repository is not at hand, whoever built it answers for what it said then.
  const isAnswered =
    attested.length > 0 || builds.some(({ piece }) => signers.of(piece, NAMESPACES.build).by !== undefined);
  if (sourceTagObject !== UNKNOWN && isAnswered) return shown(first.piece);
  return missing(`a repository that has the tag ${name}`, { words: ['git', 'fetch', '--tags'] });
}

/** Says whether a build record, or the provenance of a pinned builder, tells where it was built. */
export function buildEnvironment({ evidence, subject, builds, attested }: Context): Outcome {
  const told = [...builds, ...attested];
  if (told.length === 0) return missing(NO_BUILD, buildCommand(evidence, subject));
  const said = told.find(({ environment }) => isFilled(environment));
  if (said !== undefined) return shown(said.piece);
  const [build] = builds;
  return missing(
    'a build environment that says something',
    build === undefined
      ? buildCommand(evidence, subject)
      : repeatedBuild(evidence, build, { '--build-environment': PLACEHOLDERS.environment }),
  );
}

/** Says whether the command of a build record was found to make the ISO, or a pinned builder says with which it was made. */
export function isoCommand(context: Context): Outcome {
  const { attested, subject } = context;
  const { iso } = subject;
  if (iso === undefined) return missing('an ISO in the manifest', withAllImages(context));
  const outcome = byBuild(
    context,
    (build) => build.iso === iso,
    'a build record whose command makes this ISO',
  );
  return outcome.evidence === undefined ? (byBuilder(attested, iso) ?? outcome) : outcome;
}

/** Says the same of the VM image. */
export function vmImageCommand(context: Context): Outcome {
  const { attested, subject } = context;
  const { vmImage } = subject;
  if (vmImage === undefined) return missing('a VM image in the manifest', withAllImages(context));
  const outcome = byBuild(
    context,
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
export const bootloader = (context: Context) => byBuild(context, () => true, NO_BUILD);

/** Says whether the kernel was found in the images as a build record has it. */
export const kernel = (context: Context) => byBuild(context, () => true, NO_BUILD);

/** Says whether the initramfs was found in the images as a build record has it. */
export function initramfs(context: Context): Outcome {
  const isSeed = context.builds.some(({ system }) => system === 'boot-seed');
  return byBuild(
    context,
    (build) => build.initramfs !== undefined,
    isSeed ? 'an initramfs: the boot seed has none' : NO_BUILD,
  );
}

function byBuild(
  { evidence, subject, builds }: Context,
  holds: (build: Build) => boolean,
  what: string,
): Outcome {
  const build = builds.find(holds);
  return build === undefined ? missing(what, buildCommand(evidence, subject)) : shown(build.piece);
}

/** Returns the command that makes a release again, with both its images. */
function withAllImages({ evidence, subject, builds }: Context): NextCommand {
  const build = builds.find(({ system }) => system === 'linux');
  return build === undefined
    ? buildCommand(evidence, subject)
    : repeatedBuild(evidence, build, { '--formats': 'iso,qcow2' });
}

/** Says whether each image came out of two builds, in different folders or environments, that are signed by who made them. */
export function reproducibility(context: Context): Outcome {
  const { evidence, builds, subject, signers } = context;
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
      const what = `a second build, elsewhere, of the image ${image}`;
      const bad = of.find((build) => !signed.includes(build));
      if (of.length >= 2 && unsigned !== undefined && bad !== undefined)
        return missing(
          `two build records that are signed: ${unsigned}`,
          signCommand(bad.piece, NAMESPACES.build, signers),
        );
      const [build] = of;
      return missing(
        what,
        build === undefined ? buildCommand(evidence, subject) : repeatedBuild(evidence, build),
      );
    }
    cited.set(first.piece.path, first).set(second.piece.path, second);
  }
  const [first, ...others] = [...cited.values()].map(({ piece }) => piece);
  return first === undefined
    ? missing('an image in the manifest', manifestCommand(context))
    : shown(first, ...others);
}
