#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
import { runProgram } from '@latticra/lane';
import { serveHelper } from '@latticra/seal-integrity';
import { createProgram } from './program.js';

// The second thread of a run starts here as well.
if (!serveHelper()) runProgram(createProgram(process.argv[1])).then((status) => process.exit(status));
