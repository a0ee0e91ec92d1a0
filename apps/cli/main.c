#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "progress.h"
#include "tradecost/tariffs.h"

static const command *find_command(cli *c, int argc, const char **argv, int *next);
static bool is_group(const char *first);

void run_version(cli *c)
{
    tc_buffer *to = &c->out.text;
    char first[TC_DATE_TEXT_SIZE];
    tc_date_format(first, tc_book_first_day(c->book));
    buffer_print(to, "tradecost " TRADECOST_VERSION "\n");
    buffer_print(to, "book %s, from %s, %zu rules\n", tc_book_digest(c->book), first, tc_book_rule_count(c->book));
}

void run_help(cli *c)
{
    int next = 0;
    if (!c->args.operand_count) {
        help_overview(&c->out.text);
        return;
    }
    if (c->args.operand_count == 1 && is_group(c->args.operands[0])) {
        help_group(&c->out.text, c->args.operands[0]);
        return;
    }
    const command *about = find_command(c, (int)c->args.operand_count, c->args.operands, &next);
    if (about) help_command(&c->out.text, about);
}

/* Every first word once: what may stand behind `tradecost`. */
static const char *first_word_at(const void *context, size_t index)
{
    (void)context;
    static char word[32];
    for (size_t i = 0; i < command_count; i++) {
        size_t size = strcspn(commands[i].name, " ");
        bool again = i && !strncmp(commands[i - 1].name, commands[i].name, size + 1);
        if (again || index--) continue;
        memcpy(word, commands[i].name, size);
        word[size] = '\0';
        return word;
    }
    return NULL;
}

/* The second words of the commands whose first is `context`. */
static const char *second_word_at(const void *context, size_t index)
{
    size_t size = strlen(context);
    for (size_t i = 0; i < command_count; i++)
        if (!strncmp(commands[i].name, context, size) && commands[i].name[size] == ' ' && !index--)
            return commands[i].name + size + 1;
    return NULL;
}

static bool is_group(const char *first)
{
    return second_word_at(first, 0) != NULL;
}

static const command *named(const char *first, const char *second)
{
    char name[64];
    if (second) snprintf(name, sizeof name, "%s %s", first, second);
    for (size_t i = 0; i < command_count; i++)
        if (!strcmp(commands[i].name, second ? name : first)) return &commands[i];
    return NULL;
}

static void refuse_second(cli *c, const char *first, const char *second)
{
    tc_buffer known = {0};
    const char *word;
    for (size_t i = 0; (word = second_word_at(first, i)); i++) buffer_print(&known, "%s%s", i ? ", " : "", word);
    buffer_char(&known, '\0');
    const char *like = second ? nearest(tc_text_of(second), second_word_at, first) : NULL;
    if (like) complain(c, EXIT_USAGE, "unknown command \"%s %s\"; did you mean %s %s?", first, second, first, like);
    else complain(c, EXIT_USAGE, "%s needs one of: %s", first, known.data);
    tc_buffer_free(&known);
}

/* The command that argv[*next...] names; says why there is none. */
static const command *find_command(cli *c, int argc, const char **argv, int *next)
{
    const char *first = argv[(*next)++];
    const command *found = named(first, NULL);
    if (found) return found;
    if (is_group(first)) {
        const char *second = *next < argc ? argv[(*next)++] : NULL;
        found = second ? named(first, second) : NULL;
        if (!found) refuse_second(c, first, second);
        return found;
    }
    const char *like = nearest(tc_text_of(first), first_word_at, NULL);
    if (like) complain(c, EXIT_USAGE, "unknown command \"%s\"; did you mean %s?", first, like);
    else complain(c, EXIT_USAGE, "unknown command \"%s\"; see tradecost --help", first);
    return NULL;
}

static void report_problem(void *context, const char *file, const tc_error *problem, const char *hint)
{
    cli *c = context;
    char place[512];
    bool below = strncmp(file, c->tariffs, strlen(c->tariffs)) != 0; /* what cannot be opened comes with its path */
    const char *separator = below && *file ? "/" : "";
    size_t size = (size_t)snprintf(place, sizeof place, "%s%s%s", below ? c->tariffs : "", separator, file);
    if (problem->line && size < sizeof place)
        snprintf(place + size, sizeof place - size, ":%u:%u", problem->line, problem->column);
    c->tariff_problems++;
    int status = problem->status == TC_IO || problem->status == TC_NO_MEMORY ? EXIT_FAILED : EXIT_TARIFF;
    complain_at(c, status, place, 0, "%s%s%s", problem->message, *hint ? "; " : "", hint);
}

static bool has_folder(const char *directory, const char *name)
{
    char path[4096];
    struct stat facts;
    int size = snprintf(path, sizeof path, "%s/%s", directory, name);
    return size > 0 && (size_t)size < sizeof path && stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

/* A directory with law, exchanges and brokers is a whole book; any other adds to the one there is. */
static bool is_whole_book(const char *directory)
{
    return has_folder(directory, "law") && has_folder(directory, "exchange") && has_folder(directory, "broker");
}

bool load_tariffs(cli *c, const char *directory)
{
    c->tariffs = directory;
    const tc_book *base = is_whole_book(directory) ? NULL : c->book;
    tc_status status = tc_tariffs_check(&c->owned[0], base, directory, report_problem, c);
    if (status == TC_OK) {
        c->book = c->owned[0];
        return true;
    }
    bool failed = status == TC_IO || status == TC_NO_MEMORY;
    if (c->tariff_problems) raise_status(c, failed ? EXIT_FAILED : EXIT_TARIFF);
    else complain(c, failed ? EXIT_FAILED : EXIT_TARIFF, "%s: %s", directory, tc_status_code(status));
    return false;
}

static bool add_brokerage(cli *c, const char *expression)
{
    tc_text broker = c->context.defaults.field[TC_F_BROKER];
    if (!tc_text_same(broker, "custom")) {
        complain(c, EXIT_USAGE, "--brokerage goes with --broker custom; %.*s has its own", (int)broker.size,
                 broker.data);
        return false;
    }
    tc_error error = {0};
    tc_status status = tc_book_with_brokerage(&c->owned[1], &error, c->book, expression);
    if (status == TC_OK) {
        c->book = c->owned[1];
        return true;
    }
    complain(c, status == TC_NO_MEMORY ? EXIT_FAILED : EXIT_USAGE, "--brokerage: %s", error.message);
    return false;
}

const char *tariff_directory(const cli *c)
{
    const char *directory = c->args.value[OPT_TARIFFS];
    if (!directory) directory = getenv("TRADECOST_TARIFFS");
    return directory && *directory ? directory : NULL;
}

bool open_book(cli *c)
{
    c->book = tc_book_builtin();
    /* tariff check loads them itself, to say what it found. */
    const char *directory = c->command->run == run_tariff_check ? NULL : tariff_directory(c);
    const char *brokerage = c->args.value[OPT_BROKERAGE];
    if (directory && !load_tariffs(c, directory)) return false;
    return !brokerage || add_brokerage(c, brokerage);
}

void close_book(cli *c)
{
    tc_instruments_close(c->instruments);
    tc_book_free(c->owned[1]);
    tc_book_free(c->owned[0]);
}

bool option_date(cli *c, const char *name, tc_text text, tc_date *date)
{
    if (tc_date_parse(date, text.data, text.size) == TC_OK) return true;
    complain(c, EXIT_USAGE, "%s: bad date: \"%.*s\" is not a date as 2026-04-02", name, (int)text.size, text.data);
    return false;
}

#define AS_WORD(id, word) word,
static size_t word_number(const char *word, const char *const *words)
{
    size_t i = 0;
    while (strcmp(words[i], word)) i++;
    return i;
}

static tc_level level_of(const cli *c)
{
    static const char *const words[] = {TC_LEVELS(AS_WORD)};
    char first[16] = "";
    const char *word = c->args.value[OPT_LEVEL];
    if (c->args.value[OPT_NOTE]) return TC_NOTE;
    if (!c->command->levels) return TC_NOTE; /* note and reconcile know no other */
    if (!word) {
        snprintf(first, sizeof first, "%.*s", (int)strcspn(c->command->levels, " "), c->command->levels);
        word = first;
    }
    return (tc_level)word_number(word, words);
}

static sheet_format format_of(const cli *c)
{
    static const char *const words[] = {FORMATS(AS_WORD)};
    const char *word = c->args.value[OPT_FORMAT];
    if (word) return (sheet_format)word_number(word, words);
    return output_is_terminal(&c->out) ? FORMAT_TABLE : FORMAT_CSV;
}

/* --brokerage makes sense for no broker but custom, so that it implies it. */
static tc_text default_broker(const cli *c)
{
    if (c->args.order.field[TC_F_BROKER].size) return c->args.order.field[TC_F_BROKER];
    if (c->args.value[OPT_BROKERAGE]) return tc_text_of("custom");
    const char *broker = getenv("TRADECOST_BROKER");
    return broker ? tc_text_of(broker) : (tc_text){0};
}

static void set_up(cli *c)
{
    const char *dp = c->args.value[OPT_DP];
    c->quiet = c->args.value[OPT_QUIET] != NULL;
    c->format = format_of(c);
    c->pricing = (tc_options){.level = level_of(c), .without_dp = dp && !strcmp(dp, "off")};
    c->context = (tc_context){.defaults = c->args.order, .today = tc_date_in_ist((int64_t)time(NULL))};
    c->context.defaults.field[TC_F_BROKER] = default_broker(c);
    progress_start(!c->quiet);
}

static void run_command(cli *c)
{
    output_open(&c->out, c->args.value[OPT_OUTPUT]);
    set_up(c);
    if (c->args.value[OPT_HELP]) help_command(&c->out.text, c->command);
    else if (open_book(c)) c->command->run(c);
    progress_clear();
    output_close(&c->out);
    close_book(c);
}

/* What the table of commands makes beside help: for packagers, not for users. */
static bool hidden(cli *c, int argc, const char **argv)
{
    output_open(&c->out, NULL);
    if (!strcmp(argv[1], "--man")) {
        help_manual(&c->out.text);
    } else if (!strcmp(argv[1], "--completion")) {
        if (argc < 3 || !help_completion(&c->out.text, argv[2])) complain(c, EXIT_USAGE, "--completion bash|zsh");
    } else {
        return false;
    }
    output_close(&c->out);
    return true;
}

/* A signal handler may do little: remove the unfinished output, and leave. */
static void interrupted(int number)
{
    output_abandon();
    _exit(128 + number);
}

static void prepare_process(void)
{
    struct sigaction leave = {.sa_handler = interrupted};
    sigaction(SIGINT, &leave, NULL);
    sigaction(SIGTERM, &leave, NULL);
    sigaction(SIGHUP, &leave, NULL);
    signal(SIGPIPE, SIG_IGN);
    /* A file opened later must not become standard output by accident. */
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", O_RDWR) < 0) _exit(EXIT_FAILED);
    if (!setlocale(LC_CTYPE, "C.UTF-8")) setlocale(LC_CTYPE, "");
}

int main(int argc, char **argv)
{
    const char **words = (const char **)argv;
    const char *const aliases[][2] = {{"--help", "help"}, {"-h", "help"}, {"--version", "version"}};
    static cli c;
    prepare_process();
    if (argc < 2) {
        tc_buffer text = {0};
        help_overview(&text);
        fwrite(text.data, 1, text.size, stderr);
        tc_buffer_free(&text);
        return EXIT_USAGE;
    }
    if (hidden(&c, argc, words)) return c.status;
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (!strcmp(words[1], aliases[i][0])) words[1] = aliases[i][1];
    if (argc == 3 && is_group(words[1]) && (!strcmp(words[2], "--help") || !strcmp(words[2], "-h"))) {
        words[2] = words[1]; /* tariff --help is help tariff */
        words[1] = "help";
    }
    int next = 1;
    c.command = find_command(&c, argc, words, &next);
    if (c.command && options_parse(&c, argc, words, next)) run_command(&c);
    return c.status;
}
