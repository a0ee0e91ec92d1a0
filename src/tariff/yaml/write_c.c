/* The shipped book as C: one array of words and a book that points into it, so
 * that opening it costs nothing and the bytes stay in read-only memory. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tariff/compile.h"
#include "tradecost/tariffs.h"

static void write_words(FILE *out, const char *name, const void *data, size_t size)
{
    const unsigned char *bytes = data;
    fprintf(out, "static const uint64_t %s_words[] = {", name);
    for (size_t i = 0; i < size || i == 0; i += 8) {
        uint64_t word = 0;
        memcpy(&word, bytes + i, size - i < 8 ? size - i : 8);
        fprintf(out, i % 64 ? "0x%llx," : "\n0x%llx,", (unsigned long long)word);
    }
    fprintf(out, "};\n");
}

/* Where its rules were written means nothing to who has only the library. */
static void forget_places(tc_book *book)
{
    for (uint32_t i = 0; i < book->rules.count; i++) book->rules.data[i].file = book->rules.data[i].source_line = 0;
}

tc_status tc_book_write_c(const tc_book *source, const char *path)
{
    tc_book *book = tc_book_copy(source);
    FILE *out = book ? fopen(path, "w") : NULL;
    if (!out) {
        tc_book_free(book);
        return book ? TC_IO : TC_NO_MEMORY;
    }
    forget_places(book);
    fprintf(out, "/* Generated from tariffs/ by the build: do not edit. */\n#include \"tariff/layout.h\"\n");
#define AS_WORDS(type, name) write_words(out, #name, book->name.data, book->name.count * sizeof(type));
    BOOK_ARRAYS(AS_WORDS)
    fprintf(out, "const tc_book tc_shipped_book = {\n");
#define AS_POINTER(type, name) \
    fprintf(out, ".%s = {(void *)(uintptr_t)%s_words, %u, %u},\n", #name, #name, book->name.count, book->name.count);
    BOOK_ARRAYS(AS_POINTER)
    fprintf(out, ".first_day = %d, .review_by = %d, .digest = \"%s\"};\n", book->first_day, book->review_by, book->digest);
    tc_book_free(book);
    return fclose(out) ? TC_IO : TC_OK;
}
