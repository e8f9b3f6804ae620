#include "levels.h"

#include <sys/mman.h>

void *vk_allocate_pages(size_t bytes) {
    void *const pages = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
    return pages == MAP_FAILED ? NULL : pages;
}

void vk_free_pages(void *pages, size_t bytes) { munmap(pages, bytes); }
