/* Any bytes as bars: every row comes or is refused with its line, and each estimator answers with a spread or says why not. */
#define _GNU_SOURCE
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "io/ohlc.h"

static void refuse(void *lines, tc_status status, const tc_error *error)
{
    if (status == TC_OK || error->status != status || error->line <= *(uint32_t *)lines) abort();
    *(uint32_t *)lines = error->line;
}

static void estimate(const tc_ohlc_file *file, tc_spread_estimator estimator)
{
    tc_spread_estimate single;
    tc_error error;
    size_t count = file->bars.count;
    double *rolling = malloc((count + 1) * sizeof *rolling);
    tc_status status = tc_spread_of(&single, &error, estimator, &file->bars, true);
    if (status == TC_BAD_MARKET || (status == TC_OK && !isfinite(single.spread))) abort(); /* the reader lets no such price through */
    tc_status rolled = rolling ? tc_spread_rolling(rolling, &error, estimator, &file->bars, count, true) : TC_NO_MEMORY;
    if (rolled == TC_OK && isnan(rolling[count - 1]) != (status != TC_OK)) abort();
    if (rolled == TC_OK && status == TC_OK && rolling[count - 1] != single.spread) abort();
    free(rolling);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char path[32];
    tc_ohlc_file file;
    uint32_t line = 0;
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    if (fd < 0 || write(fd, bytes, size) != (ssize_t)size) abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (tc_ohlc_read(&file, NULL, path, true, refuse, &line) == TC_OK) {
        size_t texts = 0;
        for (size_t i = 0; i < file.bars.count; i++) texts += tc_ohlc_time(&file, i).size;
        if (texts > size) abort();
        for (int e = 0; e < TC_SPREAD_ESTIMATOR_COUNT; e++) estimate(&file, (tc_spread_estimator)e);
        tc_ohlc_free(&file);
    }
    close(fd);
    return 0;
}
