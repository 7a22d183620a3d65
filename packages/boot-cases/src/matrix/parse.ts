// SPDX-License-Identifier: Apache-2.0
import { isUtf8 } from 'node:buffer';
import { dirname, resolve } from 'node:path';
import { readStableFile } from '@latticra/held-files';
import { parse, TomlError } from 'smol-toml';
import * as v from 'valibot';
import { BootCaseError } from '../error.js';
import { joinExpectations } from './expectation.js';
import type { BootMatrix, MatrixImage } from './matrix.js';
import { matrixSchema } from './schema.js';

/** The largest size of a matrix, which is enough for some thousand images. */
const MAX_MATRIX_BYTES = 4 << 20;

/**
 * Reads a matrix.
 * @param text TOML
 * @param folder that the paths of images start at, absolute
 * @throws BootCaseError `bad-matrix` naming table and key, or line and column
 */
export function parseMatrix(text: string, folder: string): BootMatrix {
  const { timeout_seconds, memory_mib, expect, machines, images } = readTables(text);
  const matrix: BootMatrix = {
    timeoutMs: timeout_seconds * 1000,
    memoryMib: memory_mib,
    machines: Object.entries(machines).map(([name, machine]) => {
      if (machine.firmware === 'uefi-secure-boot' && machine.machine !== 'q35') {
        throw bad(`machines.${name}.machine: expected q35, the machine that secure boot needs`);
      }
      return { name, ...machine };
    }),
    images: Object.entries(images).map(([name, { path, format, attach, ...own }]): MatrixImage => {
      const evidence = joinExpectations(own, expect);
      if ('key' in evidence) throw bad(`images.${name}.${evidence.key}: ${evidence.reason}`);
      const doubled = attach.find((way, index) => attach.indexOf(way) !== index);
      if (doubled !== undefined) throw bad(`images.${name}.attach: ${doubled} stands there twice`);
      return {
        name,
        path: resolve(folder, path),
        format,
        attach,
        ...evidence,
        timeoutMs: (own.timeout_seconds ?? expect.timeout_seconds ?? timeout_seconds) * 1000,
        memoryMib: own.memory_mib ?? expect.memory_mib ?? memory_mib,
      };
    }),
  };
  if (matrix.machines.length === 0) throw bad('machines: expected at least one');
  if (matrix.images.length === 0) throw bad('images: expected at least one');
  return matrix;
}

/** Reads the matrix at `path`. @throws HeldFileError when it cannot be read; BootCaseError `bad-matrix` */
export async function loadMatrix(path: string): Promise<BootMatrix> {
  const { bytes } = await readStableFile(path, { maxBytes: MAX_MATRIX_BYTES });
  if (!isUtf8(bytes)) throw bad(`${path}: expected UTF-8 text`);
  try {
    return parseMatrix(new TextDecoder().decode(bytes), dirname(resolve(path)));
  } catch (cause) {
    if (cause instanceof BootCaseError) throw bad(`${path}: ${cause.message}`, cause);
    throw cause;
  }
}

function readTables(text: string): v.InferOutput<typeof matrixSchema> {
  try {
    return v.parse(matrixSchema, parse(text));
  } catch (cause) {
    if (v.isValiError(cause)) {
      const place = v.getDotPath(cause.issues[0]) ?? 'the matrix';
      throw bad(`${place}: ${messageOf(cause.issues[0])}`, cause);
    }
    if (cause instanceof TomlError) {
      const [reason = ''] = cause.message.split('\n', 1);
      throw bad(`line ${cause.line}, column ${cause.column}: ${reason}`, cause);
    }
    throw cause;
  }
}

/** Says what is wrong with a value; of a key that no table has valibot would say that it expects `never`. */
function messageOf({ type, expected, received, message }: v.BaseIssue<unknown>): string {
  if (type !== 'strict_object') return message;
  if (expected === 'never') return 'unknown key';
  return received === 'undefined' ? 'missing' : message;
}

function bad(message: string, cause?: unknown): BootCaseError {
  return new BootCaseError('bad-matrix', message, { cause, fix: 'see docs/scale.md for what a matrix says' });
}
