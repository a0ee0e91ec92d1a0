/* How estimates are shown: the words that every way shares, and which way it is. */
#include <math.h>

#include "estimate.h"

const char *const quantile_names[TC_QUANTILE_COUNT] = {"q05", "q50", "q95"};

const char *interval_of(double se, double sd)
{
    if (isnan(sd)) return NULL;
    return isnan(se) ? "sd" : "se and sd";
}

#define AS_FLAG(name, word, meaning) {word, meaning},
static const struct {
    const char *word, *meaning;
} market_flags[] = {TC_MARKET_FLAGS(AS_FLAG)};

const char *market_flag_word(unsigned bit)
{
    return market_flags[bit].word;
}

const char *market_flag_meaning(unsigned bit)
{
    return market_flags[bit].meaning;
}

void time_text(char text[TC_MOMENT_TEXT_SIZE], int64_t time)
{
    static const int64_t day = INT64_C(86400000000), zone = INT64_C(19800000000);
    text[0] = '\0';
    if (time == INT64_MIN) return;
    int64_t there = time + zone, since = ((there % day) + day) % day;
    const tc_moment moment = {.has_date = true, .has_time = true, .date = {(int32_t)((there - since) / day)}, .micros = since};
    tc_moment_format(text, &moment);
}

tc_text money_text(char *room, wide nanos)
{
    return (tc_text){room, number_write(room, nanos, NANO_DECIMALS, 0)};
}

void view_begin(estimate_view *v)
{
    sheet_format format = v->c->format;
    if (format == FORMAT_JSON || format == FORMAT_NDJSON) v->way = &as_json;
    else if (format == FORMAT_CSV) v->way = &as_rows;
    else v->way = v->basket ? &as_basket_table : &as_table;
    v->way->begin(v);
}

void view_order(estimate_view *v, const estimated_order *o)
{
    v->way->add(v, o);
}

void view_end(estimate_view *v, const basket_total *total)
{
    v->way->end(v, total);
}
