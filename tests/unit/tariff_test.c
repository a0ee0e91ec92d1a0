/* The reader of the tariff language: each bad tariff is refused at its place, with words that say why. */
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"
#include "tradecost/tariffs.h"

/* A world of one exchange, one broker and nil charges, in which each bad file stands alone. */
static const char lists[] =
    "list: series\n"
    "entries: [{exchange: NSE, names: [EQ], netting: \"yes\"}]\n"
    "source: {ref: test, status: secondary}\n"
    "---\n"
    "list: index\n"
    "entries: [{name: MINI, exchange: NSE}]\n"
    "source: {ref: test, status: secondary}\n";
static const char law[] =
    "market: mini\n"
    "rules:\n"
    "  - when: {exchange: NSE, segment: equity, instrument: share, product: [delivery, intraday], side: [buy, sell], event: trade}\n"
    "    from: 2020-01-01\n"
    "    source: {ref: test, status: secondary}\n"
    "---\n"
    "charge: [transaction_tax, exchange_charge, clearing_charge, sebi_fee, ipft, stamp_duty, gst, other, dp_charge]\n"
    "rules:\n"
    "  - {id: mini/nil, amount: nil, source: {ref: test, status: secondary}}\n";
static const char broker[] =
    "broker: mini\n"
    "name: Mini\n"
    "plans: [{id: standard, default: true, from: 2020-01-01, source: {ref: test, status: secondary}}]\n"
    "---\n"
    "charge: brokerage\n"
    "rules:\n"
    "  - {id: mini/brokerage, amount: nil, source: {ref: test, status: secondary}}\n";

static char directory[64];

static void write_text(const char *name, const char *text, size_t size)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, size, file), size);
    fclose(file);
}

static int make_world(void **state)
{
    (void)state;
    char path[128];
    strcpy(directory, "/tmp/tc-tariff-test-XXXXXX");
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/law", directory);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/broker", directory);
    assert_int_equal(mkdir(path, 0700), 0);
    write_text("law/lists.yaml", lists, strlen(lists));
    write_text("law/mini.yaml", law, strlen(law));
    write_text("broker/mini.yaml", broker, strlen(broker));
    return 0;
}

static int remove_world(void **state)
{
    (void)state;
    char path[128];
    static const char *const names[] = {"law/lists.yaml", "law/mini.yaml", "broker/mini.yaml", "broker/two.yaml", "user.yaml", "law", "broker", ""};
    for (size_t i = 0; i < COUNT(names); i++) {
        snprintf(path, sizeof path, "%s/%s", directory, names[i]);
        remove(path);
    }
    return 0;
}

struct problems { char text[16000]; size_t used, count; };

static void collect(void *context, const char *file, const tc_error *problem, const char *hint)
{
    struct problems *p = context;
    assert_non_null(hint);
    assert_true(problem->status != TC_OK);
    assert_true(problem->message[0] != '\0');
    p->count++;
    if (p->used < sizeof p->text)
        p->used += (size_t)snprintf(p->text + p->used, sizeof p->text - p->used, "%s:%u:%u: %s\n", file, problem->line, problem->column, problem->message);
}

static tc_status check(struct problems *p, const char *name, const char *text, size_t size)
{
    char path[128];
    tc_book *book = NULL;
    p->used = p->count = 0;
    p->text[0] = '\0';
    write_text(name, text, size);
    tc_status status = tc_tariffs_check(&book, NULL, directory, collect, p);
    assert_true((status == TC_OK) == (book != NULL));
    assert_true((status == TC_OK) == (p->count == 0));
    tc_book_free(book);
    snprintf(path, sizeof path, "%s/%s", directory, name);
    remove(path);
    return status;
}

#define S "source: {ref: test, status: secondary}"
#define R "replaces: mini/nil, " S
#define STAMP(rule) "charge: stamp_duty\nrules:\n  - " rule "\n" /* the rule begins at 3:5 */
#define OTHER(plans, rules) "broker: two\nname: Two\nplans: [" plans "]\n---\ncharge: brokerage\nrules:\n" rules
#define PLAN "{id: standard, from: 2020-01-01, " S "}"

/* Where the problem is, as line:column, and a part of what is said of it. A file of a broker's is broker/two.yaml. */
static const struct { const char *name, *text, *place, *says; } cases[] = {
    {"unknown key of a rule", STAMP("{id: a, ammount: nil, amount: nil, " R "}"), "3:13", "unknown key: ammount"},
    {"unknown key of a document", "charge: gst\nruels: []\n", "2:1", "unknown key: ruels"},
    {"unknown key of an amount", STAMP("{id: a, amount: {rate: 1%, off: turnover}, " R "}"), "3:32", "unknown key: off"},
    {"unknown key of a source", STAMP("{id: a, amount: nil, source: {ref: x, status: secondary, uri: y}}"), "3:62", "unknown key: uri"},
    {"unknown key of a rounding", STAMP("{id: a, amount: nil, round: {to: 1, mod: up}, " R "}"), "3:41", "unknown key: mod"},
    {"an empty key", "charge: gst\n\"\": x\nrules: []\n", "2:1", "unknown key"},
    {"duplicate key", STAMP("{id: a, amount: nil, per: order, per: fill, " R "}"), "3:38", "stands twice"},
    {"duplicate id", STAMP("{id: a, when: {side: buy}, amount: nil, " R "}\n  - {id: a, when: {side: sell}, amount: nil, " R "}"), "4:5", "duplicate id a"},
    {"bad number", STAMP("{id: a, amount: {flat: \"1,000\", each: order}, " R "}"), "3:28", "bad number: 1,000"},
    {"a number with an exponent", STAMP("{id: a, amount: {flat: 1e3, each: order}, " R "}"), "3:28", "bad number: 1e3"},
    {"bad rate", STAMP("{id: a, amount: {rate: 0.03 %, of: turnover}, " R "}"), "3:28", "bad rate: 0.03 %"},
    {"a rate over no days", STAMP("{id: a, amount: {rate: 12%/0, of: turnover}, " R "}"), "3:28", "bad rate: 12%/0"},
    {"a rate finer than 1e-12", STAMP("{id: a, amount: {rate: 0.0000000000001, of: turnover}, " R "}"), "3:28", "bad rate"},
    {"negative rate", STAMP("{id: a, amount: {rate: -0.03%, of: turnover}, " R "}"), "3:28", "negative rate: -0.03%"},
    {"negative amount", STAMP("{id: a, amount: {flat: -20, each: order}, " R "}"), "3:28", "negative number: -20"},
    {"infinite number", STAMP("{id: a, amount: {flat: .inf, each: order}, " R "}"), "3:28", "bad number: .inf"},
    {"not a date", STAMP("{id: a, amount: nil, from: 2021-02-29, " R "}"), "3:32", "bad date: 2021-02-29"},
    {"a date in another form", STAMP("{id: a, amount: nil, from: 01-02-2021, " R "}"), "3:32", "bad date: 01-02-2021"},
    {"reversed interval", STAMP("{id: a, amount: nil, from: 2021-02-01, until: 2021-02-01, " R "}"), "3:5", "reversed interval"},
    {"reversed doubt", STAMP("{id: a, amount: nil, doubt: [2021-02-02, 2021-02-01], " R "}"), "3:33", "reversed interval"},
    {"doubt of one day alone", STAMP("{id: a, amount: nil, doubt: [2021-02-02], " R "}"), "3:33", "the first and the last day"},
    {"overlapping steps", STAMP("{id: a, " R ", steps: [{from: 2022-01-01, amount: nil}, {from: 2021-01-01, amount: nil}]}"), ":", "interval"},
    {"a step without its day", STAMP("{id: a, " R ", steps: [{amount: nil}]}"), ":", "without its first day"},
    {"steps that are none", STAMP("{id: a, " R ", steps: []}"), "3:", "expected steps"},
    {"a hole", OTHER(PLAN, "  - {id: two/a, amount: nil, from: 2020-01-01, until: 2021-01-01, " S "}\n"), "0:0", "no brokerage rule for two standard: NSE equity share"},
    {"the day of a hole", OTHER(PLAN, "  - {id: two/a, amount: nil, from: 2020-01-01, until: 2021-01-01, " S "}\n"), "0:0", "on 2021-01-01"},
    {"a hole of one product", OTHER(PLAN, "  - {id: two/a, when: {product: delivery}, amount: nil, " S "}\n"), "0:0", "product intraday"},
    {"a hole between prices", OTHER(PLAN, "  - {id: two/a, when: {price: {below: 10}}, amount: nil, " S "}\n  - {id: two/b, when: {price: {from: 11}}, amount: nil, " S "}\n"), "0:0", "no brokerage rule"},
    {"an ambiguous pair", OTHER(PLAN, "  - {id: two/a, when: {product: delivery}, amount: nil, " S "}\n  - {id: two/b, when: {side: buy}, amount: nil, " S "}\n  - {id: two/c, amount: nil, " S "}\n"), ":", "both match: NSE equity share product delivery side buy"},
    {"two of the same width", OTHER(PLAN, "  - {id: two/a, amount: nil, " S "}\n  - {id: two/b, amount: nil, from: 2023-01-01, " S "}\n"), ":", "on 2023-01-01"},
    {"overlapping prices", OTHER(PLAN, "  - {id: two/a, when: {price: {below: 10}}, amount: nil, " S "}\n  - {id: two/b, when: {price: {from: 9}}, amount: nil, " S "}\n"), ":", "both match"},
    {"a layer without replaces", STAMP("{id: a, amount: nil, " S "}"), "3:", "a and mini/nil both match"},
    {"outside the market", STAMP("{id: a, when: {exchange: BSE}, amount: nil, " R "}"), "3:", "a can never match"},
    {"before the market", STAMP("{id: a, amount: nil, until: 2019-01-01, " R "}"), "3:", "a can never match"},
    {"hidden by narrower rules", OTHER(PLAN, "  - {id: two/a, amount: nil, " S "}\n  - {id: two/b, when: {side: buy}, amount: nil, " S "}\n  - {id: two/c, when: {side: sell}, amount: nil, " S "}\n"), "7:", "two/a can never match"},
    {"gst over an unknown line", "charge: gst\nrules:\n  - {id: a, amount: {rate: 18%, of: {lines: [brokerage, sebi]}}, " R "}\n", "3:57", "unknown word: sebi"},
    {"gst over itself", "charge: gst\nrules:\n  - {id: a, amount: {rate: 18%, of: {lines: [gst]}}, " R "}\n", "3:46", "gst cannot be in its own base"},
    {"gst over no lines", "charge: gst\nrules:\n  - {id: a, amount: {rate: 18%, of: lines}, " R "}\n", "3:37", "which lines"},
    {"missing source", STAMP("{id: a, amount: nil, replaces: mini/nil}"), "3:5", "missing source"},
    {"a source without status", STAMP("{id: a, amount: nil, source: {ref: x}}"), "3:34", "needs ref and status"},
    {"unknown status", STAMP("{id: a, amount: nil, source: {ref: x, status: sure}}"), "3:51", "unknown word: sure"},
    {"missing amount", STAMP("{id: a, " R "}"), "3:5", "missing amount"},
    {"missing id", STAMP("{amount: nil, " R "}"), "3:5", "without an id"},
    {"not an amount", STAMP("{id: a, amount: 20, " R "}"), "3:21", "not an amount"},
    {"a rate of what", STAMP("{id: a, amount: {rate: 1%}, " R "}"), "3:21", "a rate of what"},
    {"a flat amount each what", STAMP("{id: a, amount: {flat: 1}, " R "}"), "3:21", "each what"},
    {"a lesser of one", STAMP("{id: a, amount: {lesser: [{flat: 1, each: order}]}, " R "}"), "3:30", "at least two"},
    {"a lesser and something else", STAMP("{id: a, amount: {lesser: [{flat: 1, each: order}, {flat: 2, each: order}], cap: 3}, " R "}"), "3:80", "unknown key: cap"},
    {"amounts nested too deep", STAMP("{id: a, amount: {sum: [nil, {sum: [nil, {sum: [nil, {sum: [nil, {sum: [nil, {sum: [nil, nil]}]}]}]}]}]}, " R "}"), "3:", "nested more than"},
    {"slabs by nothing known", STAMP("{id: a, amount: {slabs: {by: size, steps: [{amount: nil}]}}, " R "}"), "3:34", "unknown word: size"},
    {"slabs that go down", STAMP("{id: a, amount: {slabs: {by: value, steps: [{to: 10, amount: nil}, {to: 5, amount: nil}, {amount: nil}]}}, " R "}"), "3:72", "ends before the one above"},
    {"slabs without steps", STAMP("{id: a, amount: {slabs: {by: value, steps: []}}, " R "}"), "3:", "slabs without steps"},
    {"slabs that end", STAMP("{id: a, when: {side: buy}, amount: {slabs: {by: value, steps: [{to: 10, amount: nil}]}}, " R "}"), "3:", ""},
    {"a base that only gst has", "charge: other\nrules:\n  - {id: a, when: {side: buy}, amount: {rate: 10%, of: {lines: [exchange_charge]}}, " R "}\n", "3:", ""},
    {"unknown selector", STAMP("{id: a, when: {exchang: NSE}, amount: nil, " R "}"), "3:20", "unknown selector: exchang"},
    {"unknown word of a selector", STAMP("{id: a, when: {exchange: NSEE}, amount: nil, " R "}"), "3:30", "NSEE is no exchange"},
    {"an empty list of words", STAMP("{id: a, when: {exchange: []}, amount: nil, " R "}"), "3:30", "matches nothing"},
    {"an empty range", STAMP("{id: a, when: {price: {from: 10, below: 10}}, amount: nil, " R "}"), "3:27", "empty range"},
    {"unknown level", STAMP("{id: a, amount: nil, per: hour, " R "}"), "3:31", "unknown word: hour"},
    {"per unit", STAMP("{id: a, amount: nil, per: unit, " R "}"), "3:31", "per unit"},
    {"rounded to nothing", STAMP("{id: a, amount: nil, round: {to: 0}, " R "}"), "3:", "rounded to what"},
    {"unknown rounding", STAMP("{id: a, amount: nil, round: {to: 1, mode: nearest}, " R "}"), "3:47", "unknown rounding"},
    {"three roundings", STAMP("{id: a, amount: nil, round: [{to: 1}, {to: 2}, {to: 3}], " R "}"), "3:52", "at most two"},
    {"a bound of both kinds", STAMP("{id: a, amount: nil, bound: {at-least: nil, at-most: nil, per: note}, " R "}"), "3:33", "incomplete bound"},
    {"parts without a place", "charge: gst\nrules:\n  - {id: a, amount: nil, parts: {same-state: {cgst: 9%}}, " R "}\n", "3:33", "parts without"},
    {"a plan nobody has", OTHER(PLAN, "  - {id: two/a, plan: gold, amount: nil, " S "}\n"), "7:23", "no plan gold"},
    {"a plan outside a broker", STAMP("{id: a, plan: standard, amount: nil, " R "}"), "3:19", "only a broker's rules name plans"},
    {"two plans of one name", OTHER(PLAN ", " PLAN, "  - {id: two/a, amount: nil, " S "}\n"), "3:", "duplicate plan standard"},
    {"a plan that ends first", OTHER("{id: standard, from: 2020-01-02, until: 2020-01-01, " S "}", "  - {id: two/a, amount: nil, " S "}\n"), "3:9", "ends before it begins"},
    {"a plan that extends nothing", OTHER("{id: standard, extends: gold, " S "}", "  - {id: two/a, amount: nil, " S "}\n"), "3:33", "no plan gold"},
    {"a broker twice", "broker: mini\nname: Again\nplans: [" PLAN "]\n", "1:9", "duplicate broker mini"},
    {"an alias of another broker", "broker: two\nname: Two\naliases: [mini]\nplans: [" PLAN "]\n", "3:11", "already names a broker"},
    {"a broker without plans", "broker: two\nname: Two\n", "1:1", "incomplete broker"},
    {"rules of no broker", "charge: brokerage\nbroker: nobody\nrules: []\n", "2:9", "no broker nobody"},
    {"no such charge", "charge: stamps\nrules: []\n", "1:9", "no such charge: stamps"},
    {"no such rendering", "rendering: web\nrules: []\n", "1:12", "no such rendering"},
    {"no such line", "rendering: note\nrules:\n  - {id: a, line: stamps, round: none, " S "}\n", "3:19", "no such line"},
    {"no such list", "list: colours\nentries: []\n" S "\n", "1:7", "no such list: colours"},
    {"no known kind", "charges: gst\n", "1:1", "of no known kind"},
    {"a text for a document", "hello\n", "1:1", "of no known kind"},
    {"rules that are none", "charge: gst\nrules: {}\n", "1:1", "without rules"},
    {"not YAML", "charge: [gst\n", ":", "did not find"},
    {"a tab", "charge:\n\t- gst\n", "2:1", ""},
    {"an alias to nothing", STAMP("{id: a, amount: *gone}"), "3:21", "without an anchor"},
    {"an alias inside itself", STAMP("&rule {id: a, amount: *rule}"), "3:27", "a cycle"},
    {"a cycle through a list", "charge: gst\nrules: &all\n  - {id: a, amount: {sum: *all}}\n", "3:27", "a cycle"},
    {"an anchor of another document", "charge: &c gst\nrules: []\n---\ncharge: *c\nrules: []\n", "4:9", "without an anchor"},
    {"a list for a key", "charge: gst\n? [a, b]\n: c\n", "2:3", "a key must be a word"}};

static void bad_tariffs(void **state)
{
    (void)state;
    struct problems p;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char place[80];
        bool of_broker = !strncmp(cases[i].text, "broker:", 7);
        const char *name = of_broker ? "broker/two.yaml" : "user.yaml";
        tc_status status = check(&p, name, cases[i].text, strlen(cases[i].text));
        bool nowhere = !strcmp(cases[i].place, "0:0");
        snprintf(place, sizeof place, "%s:%s", nowhere ? "" : name, cases[i].place[0] == ':' ? "" : cases[i].place);
        if (status == TC_BAD_TARIFF && strstr(p.text, place) && strstr(p.text, cases[i].says)) continue;
        failed++;
        print_error("%s: expected %s: %s, got %s: %s\n", cases[i].name, place, cases[i].says, tc_status_code(status), p.text);
    }
    assert_int_equal(failed, 0);
}

static void good_tariffs(void **state) /* what stands close to the bad ones */
{
    (void)state;
    static const char *const good[] = {
        STAMP("{id: a, when: {side: buy}, amount: nil, " R "}"),
        STAMP("{id: a, when: {side: buy}, amount: {rate: 12.49%/365, of: turnover}, round: {to: 1, mode: up, at: note}, " R "}"),
        STAMP("{id: a, when: {side: buy}, " R ", steps: [{from: 2020-01-01, amount: nil}, {from: 2021-01-01, unknown: \"why\"}, {from: 2022-01-01, not-offered: \"why\"}]}"),
        STAMP("&rule {id: a, when: {side: buy}, amount: &amount {flat: 1, each: order}, " R "}\n  - {id: b, when: {side: sell, product: intraday}, amount: *amount, " R "}"),
        OTHER(PLAN, "  - {id: two/a, when: {price: {below: 10}}, amount: nil, " S "}\n  - {id: two/b, when: {price: {from: 10}}, amount: nil, " S "}\n"),
        OTHER(PLAN, "  - {id: two/a, when: {product: delivery}, amount: nil, " S "}\n  - {id: two/b, when: {side: buy}, amount: nil, " S "}\n"
                    "  - {id: two/c, when: {product: delivery, side: buy}, amount: nil, " S "}\n  - {id: two/d, amount: nil, " S "}\n")};
    struct problems p;
    for (size_t i = 0; i < COUNT(good); i++)
        if (check(&p, good[i][0] == 'b' ? "broker/two.yaml" : "user.yaml", good[i], strlen(good[i])) != TC_OK) fail_msg("%zu: %s", i, p.text);
}

static void hostile_tariffs(void **state) /* refused before they cost memory or stack */
{
    (void)state;
    struct problems p;
    static char text[17 << 20];
    size_t used = (size_t)sprintf(text, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
        used += (size_t)sprintf(text + used, "a%d: &a%d [", i, i);
        for (int j = 0; j < 10; j++) used += (size_t)sprintf(text + used, "*a%d,", i - 1);
        used += (size_t)sprintf(text + used, "]\n");
    }
    assert_int_equal(check(&p, "user.yaml", text, used), TC_LIMIT);
    assert_non_null(strstr(p.text, "aliases expand to too many nodes"));

    memset(text, '[', 100000);
    assert_int_equal(check(&p, "user.yaml", text, 100000), TC_LIMIT);
    assert_non_null(strstr(p.text, "nested too deeply"));

    used = 0;
    for (int i = 0; i < 100000; i++) used += (size_t)sprintf(text + used, "- &a%d x\n", i);
    assert_int_equal(check(&p, "user.yaml", text, used), TC_LIMIT);

    memset(text, 'x', sizeof text);
    assert_int_equal(check(&p, "user.yaml", text, sizeof text), TC_LIMIT);
    assert_non_null(strstr(p.text, "larger than"));

    static const char nul[] = "charge: \"a\\0b\"\nrules: []\n";
    assert_int_equal(check(&p, "user.yaml", nul, sizeof nul - 1), TC_BAD_TARIFF);
    assert_int_equal(check(&p, "user.yaml", "charge: gst\0\n", 13), TC_BAD_TARIFF);
    assert_int_equal(check(&p, "user.yaml", "charge: \xff\xfe\n", 11), TC_BAD_TARIFF);
}

static void every_problem_is_told(void **state) /* not the first alone */
{
    (void)state;
    struct problems p;
    static const char text[] = STAMP("{id: a, amount: {rate: x, of: turnover}, " R "}\n  - {id: b, amount: nil}\n  - {id: c, when: {side: up}, amount: nil, " R "}");
    assert_int_equal(check(&p, "user.yaml", text, strlen(text)), TC_BAD_TARIFF);
    assert_int_equal(p.count, 3);
    assert_non_null(strstr(p.text, "user.yaml:3:28: bad rate: x"));
    assert_non_null(strstr(p.text, "user.yaml:4:5: missing source"));
    assert_non_null(strstr(p.text, "user.yaml:5:26: up is no side"));
}

static void directories(void **state)
{
    (void)state;
    tc_error error;
    tc_book *book = NULL;
    assert_int_equal(tc_tariffs_load(&book, &error, NULL, "/tmp/no-such-directory-of-tariffs"), TC_IO);
    assert_int_equal(error.status, TC_IO);
    assert_non_null(strstr(error.message, "no-such-directory"));
    assert_int_equal(tc_tariffs_load(&book, NULL, NULL, "/tmp/no-such-directory-of-tariffs"), TC_IO);
    assert_null(book);
}

static void digests(void **state) /* of the content, not of where it was written */
{
    (void)state;
    static const char *const texts[] = {STAMP("{id: a, when: {side: buy}, amount: nil, " R "}"), "# a remark\n" STAMP("{id: a, when: {side: buy}, amount: nil, " R "}"),
                                        STAMP("{id: a, when: {side: buy}, amount: {flat: 1, each: order}, " R "}")};
    char digest[3][TC_DIGEST_SIZE];
    for (int i = 0; i < 3; i++) {
        tc_book *book = NULL;
        write_text("user.yaml", texts[i], strlen(texts[i]));
        assert_int_equal(tc_tariffs_load(&book, NULL, NULL, directory), TC_OK);
        memcpy(digest[i], tc_book_digest(book), TC_DIGEST_SIZE);
        tc_book_free(book);
    }
    assert_int_equal(strlen(digest[0]), 64);
    assert_string_equal(digest[0], digest[1]);
    assert_string_not_equal(digest[0], digest[2]);
}

static void replaced_whole(void **state) /* a higher layer may take every trade from a lower one's rule */
{
    (void)state;
    struct problems p;
    static const char text[] = STAMP("{id: a, amount: {flat: 1, each: order}, " R "}");
    if (check(&p, "user.yaml", text, strlen(text)) != TC_OK) fail_msg("%s", p.text);
}

static void no_lists(void **state) /* a book without series and underlyings is a book */
{
    (void)state;
    tc_book *book = NULL;
    char path[128];
    snprintf(path, sizeof path, "%s/law/lists.yaml", directory);
    remove(path);
    tc_status status = tc_tariffs_check(&book, NULL, directory, NULL, NULL);
    write_text("law/lists.yaml", lists, strlen(lists));
    assert_int_equal(status, TC_OK);
    tc_book_free(book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_tariffs), cmocka_unit_test(good_tariffs), cmocka_unit_test(hostile_tariffs),
        cmocka_unit_test(every_problem_is_told), cmocka_unit_test(directories), cmocka_unit_test(digests), cmocka_unit_test(replaced_whole), cmocka_unit_test(no_lists)};
    return cmocka_run_group_tests(tests, make_world, remove_world);
}
