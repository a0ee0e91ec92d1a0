/* Lists: data that defaults and selectors read. One table of readers. */
#include <string.h>

#include "loader.h"
#include "tariff/words.h"

#define PUSH(array) tc_array_push(&loader->book->array, sizeof *loader->book->array.data)

static bool no_memory(struct loader *loader) { return loader->no_memory = true, false; }

static tc_text text_of(const struct node *node) { return (tc_text){node->text, strlen(node->text)}; }

static bool read_span(struct loader *loader, const struct node *entry, int32_t *from, int32_t *until)
{
    const struct node *first = node_get(entry, "from"), *end = node_get(entry, "until");
    *from = loader->book->first_day;
    *until = TC_DATE_MAX;
    if (first && !read_day(loader, first, from)) return false;
    if (end && !read_day(loader, end, until)) return false;
    return *from < *until || refuse(loader, entry, "until is the first day after", "reversed interval");
}

static bool find_word(struct loader *loader, const struct node *node, tc_selector selector, uint8_t *number)
{
    *number = tc_word_find(selector, text_of(node));
    return *number || !strcmp(node->text, "none") || refuse(loader, node, "", "%s is no %s", node->text, tc_selector_name(selector));
}

static bool read_series(struct loader *loader, const struct node *entry)
{
    const struct node *exchange = node_get(entry, "exchange"), *names = node_get(entry, "names"), *netting = node_get(entry, "netting");
    uint8_t place, nets;
    if (!check_keys(loader, entry, "exchange names netting note source")) return false;
    if (!exchange || !names || !netting) return refuse(loader, entry, "{exchange, names, netting}", "an incomplete entry");
    if (!find_word(loader, exchange, TC_SEL_EXCHANGE, &place)) return false;
    if (!find_word(loader, netting, TC_SEL_NETTING, &nets)) return false;
    for (const struct item *item = names->first; item; item = item->next) {
        struct series *series = PUSH(series);
        if (!series) return no_memory(loader);
        series->exchange = place;
        series->netting = nets;
        series->number = series_number(loader, item->value, item->value->text);
        series->name = intern(loader, item->value->text);
        if (!series->number) return false;
    }
    return true;
}

static bool read_etf(struct loader *loader, const struct node *entry)
{
    const struct node *symbol = node_get(entry, "symbol"), *isin = node_get(entry, "isin"), *class_ = node_get(entry, "class");
    struct etf *etf = PUSH(etfs);
    if (!etf) return no_memory(loader);
    if (!check_keys(loader, entry, "symbol isin class from until note source")) return false;
    if (!symbol || !class_) return refuse(loader, entry, "{symbol, isin, class}", "an incomplete entry");
    uint32_t symbol_text = intern(loader, symbol->text), isin_text = isin ? intern(loader, isin->text) : 0;
    etf->symbol = symbol_text;
    etf->isin = isin_text;
    return find_word(loader, class_, TC_SEL_CLASS, &etf->class_) && read_span(loader, entry, &etf->from, &etf->until);
}

static bool read_ctt(struct loader *loader, const struct node *steps, struct commodity *commodity)
{
    commodity->ctt = loader->book->ctt_steps.count;
    for (const struct item *item = steps->first; item; item = item->next) {
        const struct node *from = node_get(item->value, "from"), *is = node_get(item->value, "is");
        struct ctt_step *step = PUSH(ctt_steps);
        if (!step) return no_memory(loader);
        if (!from || !is) return refuse(loader, item->value, "{from, is}", "an incomplete step");
        if (!read_day(loader, from, &step->from) || !find_word(loader, is, TC_SEL_CTT, &step->is)) return false;
        commodity->ctt_count++;
    }
    return true;
}

static bool read_commodity(struct loader *loader, const struct node *entry)
{
    const struct node *prefix = node_get(entry, "prefix"), *name = node_get(entry, "name"), *ctt = node_get(entry, "ctt");
    const struct node *agri = node_get(entry, "agri"), *index = node_get(entry, "index"), *unit = node_get(entry, "unit_kg");
    struct commodity commodity;
    memset(&commodity, 0, sizeof commodity);
    if (!check_keys(loader, entry, "prefix name ctt agri index unit_kg note source")) return false;
    if (!prefix || !name || !ctt) return refuse(loader, entry, "{prefix, name, ctt, agri}", "an incomplete entry");
    commodity.prefix = intern(loader, prefix->text);
    commodity.underlying = underlying_number(loader, name, name->text);
    if (agri && !read_bool(loader, agri, &commodity.agri)) return false;
    if (index && !read_bool(loader, index, &commodity.index)) return false;
    if (unit && !read_decimal(loader, unit, 6, &commodity.unit_kg)) return false;
    if (!commodity.underlying || !read_ctt(loader, ctt, &commodity)) return false;
    struct commodity *slot = PUSH(commodities);
    if (!slot) return no_memory(loader);
    memcpy(slot, &commodity, sizeof commodity);
    return true;
}

static bool read_contract_steps(struct loader *loader, const struct node *steps, const char *what, uint8_t code, uint8_t underlying)
{
    for (const struct item *item = steps ? steps->first : NULL; item; item = item->next) {
        const struct node *value = node_get(item->value, what);
        struct contract_step *step = PUSH(contract_steps);
        if (!step) return no_memory(loader);
        if (!check_keys(loader, item->value, "from until lot tick freeze note source")) return false;
        if (!value) return refuse(loader, item->value, "", "a step without its %s", what);
        step->underlying = underlying;
        step->what = code;
        if (!read_decimal(loader, value, 6, &step->value)) return false;
        if (!read_span(loader, item->value, &step->from, &step->until)) return false;
    }
    return true;
}

static bool read_index(struct loader *loader, const struct node *entry)
{
    const struct node *name = node_get(entry, "name"), *exchange = node_get(entry, "exchange");
    struct contract contract;
    memset(&contract, 0, sizeof contract);
    if (!check_keys(loader, entry, "name exchange lot tick freeze note source")) return false;
    if (!name || !exchange) return refuse(loader, entry, "{name, exchange, lot}", "an incomplete entry");
    contract.name = intern(loader, name->text);
    contract.underlying = underlying_number(loader, name, name->text);
    if (!contract.underlying || !find_word(loader, exchange, TC_SEL_EXCHANGE, &contract.exchange)) return false;
    struct contract *slot = PUSH(contracts);
    if (!slot) return no_memory(loader);
    memcpy(slot, &contract, sizeof contract);
    return read_contract_steps(loader, node_get(entry, "lot"), "lot", CONTRACT_LOT, contract.underlying) &&
           read_contract_steps(loader, node_get(entry, "tick"), "tick", CONTRACT_TICK, contract.underlying) &&
           read_contract_steps(loader, node_get(entry, "freeze"), "freeze", CONTRACT_FREEZE, contract.underlying);
}

static bool read_tick(struct loader *loader, const struct node *entry)
{
    const struct node *exchange = node_get(entry, "exchange"), *segment = node_get(entry, "segment");
    const struct node *instrument = node_get(entry, "instrument"), *class_ = node_get(entry, "class");
    const struct node *price = node_get(entry, "price"), *tick = node_get(entry, "tick");
    const struct node *from = price ? node_get(price, "from") : NULL, *below = price ? node_get(price, "below") : NULL;
    struct tick_band *band = PUSH(ticks);
    if (!band) return no_memory(loader);
    band->price_below = INT64_MAX;
    if (!check_keys(loader, entry, "exchange segment instrument class price tick from until note source")) return false;
    if (!exchange || !segment || !tick) return refuse(loader, entry, "{exchange, segment, price: {from, below}, tick}", "an incomplete band");
    if (!find_word(loader, exchange, TC_SEL_EXCHANGE, &band->exchange)) return false;
    if (!find_word(loader, segment, TC_SEL_SEGMENT, &band->segment)) return false;
    if (instrument && !find_word(loader, instrument, TC_SEL_INSTRUMENT, &band->instrument)) return false;
    if (class_ && !find_word(loader, class_, TC_SEL_CLASS, &band->class_)) return false;
    if (from && !read_decimal(loader, from, 6, &band->price_from)) return false;
    if (below && !read_decimal(loader, below, 6, &band->price_below)) return false;
    return read_decimal(loader, tick, 6, &band->tick) && read_span(loader, entry, &band->from, &band->until);
}

static bool read_physical(struct loader *loader, const struct node *entry)
{
    const struct node *from = node_get(entry, "from");
    struct physical_stage *stage = PUSH(physical);
    if (!stage) return no_memory(loader);
    if (!check_keys(loader, entry, "stage from note source")) return false;
    return from ? read_day(loader, from, &stage->from) : refuse(loader, entry, "from: yyyy-mm-dd", "a stage without its first day");
}

static const struct { const char *name; bool (*read)(struct loader *loader, const struct node *entry); } lists[] = {
    {"series", read_series}, {"etf", read_etf}, {"commodity", read_commodity},
    {"index", read_index}, {"tick", read_tick}, {"physical", read_physical}};

bool read_list(struct loader *loader, const struct node *document)
{
    const struct node *name = node_get(document, "list"), *entries = node_get(document, "entries");
    size_t i = 0;
    if (!check_keys(loader, document, "list source note entries")) return false;
    while (i < sizeof lists / sizeof *lists && strcmp(lists[i].name, name->text)) i++;
    if (i == sizeof lists / sizeof *lists) return refuse(loader, name, "series etf commodity index tick physical", "no such list: %s", name->text);
    if (!node_get(document, "source")) return refuse(loader, document, "source: {ref, status}", "missing source");
    if (!entries || entries->kind != NODE_SEQUENCE) return refuse(loader, document, "entries: [...]", "a list without entries");
    bool fine = true;
    for (const struct item *item = entries->first; item; item = item->next) fine = lists[i].read(loader, item->value) && fine;
    return fine;
}
