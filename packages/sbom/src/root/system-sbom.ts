// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { buildSbom } from '../build/build.js';
import type { SbomInput, SbomLicence, SbomPackage, SbomRelationship } from '../build/input.js';
import type { SpdxDocument } from '../spdx/document.js';
import { systemPurl } from './purl.js';
import type { OperatingSystem } from './system.js';

/** What a file of a release is. */
export type SystemArtifact = 'iso' | 'vm-image' | 'kernel' | 'initramfs' | 'rootfs' | 'efi';

/** A file of the release as it was measured. */
export interface MeasuredArtifact {
  readonly artifact: SystemArtifact;
  /** Its name in the release, without a folder. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  /** Of a kernel. */
  readonly version?: string;
  /** What was found in it, such as the version of a kernel; left out where there is nothing to say. */
  readonly comment?: string;
}

/** What an SBOM of an operating system is made from. */
export interface SystemSbomInput extends Pick<SbomInput, 'created' | 'tool'> {
  readonly artifactVersion: string;
  /** The commit that the release is of, or `unknown`. */
  readonly sourceCommit: string;
  readonly system: OperatingSystem;
  readonly artifacts: readonly MeasuredArtifact[];
}

const RELEASE = 'Package-latticra-os-image';
const SYSTEM = 'Package-operating-system';

const DESCRIPTIONS: Readonly<Record<SystemArtifact, string>> = {
  iso: 'ISO 9660 image for CD and USB',
  'vm-image': 'disk image of a virtual machine',
  kernel: 'kernel',
  initramfs: 'initramfs',
  rootfs: 'root file system',
  efi: 'unified kernel image',
};
/** Why no licence is known of a whole, and of a file that was only measured (SPDX 2.3, 7.16). */
const OF_PARTS = 'made of the packages that it contains, each of which declares its own licence';
const NOT_SAID =
  'the file does not say under which licence it is; what is known to be in it is listed as packages';

/** The artifacts that the system's files are in. */
const HOLDS_SYSTEM: readonly SystemArtifact[] = ['iso', 'vm-image', 'rootfs'];

/**
 * Makes the SPDX 2.3 document of an operating system: one package for each that its package managers installed, with
 * package URL, source package and licence; the system that contains them; and the files of the release, of which those
 * that hold the root contain the system.
 * @throws SbomError `not-conforming` as {@link buildSbom}
 */
export function systemSbom({
  system,
  artifacts,
  artifactVersion,
  sourceCommit,
  created,
  tool,
}: SystemSbomInput): SpdxDocument {
  const packages = system.packages.map((item) => systemPackage(item, system));
  const files = artifacts.map(artifactPackage);
  const release: SbomPackage = {
    id: RELEASE,
    name: 'latticra-os-image',
    version: artifactVersion,
    purpose: 'OTHER',
    licenceComment: OF_PARTS,
    purl: `pkg:generic/latticra-os-image@${encodeURIComponent(artifactVersion)}`,
    comment: `source commit, as declared: ${sourceCommit}`,
  };
  const holders = artifacts.filter(({ artifact }) => HOLDS_SYSTEM.includes(artifact));
  const contains = (from: string, to?: string): SbomRelationship => ({
    from,
    type: 'CONTAINS',
    ...(to !== undefined && { to }),
  });
  return buildSbom({
    name: `latticra-os-image-${artifactVersion}`,
    created,
    tool,
    describes: [RELEASE],
    packages: [release, ...files, operatingSystem(system), ...packages],
    licences: distinctLicences(system),
    relationships: [
      contains(RELEASE, SYSTEM),
      ...files.map(({ id }) => contains(RELEASE, id)),
      ...holders.map(({ artifact }) => contains(artifactId(artifact), SYSTEM)),
      ...packages.map(({ id }) => contains(SYSTEM, id)),
      // That what is listed may not be all (SPDX 2.3, 11.1): nobody knows what is in a database that nobody read.
      ...(isWhole(system) ? [] : [contains(SYSTEM)]),
    ],
  });
}

/** Returns whether every package database of a system that was found was read, and one had a package: images are made small by emptying them. */
const isWhole = ({ packages, unread }: OperatingSystem) => packages.length > 0 && unread.length === 0;

function operatingSystem({ release, databases, missing, unread, packages }: OperatingSystem): SbomPackage {
  const version = release?.versionId ?? release?.buildId;
  const known =
    databases.length > 0
      ? `${packages.length} packages, from ${databases.slice(0, 20).join(', ')}`
      : `no package database was found that is read here; looked for ${missing.join(', ')}`;
  const others = unread.map(({ manager, path }) => `not read: ${path}, the database of ${manager}`);
  const name =
    release === undefined
      ? 'no etc/os-release and no usr/lib/os-release was found'
      : `named by ${release.path}`;
  return {
    id: SYSTEM,
    name: release?.name ?? 'linux',
    ...(version !== undefined && { version }),
    purpose: 'OPERATING_SYSTEM',
    licenceComment: OF_PARTS,
    comment: [known, ...others, name].join('; '),
  };
}

function systemPackage(item: OperatingSystem['packages'][number], { release }: OperatingSystem): SbomPackage {
  const { manager, name, version, architecture, source, maintainer, homepage, note, database, declared } =
    item;
  const id = createHash('sha256')
    .update(`${manager} ${name} ${architecture} ${version}`)
    .digest('hex')
    .slice(0, 16);
  const built = `built from source package ${source.name} ${source.version}`;
  const remarks = [
    ...(maintainer === undefined ? [] : [`maintainer, as recorded: ${maintainer}`]),
    ...(note === undefined ? [] : [note]),
  ];
  return {
    id: `Package-${manager}-${name.replace(/[^A-Za-z0-9.-]+/g, '-')}-${id}`,
    name,
    version,
    ...(homepage !== undefined && { homepage }),
    ...(declared.expression !== undefined && { declaredLicence: declared.expression }),
    licenceComment: declared.comment,
    sourceInfo: `recorded by ${manager} in ${database}; ${built}`,
    purl: systemPurl(item, release ?? { id: 'linux', versionId: undefined, buildId: undefined }),
    ...(remarks.length > 0 && { comment: remarks.join('; ') }),
  };
}

const artifactId = (artifact: SystemArtifact) => `Image-${artifact}`;

/** Lists a file of the release as a package of one file, the way scanners of images do. */
export function artifactPackage({
  artifact,
  name,
  size,
  sha256,
  version,
  comment,
}: MeasuredArtifact): SbomPackage {
  const description = `${DESCRIPTIONS[artifact]}; ${size} bytes`;
  return {
    id: artifactId(artifact),
    name,
    fileName: name,
    ...(version !== undefined && { version }),
    purpose: 'FILE',
    licenceComment: NOT_SAID,
    sha256,
    comment: comment === undefined ? description : `${description}; ${comment}`,
  };
}

function distinctLicences({ packages }: OperatingSystem): SbomLicence[] {
  const texts = packages.flatMap(({ declared }) => declared.texts);
  const byId = new Map(texts.map((text) => [text.id, text]));
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
