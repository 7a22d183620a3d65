#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
require('../dist/main.cjs')
  .runGuard('test-latticra-os-image-artifact-manifest-from-files')
  .then((status) => process.exit(status));
