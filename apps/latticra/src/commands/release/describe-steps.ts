// SPDX-License-Identifier: Apache-2.0
/** The steps of a release that say what is there: inspection and SBOM. */
import { formatDocument } from '@latticra/evidence-format';
import { writeFileAtomic } from '@latticra/held-files';
import { inspectionDocument } from '@latticra/manifest';
import { formatCreated, formatSbom } from '@latticra/sbom';
import { imagesSbom, systemSbom } from '@latticra/sbom/root';
import { requireSbom } from '../../steps/sbom.js';
import { asArtifacts, describeImages, imageDigests } from './images.js';
import { RELEASE_FILE, type Release } from './release.js';
import { digestOf } from './state.js';

/** Writes what each image was found to be. */
export function inspectImages({ run, images, tool, manifestPath }: Release): Promise<void> {
  const outputs = images.map(({ role }) => `inspection-${role}.txt`);
  return run.step({
    id: 'inspection',
    name: 'inspection',
    report: outputs[0] ?? '',
    inputs: {
      ...imageDigests(images),
      ...Object.fromEntries(
        images.map(({ role, named, form }) => [`name of the ${role}`, digestOf(`${form} ${named.path}`)]),
      ),
      Latticra: digestOf(`${tool.version} ${manifestPath}`),
    },
    async work() {
      for (const [index, { inspection, named, measurement }] of images.entries()) {
        const { sha256 } = measurement;
        const document = inspectionDocument(inspection, { manifestPath, path: named.path, sha256 });
        await writeFileAtomic(run.absoluteOf(outputs[index] ?? ''), formatDocument(document));
      }
      return { value: undefined, result: describeImages(images), outputs };
    },
    kept: async () => undefined,
  });
}

/** Writes the SBOM: of the system where its root is at hand, else of the images alone. Returns its path, as the folder was named. */
export function writeSbom({ run, request, images, root, source, epoch, tool }: Release): Promise<string> {
  const { sbom } = RELEASE_FILE;
  const created = formatCreated(epoch);
  const artifacts = asArtifacts(images);
  const { release } = request.flags;
  return run.step({
    id: 'sbom',
    name: 'SBOM',
    report: sbom,
    inputs: {
      ...imageDigests(images),
      ...(root && { 'the root': root.artifact.sha256 }),
      'names and labels': digestOf(
        JSON.stringify([release, source.sourceCommit, created, artifacts, root?.artifact.name]),
      ),
      Latticra: digestOf(tool.version),
    },
    async work() {
      const common = { artifactVersion: release, sourceCommit: source.sourceCommit, created, tool };
      const document =
        root === undefined
          ? imagesSbom({ ...common, artifacts })
          : systemSbom({ ...common, system: root.system, artifacts: [...artifacts, root.artifact] });
      await writeFileAtomic(run.absoluteOf(sbom), formatSbom(document));
      const { packages } = await requireSbom(run.absoluteOf(sbom));
      const what = root === undefined ? 'the images alone: no root was named' : `${packages} packages`;
      return { value: run.at(sbom), result: `SPDX 2.3, ${what}`, outputs: [sbom] };
    },
    async kept() {
      await requireSbom(run.absoluteOf(sbom));
      return run.at(sbom);
    },
  });
}
