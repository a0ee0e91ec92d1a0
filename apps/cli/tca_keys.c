#include "tca.h"

static const char key_names[] = "order_id date month weekday hour client broker exchange segment symbol side product size";

/* What the order is worth: at the price it was decided at, else as filled. */
static const char *size_bucket(const tca_order *o)
{
    static const struct { int64_t below; const char *name; } buckets[] = {
        {100000, "1 below 1 lakh"}, {1000000, "2 1-10 lakh"}, {10000000, "3 10 lakh-1 crore"}, {100000000, "4 1-10 crore"}};
    wide rupees = (o->valued ? o->loss.paper.micros : o->charges.turnover_micros) / 1000000;
    for (size_t i = 0; i < sizeof buckets / sizeof *buckets; i++)
        if (rupees < buckets[i].below) return buckets[i].name;
    return "5 above 10 crore";
}

static tc_date order_day(const tca_order *o)
{
    if (o->arrival_time == TC_TIME_UNKNOWN) return o->from;
    return (tc_date){(int32_t)tc_day_of_time(o->arrival_time)};
}

static void date_key(tc_buffer *to, const tca_order *o, tc_text name)
{
    static const char *const days[] = {"1 Monday", "2 Tuesday", "3 Wednesday", "4 Thursday", "5 Friday", "6 Saturday", "7 Sunday"};
    enum { MONTH_SIZE = 7, THURSDAY = 3 }; /* 1970-01-01 was one */
    char text[TC_DATE_TEXT_SIZE];
    tc_date day = order_day(o);
    if (day.day < TC_DATE_MIN) return;
    tc_date_format(text, day);
    if (tc_text_is(name, "weekday")) buffer_string(to, days[((day.day + THURSDAY) % 7 + 7) % 7]);
    else buffer_add(to, text, tc_text_is(name, "month") ? MONTH_SIZE : TC_DATE_TEXT_SIZE - 1);
}

static void hour_key(tc_buffer *to, const tca_order *o)
{
    if (o->arrival_time == TC_TIME_UNKNOWN) return;
    int64_t of_day = o->arrival_time + TC_IST_MICROS - tc_day_of_time(o->arrival_time) * TC_DAY_MICROS;
    buffer_print(to, "%02d", (int)(of_day / INT64_C(3600000000)));
}

tc_text tca_word_of(const tca_order *o, tc_text name)
{
    static tc_buffer text;
    const struct { const char *name; tc_text text; } plain[] = {
        {"order_id", o->id}, {"client", o->client}, {"broker", o->broker}, {"exchange", o->exchange}, {"symbol", o->symbol},
        {"segment", tc_text_of(o->segment)}, {"product", tc_text_of(o->product)}, {"side", tc_text_of(tc_word(TC_SEL_SIDE, o->side))}};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (tc_text_is(name, plain[i].name)) return plain[i].text;
    text.size = 0;
    if (tc_text_is(name, "hour")) hour_key(&text, o);
    else if (tc_text_is(name, "size")) buffer_string(&text, size_bucket(o));
    else date_key(&text, o, name);
    return (tc_text){text.data, text.size};
}

tc_text tca_key_text(const tca_run *r, const tca_order *o, size_t key)
{
    return r->keys[key].built_in ? tca_word_of(o, r->keys[key].name) : o->own[key];
}

bool tca_read_keys(tca_run *r)
{
    const char *at = r->c->args.value[OPT_TCA_BY];
    for (; at; at += *at == ',') {
        size_t size = strcspn(at, ",");
        if (!size || r->key_count == TCA_KEYS_MAX) {
            complain(r->c, EXIT_USAGE, "--by: up to %d columns, parted by commas", TCA_KEYS_MAX);
            return false;
        }
        tc_text name = {at, size};
        r->keys[r->key_count++] = (tca_key){name, word_in(name, key_names), NO_PLACE};
        at += size;
        if (!*at) break;
    }
    return true;
}

bool tca_check_keys(tca_run *r, bool (*has)(const void *context, tc_text name), const void *context)
{
    for (size_t k = 0; k < r->key_count; k++) {
        const tca_key *key = &r->keys[k];
        if (key->built_in || key->column != NO_PLACE || has(context, key->name)) continue;
        const char *like = nearest_word(key->name, key_names);
        complain(r->c, EXIT_USAGE, "--by: no file has a column \"%.*s\"%s%s; without one: %s", (int)key->name.size, key->name.data,
                 like ? "; did you mean " : "", like ? like : "", key_names);
        return false;
    }
    return true;
}
