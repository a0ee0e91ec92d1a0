#include <stdio.h>

#include "cli.h"
#include "mode.h"

static void put_option(tc_buffer *to, const option *o, size_t width)
{
    char left[64];
    char letter[8] = "    ";
    if (o->letter) snprintf(letter, sizeof letter, "-%c, ", o->letter);
    snprintf(left, sizeof left, "%s--%s%s%s", letter, o->name, o->value ? " " : "", o->value ? o->value : "");
    buffer_print(to, "  %-*s  %s\n", (int)width, left, o->meaning);
}

enum { OPTION_WIDTH = 28 };

#define RESULT_OPTIONS                                                                                  \
    (OPTION_BIT(OPT_BY) | OPTION_BIT(OPT_DELIVERY_QUANTITY) | OPTION_BIT(OPT_FORMAT) | OPTION_BIT(OPT_OUTPUT) | \
     OPTION_BIT(OPT_QUIET) | OPTION_BIT(OPT_HELP))

#define MARKET_OPTIONS (MODE_OPTIONS | OPTION_BIT(OPT_BIDS) | OPTION_BIT(OPT_ASKS))

/* Order options first, then what changes the calculation, then what every command takes. */
static void put_options(tc_buffer *to, const command *about)
{
    const struct {
        const char *title;
        bool fields, market;
        option_set ids;
    } groups[] = {
        {"The order (for files: what stands in for a missing column)", true, false, 0},
        {"The market", false, true, MARKET_OPTIONS},
        {"The calculation", false, false, ~(MARKET_OPTIONS | RESULT_OPTIONS)},
        {"The result", false, false, RESULT_OPTIONS},
    };
    const cli with = {.command = about};
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
        bool titled = false;
        option o;
        for (size_t i = 0; option_at(&with, i, &o); i++) {
            bool here = o.field >= 0 ? groups[g].fields : o.market >= 0 ? groups[g].market : (groups[g].ids & OPTION_BIT(o.id)) != 0;
            if (!here) continue;
            bool of_order = !groups[g].fields || about->fields == ORDER_FIELDS;
            if (!titled) buffer_print(to, "\n%s:\n", of_order ? groups[g].title : "What is shown");
            titled = true;
            char levels[96];
            if (o.id == OPT_LEVEL) {
                snprintf(levels, sizeof levels, "%s: %s; default %.*s", o.meaning, o.words, (int)strcspn(o.words, " "),
                         o.words);
                o.meaning = levels;
            }
            put_option(to, &o, OPTION_WIDTH);
        }
    }
}

void help_command(tc_buffer *to, const command *about)
{
    buffer_print(to, "Usage: tradecost %s [options]%s%s\n\n%s\n", about->name, *about->operands ? " " : "",
                 about->operands, about->about);
    put_options(to, about);
    buffer_print(to, "\nExamples:\n%s", about->examples);
}

static const char overview_end[] =
    "\nResults go to standard output as a table on a terminal, else as csv (--format json, ndjson);\n"
    "complaints go to standard error. TRADECOST_BROKER names a default broker, TRADECOST_TARIFFS a\n"
    "directory of your own tariff files, NO_COLOR takes the colours out.\n\n"
    "Exit status: 0 done, 1 some order, row or check has no result, 2 the command line cannot be\n"
    "understood, 3 a tariff source is invalid, 4 a file or pipe failed, 130 interrupted.\n\n"
    "tradecost COMMAND --help tells more; the language of tariff files is in tradecost-tariff(5).\n";

static const char overview_begin[] =
    "tradecost: what a trade on an Indian exchange costs: its charges exactly, by the law and tariff of its own\n"
    "day; spread, slippage and impact with an error bar.\n";

/* The commands whose name begins with `first`, a line each. */
static void put_summaries(tc_buffer *to, const char *first)
{
    for (size_t i = 0; i < command_count; i++)
        if (!strncmp(commands[i].name, first, strlen(first)))
            buffer_print(to, "  %-16s %s\n", commands[i].name, commands[i].summary);
}

void help_group(tc_buffer *to, const char *first)
{
    buffer_print(to, "Usage: tradecost %s COMMAND [options]\n\n", first);
    put_summaries(to, first);
    buffer_print(to, "\ntradecost %s COMMAND --help tells more.\n", first);
}

void help_overview(tc_buffer *to)
{
    buffer_print(to, "Usage: tradecost COMMAND [options]\n\n%s\n", overview_begin);
    put_summaries(to, "");
    buffer_string(to, "\nFirst steps:\n"
                      "  tradecost quote --broker zerodha --exchange NSE --product intraday --side sell \\\n"
                      "      --quantity 100 --price 2505.05\n"
                      "  tradecost note tradebook.csv --broker zerodha\n");
    buffer_string(to, overview_end);
}

/* The manual page. */

/* A line that begins with a dot or a quote would be a command of roff. */
static void roff(tc_buffer *to, const char *text)
{
    for (bool line_begin = true; *text; text++) {
        if (line_begin && (*text == '.' || *text == '\'')) buffer_string(to, "\\&");
        if (*text == '\\') buffer_string(to, "\\e");
        else if (*text == '-') buffer_string(to, "\\-");
        else buffer_char(to, *text);
        line_begin = *text == '\n';
    }
}

static void roff_command(tc_buffer *to, const command *about)
{
    buffer_string(to, ".SS tradecost ");
    roff(to, about->name);
    buffer_string(to, *about->operands ? " [options] " : " [options]");
    roff(to, about->operands);
    buffer_char(to, '\n');
    roff(to, about->about);
    buffer_string(to, "\n.PP\n.nf\n");
    roff(to, about->examples);
    buffer_string(to, ".fi\n");
}

static void roff_option(tc_buffer *to, const option *o)
{
    buffer_string(to, ".TP\n.B ");
    if (o->letter) buffer_print(to, "\\-%c, ", o->letter);
    buffer_string(to, "\\-\\-");
    roff(to, o->name);
    if (o->value) buffer_print(to, " \\fI%s\\fR", o->value);
    buffer_char(to, '\n');
    roff(to, o->meaning);
    buffer_char(to, '\n');
}

/* Every option of any command, once: the pseudo-command takes them all. */
static const command all_options = {
    .name = "", .fields = ORDER_FIELDS, .options = (OPTION_BIT(OPTION_COUNT) - 1), .levels = "exact api note",
    .formats = "html svg", .market = true};

static void roff_flags(tc_buffer *to)
{
    buffer_string(to, ".SH FLAGS\nRemarks on a result, a closed list:\n");
    for (unsigned bit = 0; bit < TC_FLAG_COUNT; bit++) {
        buffer_string(to, ".TP\n.B ");
        roff(to, tc_flag_word(bit));
        buffer_char(to, '\n');
        roff(to, tc_flag_meaning(bit));
        buffer_char(to, '\n');
    }
}

void help_manual(tc_buffer *to)
{
    const cli with = {.command = &all_options};
    option o;
    buffer_string(to, ".TH TRADECOST 1\n.SH NAME\ntradecost \\- what a trade costs\n"
                      ".SH SYNOPSIS\n.B tradecost\n.I command\n[options] [files]\n.SH DESCRIPTION\n");
    roff(to, overview_begin);
    roff(to, overview_end);
    buffer_string(to, ".SH COMMANDS\n");
    for (size_t i = 0; i < command_count; i++) roff_command(to, &commands[i]);
    buffer_string(to, ".SH OPTIONS\nA name may be cut short while it stays unmistakable; underscores and dashes are "
                      "the same.\n");
    for (size_t i = 0; option_at(&with, i, &o); i++) roff_option(to, &o);
    roff_flags(to);
    buffer_string(to, ".SH SEE ALSO\n.BR tradecost\\-tariff (5)\n");
}

/* Completions. Both shells read the same lists: the options of each command,
 * and the words of each option. */

static void put_names(tc_buffer *to, const command *about)
{
    const cli with = {.command = about};
    option o;
    for (size_t i = 0; option_at(&with, i, &o); i++) buffer_print(to, "%s--%s", i ? " " : "", o.name);
}

/* `first words` or the second words behind `first`. */
static void put_commands(tc_buffer *to, const char *first)
{
    size_t size = first ? strlen(first) : 0;
    const char *last = "";
    for (size_t i = 0; i < command_count; i++) {
        const char *name = commands[i].name;
        if (first && (strncmp(name, first, size) || name[size] != ' ')) continue;
        const char *word = first ? name + size + 1 : name;
        size_t length = strcspn(word, " ");
        if (!strncmp(last, word, length) && last[length] == ' ') continue;
        buffer_print(to, "%.*s ", (int)length, word);
        last = word;
    }
}

static void put_word_cases(tc_buffer *to)
{
    const cli with = {.command = &all_options};
    option o;
    for (size_t i = 0; option_at(&with, i, &o); i++)
        if (o.words) buffer_print(to, "    --%s) choices='%s' ;;\n", o.name, o.words);
    buffer_string(to, "    --output|-o|--instruments|--tariffs) files=1 ;;\n"
                      "    --broker) choices=$(tradecost brokers --format csv 2>/dev/null | "
                      "tail -n +2 | cut -d, -f1 | sort -u) ;;\n");
}

static void put_command_cases(tc_buffer *to)
{
    for (size_t i = 0; i < command_count; i++) {
        buffer_print(to, "    '%s') choices='", commands[i].name);
        put_names(to, &commands[i]);
        bool files = strstr(commands[i].operands, "FILE") || strstr(commands[i].operands, "DIR");
        buffer_print(to, "'; files=%d ;;\n", files);
    }
    buffer_string(to, "    tariff) choices='");
    put_commands(to, "tariff");
    buffer_string(to, "' ;;\n    '') choices='");
    put_commands(to, NULL);
    buffer_string(to, "' ;;\n");
}

/* Sets `choices` and `files` from $before (the word before the one typed) and
 * $command (the words of the command so far): both shells speak this part. */
static void put_lists(tc_buffer *to)
{
    buffer_string(to, "  choices='' files=0\n  case $before in\n");
    put_word_cases(to);
    buffer_string(to, "    *) case $command in\n");
    put_command_cases(to);
    buffer_string(to, "    esac ;;\n  esac\n");
}

static const char bash_begin[] =
    "# bash completion for tradecost; made by `tradecost --completion bash`\n"
    "_tradecost() {\n"
    "  local typed=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command='' choices files\n"
    "  if ((COMP_CWORD > 1)); then command=${COMP_WORDS[1]}; fi\n"
    "  if [ \"$command\" = tariff ] && ((COMP_CWORD > 2)); then command=\"tariff ${COMP_WORDS[2]}\"; fi\n";
static const char bash_end[] =
    "  COMPREPLY=($(compgen -W \"$choices\" -- \"$typed\"))\n"
    "  if ((files)); then COMPREPLY+=($(compgen -f -- \"$typed\")); fi\n"
    "}\ncomplete -o filenames -F _tradecost tradecost\n";
static const char zsh_begin[] =
    "#compdef tradecost\n# zsh completion for tradecost; made by `tradecost --completion zsh`\n"
    "_tradecost() {\n"
    "  local before=${words[CURRENT-1]} command='' files\n"
    "  local -a line=(\"${words[@]}\")\n"
    "  ((CURRENT > 2)) && command=${line[2]}\n"
    "  [[ $command = tariff ]] && ((CURRENT > 3)) && command=\"tariff ${line[3]}\"\n"
    "  local choices\n";
static const char zsh_end[] =
    "  compadd -- ${=choices}\n  ((files)) && _files\n}\n_tradecost \"$@\"\n";

bool help_completion(tc_buffer *to, const char *shell)
{
    bool bash = !strcmp(shell, "bash");
    if (!bash && strcmp(shell, "zsh")) return false;
    buffer_string(to, bash ? bash_begin : zsh_begin);
    put_lists(to);
    buffer_string(to, bash ? bash_end : zsh_end);
    return true;
}
