/* bench TRADECOST TARIFFS - how fast the engine is, each figure beside a
 * baseline of the same run, since the same machine is never the same twice. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"
#include "tradecost/tariffs.h"
#include "tradecost/tradecost.h"

enum { STARTS = 41, ROWS = 1000000 };

#define REFERENCE_NS 70000.0 /* a calculation of the reference system, docs/performance.md */

static tc_text text(const char *words) { return (tc_text){words, strlen(words)}; }

static tc_trade order(const char *product, const char *price)
{
    tc_request request;
    tc_context context;
    tc_trade trade;
    tc_error error;
    memset(&request, 0, sizeof request);
    memset(&context, 0, sizeof context);
    request.field[TC_F_BROKER] = text("zerodha");
    request.field[TC_F_EXCHANGE] = text("NSE");
    request.field[TC_F_PRODUCT] = text(product);
    request.field[TC_F_SIDE] = text("sell");
    request.field[TC_F_QUANTITY] = text("100");
    request.field[TC_F_PRICE] = text(price);
    request.field[TC_F_DATE] = text("2026-04-02");
    if (tc_resolve(&trade, &error, tc_book_builtin(), &request, &context) != TC_OK) {
        fprintf(stderr, "bench: %s: %s\n", error.field, error.message);
        exit(1);
    }
    return trade;
}

/* Median over batches, so that a scheduler's pause in one of them does not count. */
static double quote_ns(tc_level level)
{
    static double samples[SAMPLES];
    tc_trade trades[2] = {order("intraday", "2505.05"), order("delivery", "312.4")};
    tc_options options = {level, false};
    tc_cost cost;
    for (int s = 0; s < SAMPLES; s++) {
        double start = now_ns();
        for (int i = 0; i < BATCH; i++)
            if (tc_quote(&cost, NULL, tc_book_builtin(), &trades[i & 1], &options) != TC_OK) exit(1);
        samples[s] = (now_ns() - start) / BATCH;
    }
    return median(samples, SAMPLES);
}

/* What any look-up must pay: a dependent load from a table that the caches do not hold. */
static double load_ns(void)
{
    enum { CELLS = 1 << 23 };
    static double samples[SAMPLES];
    uint32_t *next = malloc(CELLS * sizeof *next), at = 0;
    if (!next) exit(1);
    for (uint32_t i = 0; i < CELLS; i++) next[i] = (i * 2654435761u + 12345u) & (CELLS - 1);
    for (int s = 0; s < SAMPLES; s++) {
        double start = now_ns();
        for (int i = 0; i < BATCH; i++) at = next[at];
        samples[s] = (now_ns() - start) / BATCH;
    }
    free(next);
    return median(samples, SAMPLES) + (at == CELLS ? 1 : 0);
}

static void bench_quotes(void)
{
    double exact = quote_ns(TC_EXACT), note = quote_ns(TC_NOTE), load = load_ns();
    printf("quote, level exact        %8.0f ns   %.1f loads from memory (%.0f ns each), %.0f times the reference's speed\n", exact, exact / load, load, REFERENCE_NS / exact);
    printf("quote, level note         %8.0f ns   %.1f loads from memory\n", note, note / load);
}

static void bench_book(const char *tariffs)
{
    double samples[11];
    for (int s = 0; s < 11; s++) {
        tc_book *book;
        double start = now_ns();
        if (tc_tariffs_load(&book, NULL, NULL, tariffs) != TC_OK) exit(1);
        samples[s] = now_ns() - start;
        tc_book_free(book);
    }
    double start = now_ns();
    const tc_book *volatile shipped = tc_book_builtin(); /* or the compiler counts the rules itself */
    size_t rules = tc_book_rule_count(shipped);
    double opened = now_ns() - start;
    printf("book from YAML            %8.1f ms   %zu rules\n", median(samples, 11) / 1e6, rules);
    printf("book as shipped           %8.4f ms\n", opened / 1e6);
}

/* Runs a command with its output thrown away; returns nanoseconds, and the peak memory of all children. */
static double run_ns(char *const command[], long *peak_kb)
{
    double start = now_ns();
    pid_t child = fork();
    if (!child) {
        int null = open("/dev/null", O_WRONLY);
        dup2(null, 1);
        execv(command[0], command);
        _exit(127);
    }
    int status;
    struct rusage usage;
    if (child < 0 || wait4(child, &status, 0, &usage) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) > 1) {
        fprintf(stderr, "bench: %s failed\n", command[0]);
        exit(1);
    }
    *peak_kb = usage.ru_maxrss;
    return now_ns() - start;
}

static double start_ns(char *const command[], long *peak_kb)
{
    double samples[STARTS];
    for (int s = 0; s < STARTS; s++) samples[s] = run_ns(command, peak_kb);
    return median(samples, STARTS);
}

static void bench_start(const char *tradecost)
{
    char *const nothing[] = {"/bin/true", NULL};
    char *const quote[] = {(char *)tradecost, "quote", "--broker", "zerodha", "--exchange", "NSE", "--product", "delivery",
                           "--side", "buy", "--quantity", "100", "--price", "2505.05", "--date", "2026-04-02", NULL};
    long quote_kb, nothing_kb;
    double own = start_ns(quote, &quote_kb), least = start_ns(nothing, &nothing_kb);
    printf("cold start of a quote     %8.2f ms   %.1f times /bin/true; %.1f MB resident, /bin/true %.1f\n", own / 1e6, own / least,
           (double)quote_kb / 1024, (double)nothing_kb / 1024);
}

/* A broker's month: 25 days of 40,000 fills by 500 clients in 200 securities, three fills an order. */
static void write_tradebook(const char *path)
{
    enum { DAY = 40000, CLIENTS = 500, SECURITIES = 200 };
    static const char *const products[] = {"delivery", "intraday"};
    FILE *out = fopen(path, "w");
    if (!out) exit(1);
    fprintf(out, "fill_id,order_id,date,client,exchange,segment,symbol,isin,product,side,quantity,price\n");
    for (int i = 0; i < ROWS; i++) {
        int order = i / 3, security = order * 7 % SECURITIES;
        fprintf(out, "%d,%d,2026-04-%02d,C%d,NSE,equity,STOCK%d,INE%06dA01,%s,%s,%d,%d.%02d\n", 100000 + i, order, 1 + i / DAY, order % CLIENTS,
                security, security, products[order & 1], order & 2 ? "sell" : "buy", 1 + i % 997, 20 + security * 13, i % 100);
    }
    if (fclose(out)) exit(1);
}

static double scan_ns(const char *path)
{
    static char buffer[1 << 16];
    volatile size_t lines = 0;
    double start = now_ns();
    int file = open(path, O_RDONLY);
    for (ssize_t got; (got = read(file, buffer, sizeof buffer)) > 0;)
        for (char *at = buffer, *end = buffer + got; (at = memchr(at, '\n', (size_t)(end - at))); at++) lines++;
    close(file);
    return now_ns() - start;
}

static void bench_price(const char *tradecost)
{
    char path[] = "/tmp/tradecost-bench-XXXXXX";
    int file = mkstemp(path);
    if (file < 0) exit(1);
    close(file);
    write_tradebook(path);
    char *const exact[] = {(char *)tradecost, "price", path, "--broker", "zerodha", "--format", "csv", NULL};
    char *const note[] = {(char *)tradecost, "price", path, "--broker", "zerodha", "--format", "csv", "--level", "note", NULL};
    long peak_kb;
    double scan = scan_ns(path), run = run_ns(exact, &peak_kb);
    printf("price CSV, level exact    %8.2f M fills a second   %.0f ns each, %.1f scans for line ends, %.0f times the reference's speed; %.0f MB resident\n",
           ROWS / run * 1e3, run / ROWS, run / scan, REFERENCE_NS * ROWS / run, (double)peak_kb / 1024);
    run = run_ns(note, &peak_kb);
    printf("price CSV, level note     %8.2f M fills a second   %.0f ns each; %.0f MB resident\n", ROWS / run * 1e3, run / ROWS, (double)peak_kb / 1024);
    unlink(path);
}

double now_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double median(double *samples, int count)
{
    qsort(samples, (size_t)count, sizeof *samples, compare);
    return samples[count / 2];
}

int main(int count, char **arguments)
{
    if (count != 3) return fputs("usage: bench TRADECOST TARIFFS\n", stderr), 2;
    bench_start(arguments[1]); /* first: a child's peak counts its parent's memory at the fork */
    bench_tca(arguments[1]);
    bench_price(arguments[1]);
    bench_quotes();
    bench_book(arguments[2]);
    bench_models();
    bench_fit();
    bench_kernel();
    bench_store();
    bench_schedule();
    bench_estimate();
    bench_providers();
    bench_spread();
    return 0;
}
