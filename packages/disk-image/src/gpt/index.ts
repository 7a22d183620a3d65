// SPDX-License-Identifier: Apache-2.0
export { createGptDisk, createGptTables } from './create.js';
export type {
  Gpt,
  GptOptions,
  GptPartition,
  GptPartitionPlan,
  GptTables,
  PlacedGptPartition,
} from './gpt.js';
export { GPT_TYPE } from './guid.js';
export { partitionSource, readGpt } from './parse.js';
export { UUID_NAMESPACE, uuidV5 } from './uuid.js';
