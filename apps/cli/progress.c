#define _POSIX_C_SOURCE 200809L
#include "progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

static struct {
    bool wanted, shown;
    int64_t next_ms;
} progress;

enum { FIRST_MS = 1000, STEP_MS = 200 };

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void progress_start(bool wanted)
{
    progress.wanted = wanted && isatty(STDERR_FILENO);
    progress.next_ms = now_ms() + FIRST_MS;
}

void progress_show(uint64_t bytes, uint64_t bytes_total, uint64_t rows)
{
    if (!progress.wanted || now_ms() < progress.next_ms) return;
    progress.next_ms = now_ms() + STEP_MS;
    progress.shown = true;
    unsigned long long count = rows;
    if (bytes_total) fprintf(stderr, "\r\033[K%3u%%  %llu rows", (unsigned)(bytes * 100 / bytes_total), count);
    else fprintf(stderr, "\r\033[K%llu rows", count);
    fflush(stderr);
}

void progress_clear(void)
{
    if (progress.shown) fputs("\r\033[K", stderr);
    progress.shown = false;
}
