// SPDX-License-Identifier: Apache-2.0
#ifndef MODULES_H
#define MODULES_H

// Loads the kernel's modules that the configuration lists, in its order, from /latticra/modules. A module that cannot be
// loaded is said; what needs it will fail, and says so too.
void load_modules(void);

#endif
