#include "io/bill.h"

#include <stdio.h>
#include <stdlib.h>

#include "bookview.h"
#include "tradebook.h"

/* Why an amount differs. */
#define CAUSES(X) X(AGREES, "") X(RATE, "rate") X(BASE, "base") X(ROUNDING, "rounding") X(PLAN, "plan") \
    X(PRODUCT, "product") X(MISSING, "missing") X(UNEXPLAINED, "unexplained")
#define AS_ENUM(id, word) id,
enum cause { CAUSES(AS_ENUM) };
#undef AS_ENUM
#define AS_WORD(id, word) word,
static const char *const cause_words[] = {CAUSES(AS_WORD)};
#undef AS_WORD

/* What the bill says of one day: an amount for a set of charges. */
struct billed {
    tc_date date;
    uint16_t charges; /* bit a charge */
    wide nanos;
};

/* How the day would have been priced under another assumption. */
struct supposition {
    enum cause cause;
    uint16_t about; /* bit a charge: what it may explain */
    cost_sum sum;
    char why[200];
};
enum { SUPPOSITIONS_MAX = 96 };

struct reconciling {
    cli *c;
    tradebook *book;
    tc_day *day;
    sheet sheet;
    struct billed *bill;
    size_t bill_count, bill_room, bill_next;

    const trade_day *trades; /* of the date in hand */
    tc_date date;
    const struct billed *billed; /* of this date */
    size_t billed_count;
    cost_sum ours, exact;
    wide by_fill[2][TC_CHARGE_COUNT]; /* exact amounts rounded fill by fill: to paise, to rupees */
    struct supposition *suppositions;
    size_t supposition_count;
    bool supposed;
};

static bool has(uint16_t charges, int charge)
{
    return charges >> charge & 1;
}

static wide sum_over(const cost_sum *sum, uint16_t charges)
{
    wide nanos = 0;
    for (int charge = 0; charge < TC_CHARGE_COUNT; charge++)
        if (has(charges, charge)) nanos += sum->charge_nanos[charge];
    return nanos;
}

static wide size_of(wide amount)
{
    return amount < 0 ? -amount : amount;
}

/* The bill. */

static tc_status take_line(void *context, const tc_bill_line *line)
{
    struct reconciling *r = context;
    NEED_ROOM(r->bill, r->bill_count, r->bill_room);
    r->bill[r->bill_count++] = (struct billed){line->date, line->covers, line->amount.nanos};
    return TC_OK;
}

static int compare_billed(const void *a, const void *b)
{
    const struct billed *x = a, *y = b;
    if (x->date.day != y->date.day) return x->date.day < y->date.day ? -1 : 1;
    return x->charges - y->charges;
}

/* Lines of one day that share a charge are one amount, for nobody can tell
 * what each of them holds of it. */
static void merge_bill(struct reconciling *r)
{
    size_t count = 0;
    if (r->bill_count) qsort(r->bill, r->bill_count, sizeof *r->bill, compare_billed);
    for (size_t i = 0; i < r->bill_count; i++) {
        struct billed line = r->bill[i];
        for (size_t j = count; j-- > 0 && r->bill[j].date.day == line.date.day;) {
            if (!(r->bill[j].charges & line.charges)) continue;
            line.charges |= r->bill[j].charges;
            line.nanos += r->bill[j].nanos;
            memmove(&r->bill[j], &r->bill[j + 1], (--count - j) * sizeof *r->bill);
        }
        r->bill[count++] = line;
    }
    r->bill_count = count;
}

static bool read_bill(struct reconciling *r)
{
    const char *path = r->c->args.operands[1];
    tc_error error = {0};
    tc_status status = tc_bill_read(path, take_line, r, &error);
    if (status == TC_OK) {
        merge_bill(r);
        return true;
    }
    complain_file(r->c, path, status, &error);
    return false;
}

/* Our side of a day. */

static wide rounded_to(wide nanos, wide step)
{
    return (nanos + step / 2) / step * step;
}

static void add_answers(cost_sum *sum, const trade_day *trades, const tc_fill_cost *answers)
{
    for (size_t i = 0; i < trades->trades; i++)
        if (answers[i].status == TC_OK) cost_sum_add(sum, &answers[i].cost);
}

static void price_ours(struct reconciling *r)
{
    static const wide steps[] = {TC_NANOS_PER_PAISA, TC_NANOS_PER_RUPEE};
    const variation exactly = {.exact = true};
    memset(&r->ours, 0, sizeof r->ours);
    memset(&r->exact, 0, sizeof r->exact);
    memset(r->by_fill, 0, sizeof r->by_fill);
    add_answers(&r->ours, r->trades, day_price(r->book, r->day, r->trades, NULL));
    const tc_fill_cost *answers = day_price(r->book, r->day, r->trades, &exactly);
    add_answers(&r->exact, r->trades, answers);
    for (size_t i = 0; i < r->trades->trades; i++)
        for (int charge = 0; charge < TC_CHARGE_COUNT; charge++)
            for (int s = 0; s < 2; s++)
                r->by_fill[s][charge] += rounded_to(answers[i].cost.charge[charge].nanos, steps[s]);
}

/* Suppositions. */

static void suppose(struct reconciling *r, enum cause cause, uint16_t about, const variation *as, const char *why)
{
    if (r->supposition_count == SUPPOSITIONS_MAX) return;
    const tc_fill_cost *answers = day_price(r->book, r->day, r->trades, as);
    struct supposition *s = &r->suppositions[r->supposition_count];
    *s = (struct supposition){.cause = cause, .about = about};
    for (size_t i = 0; i < r->trades->trades; i++)
        if (answers[i].status != TC_OK) return;
    add_answers(&s->sum, r->trades, answers);
    snprintf(s->why, sizeof s->why, "%s", why);
    r->supposition_count++;
}

enum { ALL_CHARGES = (1 << TC_CHARGE_COUNT) - 1 };

static const tc_trade *first_trade(const struct reconciling *r)
{
    for (size_t i = 0; i < r->trades->count; i++)
        if (r->trades->rows[i].status == TC_OK) return &r->trades->rows[i].fill.trade;
    return NULL;
}

static void suppose_plans(struct reconciling *r, const tc_trade *trade)
{
    char why[200];
    for (size_t plan = 0; plan < tc_book_plan_count(r->c->book); plan++) {
        tc_plan_info info = tc_book_plan(r->c->book, plan);
        if (info.broker != trade->broker || plan == trade->plan) continue;
        const variation as = {.other_plan = true, .plan = (uint16_t)plan};
        snprintf(why, sizeof why, "as plan %s of %s charges", info.id, tc_book_broker(r->c->book, info.broker).id);
        suppose(r, PLAN, ALL_CHARGES, &as, why);
    }
}

static void suppose_products(struct reconciling *r)
{
    static const uint8_t products[] = {TC_DELIVERY, TC_INTRADAY};
    char why[200];
    for (size_t i = 0; i < sizeof products; i++) {
        const variation as = {.product = products[i]};
        snprintf(why, sizeof why, "as if every share trade were %s", tc_word(TC_SEL_PRODUCT, products[i]));
        suppose(r, PRODUCT, ALL_CHARGES, &as, why);
    }
}

/* The nearest days before and after the date on which some rule of the charge
 * begins: what a bill made with a stale, or an early, rate would show. */
static void suppose_rates(struct reconciling *r, const tc_trade *trade, int charge)
{
    const tc_book *book = r->c->book;
    const char *before = NULL, *after = NULL;
    tc_date changed = {INT32_MIN}, changes = {INT32_MAX};
    char why[200], day[TC_DATE_TEXT_SIZE];
    for (size_t i = 0; i < tc_book_rule_count(book); i++) {
        tc_rule_info rule = tc_book_rule(book, i);
        if (rule.charge != charge || !tc_book_rule_in_plan(book, i, trade->plan)) continue;
        bool begun = rule.from.day <= r->date.day;
        if (begun && rule.from.day > changed.day) changed = rule.from, before = rule.id;
        if (!begun && rule.from.day < changes.day) changes = rule.from, after = rule.id;
    }
    uint16_t about = (uint16_t)(1u << charge | 1u << TC_GST);
    if (before && changed.day > tc_book_first_day(book).day) {
        const variation as = {.date = {changed.day - 1}};
        tc_date_format(day, changed);
        snprintf(why, sizeof why, "the rate before %s (%s)", day, before);
        suppose(r, RATE, about, &as, why);
    }
    if (after) {
        const variation as = {.date = changes};
        tc_date_format(day, changes);
        snprintf(why, sizeof why, "the rate from %s (%s)", day, after);
        suppose(r, RATE, about, &as, why);
    }
}

static void make_suppositions(struct reconciling *r)
{
    if (r->supposed) return;
    r->supposed = true;
    const tc_trade *trade = first_trade(r);
    if (!trade) return;
    suppose_plans(r, trade);
    suppose_products(r);
    for (int charge = 0; charge < TC_CHARGE_COUNT; charge++) suppose_rates(r, trade, charge);
}

/* Rows. */

struct finding {
    uint16_t charges;
    bool theirs_known, ours_known;
    wide ours, theirs;
};

static void put_amount(sheet *s, wide nanos, bool known)
{
    char text[NUMBER_SIZE];
    const number_style style = {false, PAISA_DECIMALS};
    sheet_plain(s, text, known ? number_money(text, nanos, style) : 0);
}

static void put_finding(struct reconciling *r, const struct finding *f, enum cause cause, wide amount, const char *why)
{
    sheet *s = &r->sheet;
    tc_buffer names = {0};
    for (int charge = 0; charge < TC_CHARGE_COUNT; charge++)
        if (has(f->charges, charge))
            buffer_print(&names, "%s%s", names.size ? "+" : "", tc_charge_name((tc_charge)charge));
    sheet_date(s, r->date);
    sheet_text(s, (tc_text){names.data, names.size});
    put_amount(s, f->ours, f->ours_known);
    put_amount(s, f->theirs, f->theirs_known);
    put_amount(s, f->theirs - f->ours, true);
    sheet_string(s, cause_words[cause]);
    put_amount(s, amount, true);
    sheet_string(s, why);
    sheet_end_row(s);
    tc_buffer_free(&names);
    if (cause == UNEXPLAINED) raise_status(r->c, EXIT_NO_RESULT);
}

/* A rupee where notes round to the rupee, a few paise elsewhere. */
static wide rounding_tolerance(uint16_t charges)
{
    const uint16_t to_the_rupee = 1u << TC_TRANSACTION_TAX | 1u << TC_STAMP_DUTY;
    return charges & to_the_rupee ? TC_NANOS_PER_RUPEE - 1 : 5 * TC_NANOS_PER_PAISA - 1;
}

/* Less than half a paisa is how it was printed. */
static bool same_amount(wide a, wide b)
{
    return size_of(a - b) < TC_NANOS_PER_PAISA / 2;
}

static bool find_rounding(struct reconciling *r, const struct finding *f)
{
    wide exact = sum_over(&r->exact, f->charges), by_fill[2] = {0};
    for (int s = 0; s < 2; s++)
        for (int charge = 0; charge < TC_CHARGE_COUNT; charge++)
            if (has(f->charges, charge)) by_fill[s] += r->by_fill[s][charge];
    const struct {
        wide amount;
        const char *why;
    } ways[] = {{exact, "not rounded"},
                {rounded_to(exact, TC_NANOS_PER_PAISA), "rounded once, to the paisa"},
                {rounded_to(exact, TC_NANOS_PER_RUPEE), "rounded once, to the rupee"},
                {by_fill[0], "rounded fill by fill, to the paisa"},
                {by_fill[1], "rounded fill by fill, to the rupee"}};
    wide difference = f->theirs - f->ours;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        if (!same_amount(ways[i].amount, f->theirs)) continue;
        put_finding(r, f, ROUNDING, difference, ways[i].why);
        return true;
    }
    if (size_of(difference) > rounding_tolerance(f->charges)) return false;
    put_finding(r, f, ROUNDING, difference, "within a step of rounding");
    return true;
}

/* What a supposition leaves over must be no more than rounding; the one that
 * leaves least is believed, the earlier of two equals. */
static bool find_supposition(struct reconciling *r, const struct finding *f)
{
    const struct supposition *best = NULL;
    wide least = rounding_tolerance(f->charges) + 1;
    make_suppositions(r);
    for (size_t i = 0; i < r->supposition_count; i++) {
        const struct supposition *s = &r->suppositions[i];
        wide left = size_of(f->theirs - sum_over(&s->sum, f->charges));
        if ((s->about & f->charges) != f->charges || left >= least) continue;
        best = s;
        least = left;
    }
    if (!best) return false;
    wide moved = sum_over(&best->sum, f->charges) - f->ours, left = f->theirs - f->ours - moved;
    put_finding(r, f, best->cause, moved, best->why);
    if (left) put_finding(r, f, ROUNDING, left, "within a step of rounding");
    return true;
}

/* GST. */

static wide billed_amount(const struct reconciling *r, int charge)
{
    for (size_t i = 0; i < r->billed_count; i++)
        if (r->billed[i].charges == 1u << charge) return r->billed[i].nanos;
    return r->ours.charge_nanos[charge];
}

/* The rate of GST that our own lines show. */
static int64_t gst_picos(struct reconciling *r)
{
    const tc_trade *trade = first_trade(r);
    tc_line lines[TC_LINES_MAX];
    tc_cost cost;
    size_t count;
    int64_t picos = 0;
    const tc_options exactly = {.level = TC_EXACT};
    if (!trade || tc_explain(&cost, lines, &count, NULL, r->c->book, trade, &exactly) != TC_OK) return 0;
    for (size_t i = 0; i < count; i++)
        if (lines[i].charge == TC_GST) picos += lines[i].rate.picos;
    return picos;
}

static void name_lines(char *text, size_t room, uint16_t lines)
{
    size_t size = (size_t)snprintf(text, room, "%s", "GST on the bill's own");
    const char *between = " ";
    for (int charge = 0; charge < TC_CHARGE_COUNT; charge++) {
        if (!has(lines, charge) || size >= room) continue;
        size += (size_t)snprintf(text + size, room - size, "%s%s", between, tc_charge_name((tc_charge)charge));
        between = ", ";
    }
}

/* Tax on the lines as they were billed, whichever of them the broker takes. A
 * set of more lines is believed before one of fewer. */
static bool find_gst_base(struct reconciling *r, const struct finding *f)
{
    static const int taxed[] = {TC_BROKERAGE, TC_EXCHANGE_CHARGE, TC_CLEARING_CHARGE, TC_SEBI_FEE, TC_IPFT, TC_OTHER};
    enum { TAXED = sizeof taxed / sizeof *taxed };
    const wide picos_per_one = 1000000000000;
    int64_t picos = gst_picos(r);
    if (f->charges != 1u << TC_GST || !picos) return false;
    for (unsigned set = 1u << TAXED; set-- > 1;) {
        wide base = 0;
        uint16_t lines = 0;
        for (int i = 0; i < TAXED; i++) {
            if (!(set >> i & 1)) continue;
            base += billed_amount(r, taxed[i]);
            lines |= (uint16_t)(1u << taxed[i]);
        }
        wide tax = rounded_to(base * picos / picos_per_one, TC_NANOS_PER_PAISA);
        if (size_of(tax - f->theirs) > 2 * TC_NANOS_PER_PAISA) continue;
        char why[160];
        name_lines(why, sizeof why, lines);
        put_finding(r, f, BASE, tax - f->ours, why);
        if (tax != f->theirs) put_finding(r, f, ROUNDING, f->theirs - tax, "each half rounded apart");
        return true;
    }
    return false;
}

/* A charge that the bill prints inside another one: what is missing here is too
 * much there. Taxes are by law lines of their own. */
static bool find_folded(struct reconciling *r, const struct finding *f, uint16_t all_billed)
{
    const uint16_t own_lines = 1u << TC_TRANSACTION_TAX | 1u << TC_STAMP_DUTY | 1u << TC_GST;
    if (f->charges & own_lines) return false;
    for (int charge = 0; charge < TC_CHARGE_COUNT; charge++) {
        wide inside = r->ours.charge_nanos[charge];
        if (!inside || has(all_billed | own_lines, charge)) continue;
        wide left = f->theirs - f->ours - inside;
        if (size_of(left) > 2 * TC_NANOS_PER_PAISA) continue;
        char why[80];
        snprintf(why, sizeof why, "%s is printed inside", tc_charge_name((tc_charge)charge));
        put_finding(r, f, BASE, inside, why);
        if (left) put_finding(r, f, ROUNDING, left, "within a step of rounding");
        return true;
    }
    return false;
}

static void explain_difference(struct reconciling *r, const struct finding *f, uint16_t all_billed)
{
    wide difference = f->theirs - f->ours;
    if (f->ours_known && !f->ours && !f->theirs) return;
    if (!f->ours_known) put_finding(r, f, MISSING, difference, "the book does not know this charge");
    else if (same_amount(f->ours, f->theirs)) put_finding(r, f, AGREES, difference, "");
    else if (find_rounding(r, f) || find_folded(r, f, all_billed)) return;
    else if (find_supposition(r, f) || find_gst_base(r, f)) return;
    else put_finding(r, f, UNEXPLAINED, difference, "no rate, base, rounding, plan or product of the book gives this");
}

static uint16_t charges_billed(const struct reconciling *r)
{
    uint16_t charges = 0;
    for (size_t i = 0; i < r->billed_count; i++) charges |= r->billed[i].charges;
    return charges;
}

/* Ours without theirs. The note does not carry DP charges, hence a bill without them is whole. */
static void put_missing(struct reconciling *r, uint16_t all_billed)
{
    const char *why = r->billed_count ? "the bill has no such line" : "the bill has nothing of this day";
    for (int charge = 0; charge < TC_CHARGE_COUNT; charge++) {
        wide ours = r->ours.charge_nanos[charge];
        if (!ours || has(all_billed, charge) || charge == TC_DP_CHARGE) continue;
        const struct finding f = {.charges = (uint16_t)(1u << charge), .ours = ours, .ours_known = true};
        put_finding(r, &f, MISSING, -ours, why);
    }
}

static void compare_day(struct reconciling *r)
{
    uint16_t all_billed = charges_billed(r);
    for (size_t i = 0; i < r->billed_count; i++) {
        const struct billed *line = &r->billed[i];
        struct finding f = {line->charges, true, !(r->ours.unknown & line->charges),
                            sum_over(&r->ours, line->charges), line->nanos};
        if (!f.ours_known) f.ours = 0;
        explain_difference(r, &f, all_billed);
    }
    put_missing(r, all_billed);
}

/* Days. */

static void take_billed(struct reconciling *r, tc_date date)
{
    r->date = date;
    r->billed = r->bill + r->bill_next;
    while (r->bill_next < r->bill_count && r->bill[r->bill_next].date.day == date.day) r->bill_next++;
    r->billed_count = (size_t)(r->bill + r->bill_next - r->billed);
}

/* Days of the bill on which there are no trades of ours. */
static void put_foreign_days(struct reconciling *r, int32_t before)
{
    while (r->bill_next < r->bill_count && r->bill[r->bill_next].date.day < before) {
        take_billed(r, r->bill[r->bill_next].date);
        for (size_t i = 0; i < r->billed_count; i++) {
            const struct finding f = {r->billed[i].charges, true, false, 0, r->billed[i].nanos};
            put_finding(r, &f, MISSING, f.theirs, "there are no trades of this day");
        }
    }
}

static void run_days(struct reconciling *r)
{
    while ((r->trades = tradebook_next(r->book))) {
        put_foreign_days(r, r->trades->date.day);
        take_billed(r, r->trades->date);
        r->supposed = false;
        r->supposition_count = 0;
        price_ours(r);
        compare_day(r);
    }
    put_foreign_days(r, INT32_MAX);
}

void run_reconcile(cli *c)
{
    static const sheet_column columns[] = {{"date", false}, {"charge", false}, {"ours", true}, {"theirs", true},
                                           {"difference", true}, {"class", false}, {"amount", true},
                                           {"explanation", false}};
    struct reconciling r = {.c = c};
    if (!read_bill(&r)) return;
    r.book = tradebook_open(c, c->args.operands, 1, &(tradebook_options){0});
    if (r.book) {
        r.day = new_day(c);
        r.suppositions = need_memory(NULL, SUPPOSITIONS_MAX, sizeof *r.suppositions);
        sheet_open(&r.sheet, &c->out, c->format, columns, sizeof columns / sizeof *columns);
        run_days(&r);
        sheet_close(&r.sheet);
        tc_day_free(r.day);
        tradebook_close(r.book);
        free(r.suppositions);
    }
    free(r.bill);
}
