// SPDX-License-Identifier: Apache-2.0
import { EvidenceReportError } from '../error.js';
import { decodePng } from '../png/decode.js';
import { encodePng } from '../png/encode.js';
import type { EvidenceFile } from '../read/content.js';
import type { Evidence } from '../read/evidence.js';
import { fileAt } from './find.js';
import type { BootView, ScreenView } from './model.js';

/** The largest picture that is read, and the most base64 of all pictures together that a page carries. */
const MAX_PICTURE_BYTES = 32 << 20;
const MAX_CARRIED = 2 << 20;

/** The screens that a page carries, and the pictures that are none. */
export interface Screens {
  readonly boots: readonly BootView[];
  /** Why a picture is not shown, by the path of the file. */
  readonly damaged: ReadonlyMap<string, string>;
}

/**
 * Puts the screens into the boots: of every failure, and of one boot of each image, once each; written again from their pixels, so that
 * nothing else of the file is on the page. The others stay as their path.
 */
export function addScreens(evidence: Evidence, boots: readonly BootView[]): Screens {
  const damaged = new Map<string, string>();
  const carried = new Set<string>();
  const images = new Set<string | undefined>();
  let room = MAX_CARRIED;
  const shown = boots.map((boot) => {
    const { screen, state, imageSha256 } = boot;
    const file = screen && fileAt(evidence.files, screen.source.path);
    if (file === undefined || carried.has(file.sha256) || (state !== 'bad' && images.has(imageSha256)))
      return boot;
    if (file.size > MAX_PICTURE_BYTES || room <= 0) return boot;
    try {
      const view = screenOf(evidence, file);
      if ((view.png?.length ?? 0) > room) return boot;
      room -= view.png?.length ?? 0;
      carried.add(file.sha256);
      images.add(imageSha256);
      return { ...boot, screen: view };
    } catch (error) {
      if (!(error instanceof EvidenceReportError)) throw error;
      damaged.set(file.path, error.message);
      return { ...boot, screen: undefined };
    }
  });
  return { boots: shown, damaged };
}

function screenOf({ again }: Evidence, file: EvidenceFile): ScreenView {
  const picture = decodePng(again(file, MAX_PICTURE_BYTES));
  const { width, height } = picture;
  return { source: file, width, height, png: encodePng(picture).toString('base64') };
}
