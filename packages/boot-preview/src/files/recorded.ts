// SPDX-License-Identifier: Apache-2.0
import { digest, field, type Scalar } from '@latticra/evidence-format/define';

/** A file that a document names, and its digest. */
export interface RecordedFile {
  /** As the document writes it, with `/` between the names. */
  readonly path: string;
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

/** Describes the lines `<key>_path` and `<key>_sha256` of the file at `place`. */
export function fileLines<const Place extends string>(key: string, place: Place, path: Scalar<string>) {
  return [
    field(`${key}_path`, `${place}.path`, path),
    field(`${key}_sha256`, `${place}.sha256`, digest),
  ] as const;
}
