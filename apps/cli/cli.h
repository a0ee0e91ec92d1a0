/* cli.h - what every command of `tradecost` shares: the table of commands, the
 * arguments as parsed, the book in force, and how to complain. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>

#include "amounts.h"
#include "io/instruments.h"
#include "memory.h"
#include "options.h"
#include "output.h"
#include "tradecost/tradecost.h"

#ifndef TRADECOST_VERSION
#define TRADECOST_VERSION "0.1.0" /* the build says it; this is for tools that read single files */
#endif

/* Exit statuses; of several that apply, the highest is returned. */
enum {
    EXIT_DONE = 0,
    EXIT_NO_RESULT = 1,   /* understood, but some order, row or check has no result */
    EXIT_USAGE = 2,       /* the command line cannot be understood */
    EXIT_TARIFF = 3,      /* configuration or tariff source invalid */
    EXIT_FAILED = 4,      /* file, pipe or socket failed */
    EXIT_INTERRUPTED = 130
};

typedef struct cli cli;

/* One row is dispatch, --help, manual page and completion at once. */
typedef struct {
    const char *name;     /* one word, or two: "tariff show" */
    const char *operands; /* as usage prints them */
    unsigned operands_min, operands_max;
    uint64_t fields;      /* order options, a bit a tc_field */
    bool market;          /* takes the fields of a market as options */
    option_set options;
    const char *levels;   /* words of --level, the default first */
    const char *formats;  /* words of --format beside PLAIN_FORMATS, "html svg"; NULL: none */
    const char *summary;  /* one line */
    const char *about;    /* what it does and what comes out */
    const char *examples;
    void (*run)(cli *);
} command;

extern const command commands[];
extern const size_t command_count;

struct cli {
    const command *command;
    arguments args;
    const tc_book *book;      /* shipped, with the user's tariffs and brokerage on top */
    tc_book *owned[2];
    tc_instruments *instruments;
    const char *tariffs;      /* the directory being read, for messages */
    unsigned tariff_problems;
    tc_context context;       /* defaults for what a request leaves out */
    tc_options pricing;
    sheet_format format;
    bool quiet;
    output out;
    int status;               /* the highest so far */
};

/* `tradecost COMMAND: message`, and the status it means. */
void complain(cli *c, int status, const char *text, ...) TC_PRINTF(3, 4);
/* `file:line: message`; line 0: `file: message`. */
void complain_at(cli *c, int status, const char *file, uint64_t line, const char *text, ...) TC_PRINTF(5, 6);
/* What the library says of a file that it cannot read. */
void complain_file(cli *c, const char *file, tc_status status, const tc_error *error);
/* What the library says of a field given as an option: `--price: bad number: ...`,
 * and what may have been meant (or NULL). */
void complain_error(cli *c, int status, const tc_error *error, const char *like);
/* A remark that --quiet silences. */
void remark(const cli *c, const char *text, ...) TC_PRINTF(2, 3);
void raise_status(cli *c, int status);

/* Ends the program at once; an unfinished --output is removed. */
_Noreturn void die(int status, const char *text, ...) TC_PRINTF(2, 3);
_Noreturn void quit(int status);

/* The status that a failed call means, when it came from the command line. */
int exit_status_of(tc_status status);

/* The candidate most like `word`, or NULL if none is near enough to suggest.
 * `candidate` answers the texts by index, NULL after the last. */
const char *nearest(tc_text word, const char *(*candidate)(const void *context, size_t index),
                    const void *context);
/* The same among the words of a space-separated list; the result lives until the next call. */
const char *nearest_word(tc_text word, const char *words);
bool word_in(tc_text word, const char *words);

/* Opens the book that --tariffs and --brokerage ask for; false: said why. */
bool open_book(cli *c);
/* --tariffs, else TRADECOST_TARIFFS, else NULL. */
const char *tariff_directory(const cli *c);
/* Puts a directory's tariffs on top of the book; false: every problem was said. */
bool load_tariffs(cli *c, const char *directory);
void close_book(cli *c);
/* The date of an option such as --date or --from; false: said why. */
bool option_date(cli *c, const char *name, tc_text text, tc_date *date);

/* Opens --instruments when first asked, and fills what a request leaves out
 * with what they know of its security (*found, or NULL); false: they cannot be read, said why. */
bool instruments_fill(cli *c, tc_request *request, const tc_instrument **found);

/* help.c */
void help_overview(tc_buffer *to);
void help_group(tc_buffer *to, const char *first); /* tariff: the commands of two words */
void help_command(tc_buffer *to, const command *about);
void help_manual(tc_buffer *to);
bool help_completion(tc_buffer *to, const char *shell);

/* A model by its name; NULL: there is none, said which may have been meant. */
const tc_model *model_named(cli *c, const char *name);

/* The commands. */
void run_quote(cli *c);
void run_explain(cli *c);
void run_compare(cli *c);
void run_breakeven(cli *c);
void run_price(cli *c);
void run_note(cli *c);
void run_reconcile(cli *c);
void run_tariff_list(cli *c);
void run_tariff_show(cli *c);
void run_tariff_check(cli *c);
void run_tariff_diff(cli *c);
void run_tariff_impact(cli *c);
void run_brokers(cli *c);
void run_estimate(cli *c);
void run_model_list(cli *c);
void run_model_show(cli *c);
void run_model_eval(cli *c);
void run_market_import(cli *c);
void run_market_show(cli *c);
void run_market_list(cli *c);
void run_market_providers(cli *c);
void run_spread(cli *c);
void run_tca(cli *c);
void run_schedule(cli *c);
void run_calibrate(cli *c);
void run_version(cli *c);
void run_help(cli *c);

#endif
