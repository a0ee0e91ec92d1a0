#include "mode.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { WHERE_SIZE = 1024 };
static const int64_t MICROS_A_DAY = INT64_C(86400000000), MICROS_OF_ZONE = INT64_C(19800000000); /* IST is UTC + 05:30 */
static const int64_t MICROS_TO_CLOSE = (TC_SESSION_OPENS_MINUTE + TC_SESSION_MINUTES) * INT64_C(60000000);

bool option_at_time(cli *c, int64_t *at)
{
    const char *text = c->args.value[OPT_AT];
    tc_date date;
    int64_t micros = MICROS_TO_CLOSE;
    *at = TC_NOW;
    if (!text) return true;
    bool read = tc_date_parse(&date, text, strlen(text)) == TC_OK ||
                (tc_time_read(&date, &micros, text, strlen(text)) == TC_OK && date.day >= TC_DATE_MIN);
    if (read) *at = date.day * MICROS_A_DAY + micros - MICROS_OF_ZONE;
    else complain(c, EXIT_USAGE, "--at: bad date: \"%s\" is not a time as 2026-04-02T10:30", text);
    return read;
}

bool option_seed(cli *c, uint64_t *seed, uint64_t fallback)
{
    const char *text = c->args.value[OPT_SEED];
    char *end;
    *seed = fallback;
    if (!text) return true;
    errno = 0;
    *seed = strtoull(text, &end, 10);
    if (*text >= '0' && *text <= '9' && !*end && !errno) return true;
    complain(c, EXIT_USAGE, "--seed: bad number: \"%s\" is not a whole number from 0 to 18446744073709551615", text);
    return false;
}

typedef enum { HISTORICAL, REALTIME, SIMULATION } mode;

static mode mode_of(const cli *c)
{
    const char *word = c->args.value[OPT_MODE];
    if (word) return !strcmp(word, "realtime") ? REALTIME : !strcmp(word, "simulation") ? SIMULATION : HISTORICAL;
    if (c->args.value[OPT_SEED]) return SIMULATION;
    return c->args.value[OPT_PROVIDER] && !c->args.value[OPT_AT] ? REALTIME : HISTORICAL;
}

bool mode_is_realtime(const cli *c)
{
    return mode_of(c) == REALTIME;
}

/* What contradicts the mode, or is wanting in it; NULL: nothing. */
static const char *objection(const cli *c, mode m)
{
    const char *const *given = c->args.value;
    if (m == REALTIME && !given[OPT_PROVIDER]) return "--mode realtime needs --provider; see tradecost market providers";
    if (m == REALTIME && given[OPT_AT]) return "--mode realtime is now: it takes no --at";
    if (m == SIMULATION && !given[OPT_SEED]) return "--mode simulation needs --seed, so that it can be had again";
    if (m == SIMULATION && given[OPT_STORE]) return "--mode simulation has no --store: nothing of it is recorded";
    if (m != SIMULATION && given[OPT_SEED]) return "--seed goes with --mode simulation";
    if (given[OPT_STORE] && given[OPT_PROVIDER]) return "--store and --provider are two sources: give one";
    return NULL;
}

/* NAME[=WHERE]: the provider's name goes to `name`, and what is behind it is returned, or NULL. */
static const char *split_provider(char name[64], const char *text)
{
    size_t size = strcspn(text, "=");
    snprintf(name, 64, "%.*s", (int)(size < 63 ? size : 63), text);
    return text[size] ? text + size + 1 : NULL;
}

/* Which provider, and where it is. A seed goes to the provider in front of what --provider says of its processes. */
static const char *choose(const cli *c, mode m, char name[64], char where[WHERE_SIZE])
{
    const char *provider = c->args.value[OPT_PROVIDER];
    const char *more = split_provider(name, provider ? provider : m == SIMULATION ? "synthetic" : "store");
    if (m == HISTORICAL && !provider) return c->args.value[OPT_STORE];
    if (m != SIMULATION) return more;
    snprintf(where, WHERE_SIZE, "seed=%s%s%s", c->args.value[OPT_SEED], more ? "," : "", more ? more : "");
    return where;
}

/* A message may begin with the provider's name, for those who see nothing else. */
static void complain_provider(cli *c, const char *name, tc_status status, const tc_error *error)
{
    size_t size = strlen(name);
    bool named = !strncmp(error->message, name, size) && !strncmp(error->message + size, ": ", 2);
    const char *message = error->message + (named ? size + 2 : 0);
    if (error->line) complain(c, exit_status_of(status), "%s: line %u: %s: %s", name, error->line, tc_status_code(status), message);
    else complain(c, exit_status_of(status), "%s: %s: %s", name, tc_status_code(status), message);
}

bool market_open(cli *c, market_source *source)
{
    char name[64], where[WHERE_SIZE];
    tc_error error = {0};
    uint64_t seed;
    mode m = mode_of(c);
    const char *wrong = objection(c, m);
    if (wrong) complain(c, EXIT_USAGE, "%s", wrong);
    if (wrong || !option_at_time(c, &source->at) || !option_seed(c, &seed, 0)) return false;
    const char *at = choose(c, m, name, where);
    source->provider = tc_provider_find(name, &error);
    if (!source->provider) {
        complain(c, error.status == TC_UNKNOWN_WORD ? EXIT_USAGE : EXIT_FAILED, "--provider: %s; see tradecost market providers", error.message);
        return false;
    }
    tc_status status = source->provider->open(&source->handle, &error, at);
    if (status) complain_provider(c, name, status, &error);
    return !status;
}

tc_status market_ask(const market_source *source, tc_market *market, tc_error *error, const tc_security *which)
{
    tc_status status = source->provider->market(source->handle, market, error, which, source->at);
    return status ? status : tc_market_check(market, error);
}

void complain_market(cli *c, const tc_security *which, tc_status status, const tc_error *error)
{
    complain(c, exit_status_of(status), "%.*s%s%.*s: %s: %s", (int)which->exchange.size, which->exchange.data,
             which->exchange.size ? ":" : "", (int)which->symbol.size, which->symbol.data, tc_status_code(status), error->message);
}

void market_close(market_source *source)
{
    if (source->provider) source->provider->close(source->handle);
    source->handle = NULL;
}

void run_market_providers(cli *c)
{
    static const sheet_column columns[] = {{"provider", false}, {"summary", false}, {"where", false}, {"secrets", false}};
    const tc_provider *provider;
    sheet s;
    sheet_open(&s, &c->out, c->format, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; (provider = tc_provider_at(i)); i++) {
        sheet_string(&s, provider->name);
        sheet_string(&s, provider->summary);
        sheet_string(&s, provider->where);
        sheet_string(&s, provider->secrets);
        sheet_end_row(&s);
    }
    sheet_close(&s);
}
