/* embed_book DIRECTORY OUTPUT.c - compiles the tariffs of a directory into C. */
#include <stdio.h>

#include "tradecost/tariffs.h"

static void print(void *context, const char *file, const tc_error *problem, const char *hint)
{
    (void)context;
    fprintf(stderr, "%s:%u:%u: %s%s%s\n", file, problem->line, problem->column, problem->message, *hint ? "\n    hint: " : "", hint);
}

int main(int count, char **arguments)
{
    tc_book *book = NULL;
    if (count != 3) return fputs("usage: embed_book DIRECTORY OUTPUT.c\n", stderr), 2;
    if (tc_tariffs_check(&book, NULL, arguments[1], print, NULL) != TC_OK) return 3;
    tc_status status = tc_book_write_c(book, arguments[2]);
    tc_book_free(book);
    return status == TC_OK ? 0 : 4;
}
