// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { type TransformOptions, type TransformResult, transform } from 'esbuild';

const made = new Map<string, Promise<TransformResult>>();

/** Has esbuild transform code, once where it is asked for the same more often: many commands are made of the same modules. */
export function transformOnce(code: string, options: TransformOptions): Promise<TransformResult> {
  const key = createHash('sha256').update(JSON.stringify(options)).update('\0').update(code).digest('base64');
  const result = made.get(key) ?? transform(code, options);
  made.set(key, result);
  return result;
}
