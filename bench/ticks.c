/* The as-of join and mark-outs over ticks: from memory, from a csv, and as the
 * command does it. Times are those of the processor, not of the wall: a core is
 * what is measured, whatever else runs. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "analysis/tape.h"
#include "analysis/ticks.h"
#include "bench.h"

enum { QUOTES = 2000000, FILLS = 20000, LAGS = 6, RUNS = 5 };
#define OPENED INT64_C(1722915900000000) /* 2024-08-06, 09:15 in India */

static double cpu_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* A session of quotes, one every 11 milliseconds. */
static tc_quote_tick quote(int i)
{
    double bid = 2500 + (double)(i * INT64_C(7919) % 2000) / 20;
    return (tc_quote_tick){OPENED + i * INT64_C(11000), bid, bid + 0.05, 100 + i % 900, 100 + i % 700};
}

/* Every fill is looked at when it was done and five times after. */
static void ask(tc_sight *sight)
{
    static const int64_t lags[LAGS] = {0, 1, 10, 60, 300, 1800};
    for (int i = 0; i < FILLS * LAGS; i++)
        sight[i] = (tc_sight){.time = OPENED + (i / LAGS + lags[i % LAGS]) * INT64_C(1000000), .inside = i % LAGS != 0, .id = (uint32_t)i};
}

static double from_memory_ns(tc_sight *sight, const tc_quote_tick *tick)
{
    tc_tape tape;
    ask(sight);
    double start = cpu_ns();
    tc_tape_begin(&tape, sight, (size_t)FILLS * LAGS, NULL, 0);
    for (int i = 0; i < QUOTES; i++)
        if (!tc_tape_quote(&tape, &tick[i])) exit(1);
    tc_tape_end(&tape);
    return cpu_ns() - start;
}

static ptrdiff_t read_file(void *file, void *bytes, size_t size)
{
    return read(*(int *)file, bytes, size);
}

static double from_csv_ns(tc_sight *sight, const char *path)
{
    int file = open(path, O_RDONLY);
    tc_ticks *ticks;
    tc_tape tape;
    const tc_tick_row *row;
    int rows = 0;
    ask(sight);
    double start = cpu_ns();
    tc_tape_begin(&tape, sight, (size_t)FILLS * LAGS, NULL, 0);
    if (tc_ticks_open(&ticks, NULL, TC_QUOTES, read_file, &file) != TC_OK) exit(1);
    for (; tc_ticks_next(ticks, &row, NULL) == TC_OK && row; rows++)
        if (!tc_tape_quote(&tape, &(tc_quote_tick){row->time, row->bid, row->ask, row->bid_quantity, row->ask_quantity})) exit(1);
    tc_tape_end(&tape);
    double taken = cpu_ns() - start;
    tc_ticks_close(ticks);
    close(file);
    if (rows != QUOTES || sight[0].bid != 2500) exit(1);
    return taken;
}

/* What any reader of the file must pay: to find its lines. */
static double scan_ns(const char *path)
{
    static char buffer[1 << 18];
    volatile size_t lines = 0;
    double start = cpu_ns();
    int file = open(path, O_RDONLY);
    for (ssize_t got; (got = read(file, buffer, sizeof buffer)) > 0;)
        for (char *at = buffer, *end = buffer + got; (at = memchr(at, '\n', (size_t)(end - at))); at++) lines++;
    close(file);
    return cpu_ns() - start;
}

static void write_quotes(const char *path, int count)
{
    FILE *out = fopen(path, "w");
    if (!out) exit(1);
    fprintf(out, "time,symbol,bid,ask,bid_quantity,ask_quantity\n");
    for (int i = 0; i < count; i++) {
        tc_quote_tick q = quote(i);
        int64_t micros = q.time - OPENED, seconds = 33300 + micros / 1000000;
        fprintf(out, "2024-08-06T%02d:%02d:%02d.%06d,INFY,%.2f,%.2f,%d,%d\n", (int)(seconds / 3600), (int)(seconds / 60 % 60), (int)(seconds % 60),
                (int)(micros % 1000000), q.bid, q.ask, (int)q.bid_quantity, (int)q.ask_quantity);
    }
    if (fclose(out)) exit(1);
}

static void write_fills(const char *path)
{
    FILE *out = fopen(path, "w");
    if (!out) exit(1);
    fprintf(out, "order_id,time,exchange,symbol,product,side,quantity,price\n");
    for (int i = 0; i < FILLS / 10; i++)
        fprintf(out, "%d,2024-08-06T%02d:%02d:%02d,NSE,INFY,delivery,buy,10,2510\n", i / 3, 10 + i / 3600, i / 60 % 60, i % 60);
    if (fclose(out)) exit(1);
}

static double command_ns(const char *tradecost, const char *fills, const char *quotes, double *resident_mb)
{
    pid_t child = fork();
    if (!child) {
        int null = open("/dev/null", O_WRONLY);
        dup2(null, 1);
        execl(tradecost, tradecost, "tca", fills, "--quotes", quotes, "--broker", "zerodha", "--state", "MH", "--quiet",
              "--format", "csv", (char *)NULL);
        _exit(127);
    }
    int status;
    struct rusage usage;
    if (child < 0 || wait4(child, &status, 0, &usage) < 0 || !WIFEXITED(status) || WEXITSTATUS(status)) {
        fprintf(stderr, "bench: %s tca failed\n", tradecost);
        exit(1);
    }
    *resident_mb = (double)usage.ru_maxrss / 1024;
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e9 + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e3;
}

static void bench_join(const char *path)
{
    double memory[RUNS], csv[RUNS], scan[RUNS];
    tc_sight *sight = malloc(sizeof *sight * FILLS * LAGS);
    tc_quote_tick *tick = malloc(sizeof *tick * QUOTES);
    if (!sight || !tick) exit(1);
    for (int i = 0; i < QUOTES; i++) tick[i] = quote(i);
    for (int r = 0; r < RUNS; r++) {
        memory[r] = from_memory_ns(sight, tick);
        csv[r] = from_csv_ns(sight, path);
        scan[r] = scan_ns(path);
    }
    double own = median(memory, RUNS), read = median(csv, RUNS), least = median(scan, RUNS);
    printf("as-of join, mark-outs     %8.2f M quotes a second   from memory, %d questions, their sorting included\n",
           QUOTES / own * 1e3, FILLS * LAGS);
    printf("the same from csv         %8.2f M quotes a second   %.0f ns each, %.1f scans for line ends\n", QUOTES / read * 1e3,
           read / QUOTES, read / least);
    free(tick);
    free(sight);
}

void bench_tca(const char *tradecost)
{
    char quotes[] = "/tmp/tradecost-bench-XXXXXX", fills[] = "/tmp/tradecost-bench-XXXXXX";
    double whole_mb, part_mb, none_mb;
    int first = mkstemp(quotes), second = mkstemp(fills);
    if (first < 0 || second < 0) exit(1);
    close(first), close(second);
    write_fills(fills);
    write_quotes(quotes, 1);
    double none = command_ns(tradecost, fills, quotes, &none_mb);
    write_quotes(quotes, QUOTES / 10);
    command_ns(tradecost, fills, quotes, &part_mb);
    write_quotes(quotes, QUOTES);
    double whole = command_ns(tradecost, fills, quotes, &whole_mb) - none;
    printf("tca, quotes from csv      %8.2f M quotes a second   %.1f MB resident; of a tenth of the quotes %.1f, of one %.1f\n",
           QUOTES / whole * 1e3, whole_mb, part_mb, none_mb);
    unlink(fills);
    bench_join(quotes);
    unlink(quotes);
}
