#include "options.h"

#include <stdio.h>
#include <string.h>

#include "cli.h"

#define AS_OPTION(id, name, letter, value, words, meaning) {name, value, words, meaning, letter, -1, -1, id},
static const option plain_options[OPTION_COUNT] = {OPTIONS(AS_OPTION)};

/* The words that a field accepts, where they are a closed list. */
static const struct {
    tc_field field;
    const char *words;
} closed_lists[] = {
    {TC_F_EXCHANGE, "NSE BSE MCX NCDEX NFO BFO CDS BCD NCO"},
    {TC_F_SEGMENT, "equity equity-derivative currency commodity"},
    {TC_F_INSTRUMENT, "share etf bond gsec sgb reit invit mf future option"},
    {TC_F_CLASS, "stock index currency interest-rate commodity-agri commodity-nonagri "
                 "equity gold silver liquid debt international"},
    {TC_F_OPTION_TYPE, "CE PE"},
    {TC_F_PRODUCT, "delivery intraday carryforward mtf"},
    {TC_F_SIDE, "buy sell"},
    {TC_F_EVENT, "trade exercise assignment physical auction"},
    {TC_F_CHANNEL, "online call squareoff api"},
    {TC_F_HOLDER, "general woman"},
    {TC_F_DEPOSITORY, "nsdl cdsl"},
};

const char *field_words(tc_field field)
{
    for (size_t i = 0; i < sizeof closed_lists / sizeof *closed_lists; i++)
        if (closed_lists[i].field == field) return closed_lists[i].words;
    return NULL;
}

const char *field_option(tc_field field)
{
    static char name[40];
    snprintf(name, sizeof name, "%s", tc_field_name(field));
    for (char *c = name; *c; c++)
        if (*c == '_') *c = '-';
    return name;
}

static option option_of_field(int field)
{
    return (option){field_option((tc_field)field), "VALUE", field_words((tc_field)field),
                    tc_field_meaning((tc_field)field), 0, field, -1, OPTION_COUNT};
}

const char *market_option(tc_market_field field)
{
    static char name[40];
    snprintf(name, sizeof name, "%s", tc_market_name(field));
    for (char *c = name; *c; c++)
        if (*c == '_') *c = '-';
    return name;
}

static option option_of_market(int field)
{
#define AS_MEANING(id, name, unit, meaning) meaning ", " unit,
    static const char *const meanings[] = {TC_MARKET_FIELDS(AS_MEANING)};
    return (option){market_option((tc_market_field)field), "NUMBER", NULL, meanings[field], 0, -1, field, OPTION_COUNT};
}

/* The words of --format and what help says of them, for a command that knows more than the plain ones. */
static void widen_formats(option *o, const char *more)
{
    static char words[64], meaning[128];
    snprintf(words, sizeof words, PLAIN_FORMATS " %s", more);
    snprintf(meaning, sizeof meaning, "%s; default table on a terminal, else csv", words);
    o->words = words;
    o->meaning = meaning;
}

static option option_of_id(const cli *c, int id)
{
    option found = plain_options[id];
    if (id == OPT_LEVEL) found.words = c->command->levels;
    if (id == OPT_FORMAT && c->command->formats) widen_formats(&found, c->command->formats);
    return found;
}

bool option_at(const cli *c, size_t index, option *found)
{
    for (int field = 0; field < TC_FIELD_COUNT; field++) {
        if (!(c->command->fields & FIELD_BIT(field)) || index--) continue;
        *found = option_of_field(field);
        return true;
    }
    for (int field = 0; field < TC_M_COUNT && c->command->market; field++) {
        if (index--) continue;
        *found = option_of_market(field);
        return true;
    }
    for (int id = 0; id < OPTION_COUNT; id++) {
        if (!(c->command->options & OPTION_BIT(id)) || index--) continue;
        *found = option_of_id(c, id);
        return true;
    }
    return false;
}

static bool same_letter(char typed, char name)
{
    return typed == name || (typed == '_' && name == '-');
}

/* 0: not at all, 1: `typed` begins the name, 2: is the name. */
static int likeness(tc_text typed, const char *name)
{
    for (size_t i = 0; i < typed.size; i++)
        if (!same_letter(typed.data[i], name[i])) return 0;
    return name[typed.size] ? 1 : 2;
}

static const char *option_name_at(const void *context, size_t index)
{
    option found;
    return option_at(context, index, &found) ? found.name : NULL;
}

static bool refuse_name(cli *c, tc_text typed, int alike)
{
    const char *like = nearest(typed, option_name_at, c);
    if (alike > 1)
        complain(c, EXIT_USAGE, "--%.*s begins more than one option; write it out", (int)typed.size, typed.data);
    else if (like)
        complain(c, EXIT_USAGE, "unknown option --%.*s; did you mean --%s?", (int)typed.size, typed.data, like);
    else
        complain(c, EXIT_USAGE, "unknown option --%.*s; see tradecost %s --help", (int)typed.size, typed.data,
                 c->command->name);
    return false;
}

/* A name may be cut short while it stays unmistakable. */
static bool find_name(cli *c, tc_text typed, option *found)
{
    option candidate;
    int alike = 0;
    for (size_t i = 0; option_at(c, i, &candidate); i++) {
        int like = likeness(typed, candidate.name);
        if (like) *found = candidate;
        if (like == 2) return true;
        alike += like;
    }
    return alike == 1 || refuse_name(c, typed, alike);
}

static bool find_letter(cli *c, char letter, option *found)
{
    for (size_t i = 0; option_at(c, i, found); i++)
        if (letter && found->letter == letter) return true;
    complain(c, EXIT_USAGE, "unknown option -%c; see tradecost %s --help", letter, c->command->name);
    return false;
}

static bool accept_word(cli *c, const option *o, const char *value)
{
    if (o->field >= 0 || o->market >= 0 || !o->words || word_in(tc_text_of(value), o->words)) return true;
    const char *like = nearest_word(tc_text_of(value), o->words);
    if (like) complain(c, EXIT_USAGE, "--%s: unknown word \"%s\"; did you mean %s?", o->name, value, like);
    else complain(c, EXIT_USAGE, "--%s: unknown word \"%s\"; one of: %s", o->name, value, o->words);
    return false;
}

static bool keep_value(cli *c, const option *o, const char *value)
{
    if (!accept_word(c, o, value)) return false;
    if (o->field >= 0) c->args.order.field[o->field] = tc_text_of(value);
    else if (o->market >= 0) c->args.market[o->market] = value;
    else c->args.value[o->id] = value;
    return true;
}

/* `value` is what stands after `=`, or NULL; `*next` the argument after this one. */
static bool take_option(cli *c, const option *o, const char *value, const char **argv, int argc, int *next)
{
    if (!o->value && value) {
        complain(c, EXIT_USAGE, "--%s takes no value", o->name);
        return false;
    }
    if (!o->value) value = "";
    if (!value && *next < argc) value = argv[(*next)++];
    if (value) return keep_value(c, o, value);
    complain(c, EXIT_USAGE, "--%s needs a value", o->name);
    return false;
}

static bool take_long(cli *c, const char *argument, const char **argv, int argc, int *next)
{
    const char *equals = strchr(argument, '=');
    tc_text typed = equals ? (tc_text){argument, (size_t)(equals - argument)} : tc_text_of(argument);
    option found;
    return find_name(c, typed, &found) && take_option(c, &found, equals ? equals + 1 : NULL, argv, argc, next);
}

/* `-o FILE`, `-oFILE`, and switches run together as in `-qh`. */
static bool take_letters(cli *c, const char *letters, const char **argv, int argc, int *next)
{
    option found;
    for (; *letters; letters++) {
        if (!find_letter(c, *letters, &found)) return false;
        const char *rest = found.value && letters[1] ? letters + 1 : NULL;
        if (!take_option(c, &found, rest, argv, argc, next)) return false;
        if (found.value) break;
    }
    return true;
}

static bool count_operands(cli *c)
{
    if (c->args.value[OPT_HELP]) return true;
    if (c->args.operand_count < c->command->operands_min) {
        complain(c, EXIT_USAGE, "usage: tradecost %s [options] %s", c->command->name, c->command->operands);
        return false;
    }
    if (c->args.operand_count <= c->command->operands_max) return true;
    complain(c, EXIT_USAGE, "unexpected argument \"%s\"", c->args.operands[c->command->operands_max]);
    return false;
}

bool options_parse(cli *c, int argc, const char **argv, int first)
{
    c->args.operands = argv + first;
    bool options_end = false;
    for (int next = first; next < argc;) {
        const char *argument = argv[next++];
        bool taken = true;
        if (options_end || argument[0] != '-' || !argument[1]) c->args.operands[c->args.operand_count++] = argument;
        else if (!strcmp(argument, "--")) options_end = true;
        else if (argument[1] == '-') taken = take_long(c, argument + 2, argv, argc, &next);
        else taken = take_letters(c, argument + 1, argv, argc, &next);
        if (!taken) return false;
        if (c->args.value[OPT_HELP]) return true;
    }
    return count_operands(c);
}
