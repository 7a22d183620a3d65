// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import {
  copyAndUse,
  type FilePlace,
  type KeptMeasurements,
  type MeasureOptions,
  withFolderBeside,
  withKeptMeasurements,
  withStableFile,
} from '@latticra/held-files';
import { type InspectedFile, type InspectInput, inspectFile, inspectOpen } from '@latticra/manifest';

/** Images that were copied, measured and looked into in one pass, before there is a bundle for them: each of them and its copy is held open since. */
export interface TakenImages {
  /** Measures an image and looks into it, and copies it in the same pass, as what is staged later will want it. */
  readonly take: InspectInput;
  /** What the images and their copies measured. */
  readonly kept: KeptMeasurements;
  /**
   * Gives the copy of an image a name in a folder that is being staged.
   * @param file the image; it has to be what was copied, as what it is held by tells
   * @returns undefined where it is not, or was not taken, or not summed by what is asked for: then nothing was done
   * @throws HeldFileError as opening the image, and as writing to `to`
   */
  give(file: FilePlace, to: string, options?: MeasureOptions): Promise<InspectedFile | undefined>;
}

/**
 * Lets `use` take images for a bundle: `stageOperatorBundle` is then given them, and reads none of them again. What was not given by then is removed.
 * Where no folder may be made beside `folder`, or that is another disk, images are measured alone, and copied when they are staged.
 * @param folder beside which they lie meanwhile: that of the bundle, or one that it will lie in
 * @param onLeft is told where they lay, where that cannot be removed
 * @throws HeldFileError `cannot-create`, `io` where a folder cannot be made there; and what `use` throws
 *
 * @example
 * import { stageOperatorBundle, withTakenImages } from '@latticra/operator-bundle';
 *
 * await withTakenImages('release', async (taken) => {
 *   const { measurement } = await taken.take('os.iso');
 *   console.log(measurement.sha256);
 *   await stageOperatorBundle({ artifactManifestPath: 'manifest.txt', outputDir: 'release/bundle' }, { taken });
 * });
 */
export function withTakenImages<T>(
  folder: string,
  use: (taken: TakenImages) => Promise<T>,
  onLeft?: (folder: string) => void,
): Promise<T> {
  return withFolderBeside(
    folder,
    (beside) =>
      withKeptMeasurements((kept) => use(beside === undefined ? { ...NONE, kept } : takeInto(beside, kept))),
    onLeft,
  );
}

const NONE: Omit<TakenImages, 'kept'> = { take: inspectFile, give: async () => undefined };

function takeInto(folder: string, kept: KeptMeasurements): TakenImages {
  const copies = new Map<string, InspectedFile>();
  let count = 0;
  return {
    kept,
    async take(file, options) {
      const copy = join(folder, `${++count}`);
      const found = await copyAndUse(
        file,
        copy,
        (held, measurement) => ({ measurement, inspection: inspectOpen(held) }),
        { ...options, keep: kept },
      );
      copies.set(copy, found);
      return found;
    },
    give: (file, to, options) =>
      withStableFile(file, (held) => {
        const measurement = kept.of(held, options);
        const [copy, found] = [...copies].find(([, each]) => each.measurement === measurement) ?? [];
        if (copy === undefined || found === undefined || !kept.rename(copy, to)) return undefined;
        copies.delete(copy);
        options?.onBytes?.(found.measurement.size);
        return { ...found, measurement: { ...found.measurement, path: to } };
      }),
  };
}
