#include "CPostgreSQL.h"

#include <dlfcn.h>

const char *lectern_pq_load(lectern_pq_functions *functions) {
    void *library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
    if (!library) return dlerror();
#define LECTERN_PQ_FIND(name)                                                                                                \
    functions->name = (__typeof__(&name))dlsym(library, #name);                                                              \
    if (!functions->name) return "libpq has no function " #name;
    LECTERN_PQ_FUNCTIONS(LECTERN_PQ_FIND)
#undef LECTERN_PQ_FIND
    return 0;
}
