// SPDX-License-Identifier: Apache-2.0
#include "modules.h"

#include "config.h"
#include "text.h"

void load_modules(void) {
  for (const char *value = next_value(0, "module"); value != 0; value = next_value(value, "module")) {
    char name[256];
    if (!copy_value(value, name, sizeof name)) {
      fail("the name of a module is empty or too long", "", 0);
      continue;
    }
    struct text path;
    clear(&path);
    add(&path, "/latticra/modules/");
    add(&path, name);
    long file = open_file(path.bytes, O_RDONLY);
    if (file < 0) {
      fail("cannot open the module ", name, file);
      continue;
    }
    long loaded = call(SYS_FINIT_MODULE, file, (long)"", 0, 0, 0);
    // It may be built in, or be here already: both are EEXIST.
    if (loaded < 0 && loaded != -EEXIST) fail("the kernel does not load the module ", name, loaded);
    close_file(file);
  }
}
