/* Any bytes as a tariff file, alone and on top of the shipped book: it is refused at a place of the file, or is a book that
 * answers. Hostile YAML must cost neither memory nor time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tradecost/tariffs.h"

static unsigned problems;

static void hear(void *context, const char *file, const tc_error *problem, const char *hint)
{
    (void)context;
    problems++;
    if (!file || !hint || problem->status == TC_OK || !*problem->message || strlen(problem->message) >= sizeof problem->message) abort();
}

static void load(const tc_book *base, const char *directory)
{
    tc_book *book = NULL;
    problems = 0;
    tc_status status = tc_tariffs_check(&book, base, directory, hear, NULL);
    if ((status == TC_OK) != (book != NULL) || (status == TC_OK) != !problems) abort();
    for (size_t rule = 0; book && rule < tc_book_rule_count(book); rule++) {
        tc_rule_info info = tc_book_rule(book, rule);
        if (!info.id || !info.formula || !info.kind || info.from.day >= info.until.day) abort();
    }
    tc_book_free(book);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static char directory[] = "/tmp/tc-fuzz-tariff-XXXXXX", path[64];
    static unsigned long runs;
    if (!*path) {
        if (!mkdtemp(directory)) abort();
        snprintf(path, sizeof path, "%s/fuzz.yaml", directory);
    }
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file)) abort();
    load(NULL, directory);
    if (runs++ % 16 == 0) load(tc_book_builtin(), directory); /* compiling all of it takes a while */
    return 0;
}
