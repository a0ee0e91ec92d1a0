/* The store of market data: what is imported, what is answered as of a time, and what failures leave behind. In a file; or, where
 * TRADECOST_TEST_POSTGRES is the URL of a schema (tests/providers/run.py sets it), in schemas beside that one. */
#define _GNU_SOURCE
#include "io_test.h"

#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "bytes.h"
#include "market/store/db.h"
#include "market/store/import.h"
#include "market/store/sessions.h"
#include "market/store/store.h"
#include "module/module.h"
#include "text/buffer.h"
#include "text/values.h"

enum { PATH_SIZE = 300 };
#define DAY_MICROS INT64_C(86400000000)
#define ZONE_MICROS INT64_C(19800000000)
static void near(double a, double b)
{
    if (!(fabs(a - b) <= 1e-12 * fmax(1, fabs(b)))) fail_msg("%.17g is not %.17g", a, b);
}

/* --- helpers --- */

static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* Of a server's own, there is no schema like a file that is damaged, full or cut off. */
static void only_for_files(void)
{
    if (getenv("TRADECOST_TEST_POSTGRES")) skip();
}

static void run_sql(const char *url, const char *command, const char *schema)
{
    const tc_db_kind *kind = tc_module_symbol("postgres", "tc_db_postgres", NULL);
    char sql[120];
    tc_db *db;
    tc_error error;
    snprintf(sql, sizeof sql, command, schema);
    assert_non_null(kind);
    if (kind->open(&db, &error, url, false) || kind->run(db, &error, sql)) fail_msg("%s: %s", sql, error.message);
    kind->close(db);
}

static void remove_store(const char *path)
{
    const char *url = getenv("TRADECOST_TEST_POSTGRES");
    if (url) {
        run_sql(url, "DROP SCHEMA IF EXISTS %s CASCADE", strstr(path, "%3D") + 3);
        return;
    }
    char other[PATH_SIZE + 8];
    unlink(path);
    snprintf(other, sizeof other, "%s-wal", path);
    unlink(other);
    snprintf(other, sizeof other, "%s-shm", path);
    unlink(other);
}

static const char *new_path(void)
{
    static char path[PATH_SIZE];
    static int number;
    const char *url = getenv("TRADECOST_TEST_POSTGRES");
    if (url) { /* options=-csearch_path%3DNAME stands last */
        int size = (int)(strstr(url, "%3D") + 3 - url);
        snprintf(path, sizeof path, "%.*ss%d_%d", size, url, (int)getpid(), number++);
        remove_store(path);
        run_sql(url, "CREATE SCHEMA %s", path + size);
        return path;
    }
    snprintf(path, sizeof path, "/tmp/tc-store-test-%d-%d.db", (int)getpid(), number++);
    remove_store(path);
    return path;
}

static tc_store *open_new(char path[PATH_SIZE])
{
    tc_store *store;
    tc_error error;
    snprintf(path, PATH_SIZE, "%s", new_path());
    if (tc_store_open(&store, &error, path, false) != TC_OK) fail_msg("%s", error.message);
    return store;
}

static char refusals[2000]; /* "line: message\n" of the last import */

static void note_refused(void *context, uint32_t line, const char *message)
{
    (void)context;
    size_t size = strlen(refusals);
    snprintf(refusals + size, sizeof refusals - size, "%u: %s\n", line, message);
}

static tc_status give_with(tc_store *store, tc_import_report *report, tc_error *error, const char *text, tc_parse_options options)
{
    byte_source from = {text, strlen(text), 0};
    *refusals = '\0';
    return tc_store_import(store, report, error, source_read, &from, &options, note_refused, NULL);
}

static tc_import_report give(tc_store *store, const char *text)
{
    tc_import_report report;
    tc_error error;
    if (give_with(store, &report, &error, text, (tc_parse_options){0}) != TC_OK) fail_msg("%s", error.message);
    return report;
}

static tc_date day_of(const char *text)
{
    tc_date date;
    assert_int_equal(tc_date_parse(&date, text, strlen(text)), TC_OK);
    return date;
}

/* "2024-07-01 10:30" or with seconds, in India. */
static int64_t at(const char *text)
{
    tc_date date;
    int64_t micros;
    assert_int_equal(tc_time_read(&date, &micros, text, strlen(text)), TC_OK);
    return date.day * DAY_MICROS + micros - ZONE_MICROS;
}

static tc_security named(const char *symbol) { return (tc_security){.exchange = tc_text_of("NSE"), .symbol = tc_text_of(symbol)}; }

static tc_market market_at(tc_store *store, const char *symbol, int64_t time)
{
    tc_market market;
    tc_error error;
    tc_security which = named(symbol);
    if (tc_store_market(store, &market, &error, &which, time, NULL) != TC_OK) fail_msg("%s: %s", symbol, error.message);
    return market;
}

static tc_status status_at(tc_store *store, const char *symbol, int64_t time)
{
    tc_market market;
    tc_error error = {0};
    tc_security which = named(symbol);
    tc_status status = tc_store_market(store, &market, &error, &which, time, NULL);
    assert_int_equal(status, error.status);
    return status;
}

static const tc_daily_bar *days_of(tc_store *store, const char *symbol, const char *until, size_t *count)
{
    const tc_daily_bar *bars;
    tc_error error;
    tc_security which = named(symbol);
    if (tc_store_days(store, &bars, count, &error, &which, day_of(until), 1000) != TC_OK) fail_msg("%s", error.message);
    return bars;
}

#define DAILY "symbol,series,isin,date,open,high,low,close,previous_close,volume\n"

/* --- what is imported --- */

static void test_same_file_changes_nothing(void **state)
{
    (void)state;
    char path[PATH_SIZE];
    tc_store *store = open_new(path);
    const char *file = DAILY "AAA,EQ,,2024-07-01,10,11,9,10,9.5,1000\nBBB,EQ,,2024-07-01,20,22,19,21,20,50\n";
    tc_import_report report = give(store, file);
    assert_string_equal(report.format, "daily");
    assert_int_equal(report.rows, 2);
    assert_int_equal(report.added, 2);
    assert_int_equal(report.first.day, day_of("2024-07-01").day);
    report = give(store, file);
    assert_int_equal(report.added + report.changed + report.refused, 0);
    assert_int_equal(report.same, 2);
    /* A correction changes its row; what a file does not say stays. */
    report = give(store, "symbol,series,date,open,high,low,close\nAAA,EQ,2024-07-01,10,11,9,10.5\n");
    assert_int_equal(report.changed, 1);
    size_t count;
    const tc_daily_bar *bar = days_of(store, "AAA", "2024-07-02", &count);
    assert_int_equal(count, 1);
    near(bar->close, 10.5);
    near(bar->volume, 1000);
    near(bar->previous_close, 9.5);
    tc_store_close(store);
    remove_store(path);
}

static void test_bad_rows_are_named(void **state)
{
    (void)state;
    char path[PATH_SIZE];
    tc_store *store = open_new(path);
    tc_import_report report = give(store, DAILY "AAA,EQ,,2024-07-01,10,11,9,10,9.5,1000\n"
                                                "AAA,EQ,,2024-07-01,10,11,9,10,9.5,1000\n"  /* the same again */
                                                "AAA,EQ,,2024-07-01,10,11,9,10,9.5,1001\n"  /* line 4: says otherwise */
                                                ",EQ,,2024-07-01,10,11,9,10,9.5,1000\n"     /* no symbol */
                                                "BBB,EQ,,2024-07-32,10,11,9,10,9.5,1000\n"  /* no day */
                                                "BBB,EQ,,2024-07-01,x,11,9,10,9.5,1000\n"   /* no number */
                                                "BBB,EQ,,2024-07-01,10,9,11,10,9.5,1000\n"  /* low above high */
                                                "BBB,EQ,,2024-07-01,12,11,9,10,9.5,1000\n"  /* open outside */
                                                "BBB,EQ,,2024-07-01,10,11,9,10,9.5,-1\n"    /* below 0 */
                                                "BBB,EQ,,2024-07-01,,,,,,\n"                /* says nothing */
                                                "CCC,EQ,,2024-07-01,10,11,9,10,9.5,nan\n"
                                                "CCC,EQ,,2024-07-01,10,11,9,10,9.5,0x10\n"
                                                "CCC,EQ,,2024-07-01,10,11,9,10,9.5,1e400\n"
                                                "DDD,EQ,,2024-07-01,10,11,9,10,9.5,1000\n");
    assert_string_equal(refusals, "5: no symbol\n6: date: not a date\n7: open: bad number: \"x\"\n8: low is above high\n"
                                  "9: open, last or close is not between low and high\n10: a number below 0\n11: neither close nor volume\n"
                                  "12: volume: bad number: \"nan\"\n13: volume: bad number: \"0x10\"\n14: volume: bad number: \"1e400\"\n"
                                  "4: says otherwise than line 2 of the same day\n");
    assert_int_equal(report.rows, 14);
    assert_int_equal(report.added, 2);
    assert_int_equal(report.same, 1);
    assert_int_equal(report.refused, 11);
    assert_int_equal(status_at(store, "CCC", TC_NOW), TC_MARKET_MISSING);
    near(market_at(store, "DDD", TC_NOW).value[TC_M_PREVIOUS_CLOSE], 10);
    tc_store_close(store);
    remove_store(path);
}

static void test_unknown_files(void **state)
{
    (void)state;
    static const struct { const char *text, *message; } files[] = {
        {"", "the file is empty"},
        {"a,b,c\n1,2,3\n", "no header that is known; see tradecost market import --help"},
        {"time,symbol,side,quantity,price\n2026-04-02 10:00,INFY,buy,10,1500\n", "one's own orders and fills, not the trades of the market"},
        {"INSTRUMENT,SYMBOL,EXPIRY_DT,STRIKE_PR,OPTION_TYP,OPEN,HIGH,LOW,CLOSE,SETTLE_PR,CONTRACTS,VAL_INLAKH,OPEN_INT,CHG_IN_OI,TIMESTAMP,\n",
         "NSE's derivatives before 2024 do not tell their lots: they are not read"},
        {"open,high,low,close,time\n1,1,1,1,09:15\n", "the file does not say of which symbol it is: say --symbol"},
        {"SC_CODE,SC_NAME,SC_GROUP,SC_TYPE,OPEN,HIGH,LOW,CLOSE,LAST,PREVCLOSE,NO_TRADES,NO_OF_SHRS,NET_TURNOV,TDCLOINDI\n",
         "the file does not say of which day it is: say --date"},
        {"symbol,date,time,open,high,low,close\nA,2024-07-01,10:00,1,1,1,1\nA,2024-07-01,10:05,1,1,1,1\n",
         "the times do not show whether they are of a bar's start (09:15) or end (15:30): say --bar-time"},
        {"symbol,date,time,open,high,low,close\nA,2024-07-01,09:15,1,1,1,1\n",
         "the times of the bars do not show how long the bars are: one or none, or above 4 hours"},
    };
    char path[PATH_SIZE];
    tc_store *store = open_new(path);
    for (size_t i = 0; i < COUNT(files); i++) {
        tc_import_report report;
        tc_error error = {0};
        assert_int_equal(give_with(store, &report, &error, files[i].text, (tc_parse_options){0}), TC_BAD_FORMAT);
        assert_string_equal(error.message, files[i].message);
        assert_int_equal(report.added, 0);
    }
    tc_store_close(store);
    remove_store(path);
}

/* One row of each exchange's file, by hand: what its figures become. */
static void test_formats(void **state)
{
    (void)state;
#define UDIFF "TradDt,BizDt,Sgmt,Src,FinInstrmTp,FinInstrmId,ISIN,TckrSymb,SctySrs,XpryDt,FininstrmActlXpryDt,StrkPric,OptnTp,FinInstrmNm,OpnPric," \
    "HghPric,LwPric,ClsPric,LastPric,PrvsClsgPric,UndrlygPric,SttlmPric,OpnIntrst,ChngInOpnIntrst,TtlTradgVol,TtlTrfVal,TtlNbOfTxsExctd,SsnId,"  \
    "NewBrdLotQty,Rmks,Rsvd1,Rsvd2,Rsvd3,Rsvd4\n"
    static const struct {
        const char *format, *text, *symbol, *exchange, *series;
        double close, volume, value;
    } files[] = {
        {"udiff", UDIFF "2024-10-15,2024-10-15,CM,NSE,STK,20372,INE00Y201027,FLAIR,EQ,,,,,FLAIR,296.15,300.10,293.75,295.95,298.85,296.15,,296.00,,,34968,"
                        "10365770.00,1404,F1,1,,,,,\n", "FLAIR", "NSE", "EQ", 295.95, 34968, 10365770},
        /* 113,799 contracts of 25; the value is notional: 69,558,588,098.75 - 24,350 x 2,844,975 = 283,446,848.75. */
        {"udiff", UDIFF "2024-08-14,2024-08-14,FO,NSE,IDO,36742,,NIFTY,,2024-08-22,2024-08-22,24350.00,CE,NIFTY2482224350CE,129.40,133.25,85.80,93.85,"
                        "94.00,125.45,24143.75,93.85,622200,208700,113799,69558588098.75,32711,F1,25,,,,,\n", "NIFTY2482224350CE", "NSE", "OPT", 93.85,
         2844975, 283446848.75},
        /* BSE counts units: 234,310,908 - 78,000 x 2,940 = 4,990,908, which is 1,697.59 each, between low and high. */
        {"udiff", UDIFF "2026-04-30,2026-04-30,FO,BSE,IDO,842625,,SENSEX,,2026-06-25,2026-06-25,78000.00,CE,SENSEX26JUN78000CE,1500.00,1982.60,1500.00,"
                        "1969.30,1963.40,2300.00,76913.50,1969.30,2320,1860,2940,234310908.00,143,F1,20,,,,,\n", "SENSEX26JUN78000CE", "BSE", "OPT", 1969.3,
         2940, 4990908},
        {"sec_bhavdata_full", "SYMBOL, SERIES, DATE1, PREV_CLOSE, OPEN_PRICE, HIGH_PRICE, LOW_PRICE, LAST_PRICE, CLOSE_PRICE, AVG_PRICE, TTL_TRD_QNTY, "
                              "TURNOVER_LACS, NO_OF_TRADES, DELIV_QTY, DELIV_PER\nSBIN, EQ, 01-Jul-2024, 848.95, 848.95, 851.5, 838.75, 842, 842.25, "
                              "843.62, 14000000, 118106.8, 200000, -, -\n", "SBIN", "NSE", "EQ", 842.25, 14000000, 11810680000},
        /* One bond: the turnover is printed as 0.00 lakh, the average tells. */
        {"sec_bhavdata_full", "SYMBOL, SERIES, DATE1, PREV_CLOSE, OPEN_PRICE, HIGH_PRICE, LOW_PRICE, LAST_PRICE, CLOSE_PRICE, AVG_PRICE, TTL_TRD_QNTY, "
                              "TURNOVER_LACS, NO_OF_TRADES, DELIV_QTY, DELIV_PER\n1018GS2026, GS, 14-Nov-2025, 105.20, 104.11, 104.11, 104.11, 104.11, "
                              "104.11, 104.11, 1, 0.00, 1, 1, 100.00\n", "1018GS2026", "NSE", "GS", 104.11, 1, 104.11},
        {"nse-legacy", "SYMBOL,SERIES,OPEN,HIGH,LOW,CLOSE,LAST,PREVCLOSE,TOTTRDQTY,TOTTRDVAL,TIMESTAMP,\n"
                       "3MINDIA,EQ,440,440,415.1,422.55,415.1,431.4,233,100257.85,1-JUL-2004,\n", "3MINDIA", "NSE", "EQ", 422.55, 233, 100257.85},
        {"nse-legacy", "SYMBOL,SERIES,OPEN,HIGH,LOW,CLOSE,LAST,PREVCLOSE,TOTTRDQTY,TOTTRDVAL,TIMESTAMP,TOTALTRADES,ISIN,\n"
                       "20MICRONS,EQ,36,36.8,35.25,35.8,35.65,35.2,49077,1764577.1,01-JAN-2020,370,INE144J01027,\n", "20MICRONS", "NSE", "EQ", 35.8, 49077,
         1764577.1},
        {"bse-legacy", "SC_CODE,SC_NAME,SC_GROUP,SC_TYPE,OPEN,HIGH,LOW,CLOSE,LAST,PREVCLOSE,NO_TRADES,NO_OF_SHRS,NET_TURNOV,TDCLOINDI,ISIN_CODE,"
                       "TRADING_DATE,FILLER2,FILLER3\r\n500002,ABB LTD.,A ,Q,1394,1417,1382,1392.85,1400.85,1393.9,995,6964,9756144,,INE117A01022,"
                       "20-Apr-21,,\r\n", "500002", "BSE", "A", 1392.85, 6964, 9756144},
        {"nse-mto", "Security Wise Delivery Position - Compulsory Rolling Settlement\n10,MTO,07082026,1549728086,0003154\n"
                    "Trade Date <07-AUG-2026>,Settlement Type <N>\nRecord Type,Sr No,Name of Security,Quantity Traded,Deliverable Quantity(gross "
                    "across client level),% of Deliverable Quantity to Traded Quantity\n20,2342,RELIANCE,EQ,9885638,5187857,52.48\n", "RELIANCE", "NSE",
         "EQ", NAN, 9885638, NAN},
    };
    for (size_t i = 0; i < COUNT(files); i++) {
        char path[PATH_SIZE];
        tc_store *store = open_new(path);
        tc_import_report report = give(store, files[i].text);
        assert_string_equal(report.format, files[i].format);
        assert_int_equal(report.added, 1);
        const tc_daily_bar *bar;
        size_t count;
        tc_error error;
        tc_security which = {.exchange = tc_text_of(files[i].exchange), .symbol = tc_text_of(files[i].symbol), .series = tc_text_of(files[i].series)};
        assert_int_equal(tc_store_days(store, &bar, &count, &error, &which, (tc_date){TC_DATE_MAX}, 10), TC_OK);
        assert_int_equal(count, 1);
        assert_int_equal(bar->date.day, report.first.day);
        assert_true(isnan(files[i].close) ? isnan(bar->close) : fabs(bar->close - files[i].close) < 1e-9);
        near(bar->volume, files[i].volume);
        assert_true(isnan(files[i].value) ? isnan(bar->value) : fabs(bar->value - files[i].value) < 0.01);
        tc_store_close(store);
        remove_store(path);
    }
}

static void test_numbers(void **state)
{
    (void)state;
    static const struct { const char *text; double number; } good[] = {
        {"0", 0}, {"1", 1}, {" 12.50 ", 12.5}, {"-3.25", -3.25}, {".5", .5}, {"5.", 5}, {"123456789012345", 123456789012345.0}, {"0.1", 0.1},
        {"69558588098.75", 69558588098.75}, {"1.2345678901234567", 1.2345678901234567}, {"1e3", 1000}, {"123456789012345678", 123456789012345678.0},
    };
    static const char *const blank[] = {"", "  ", "-", " - ", "NA"}, *const bad[] = {"x", "1x", "--1", "1.2.3", "inf", "nan", "0x1", "1,000", "1e999", "+1"};
    double number;
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_true(tc_parse_number(&number, tc_text_of(good[i].text)));
        assert_true(number == good[i].number);
    }
    for (size_t i = 0; i < COUNT(blank); i++) assert_true(tc_parse_number(&number, tc_text_of(blank[i])) && isnan(number));
    for (size_t i = 0; i < COUNT(bad); i++) assert_false(tc_parse_number(&number, tc_text_of(bad[i])));
    uint64_t seed = 7;
    for (int i = 0; i < 100000; i++) { /* against the C library, which rounds to nearest */
        char text[40];
        snprintf(text, sizeof text, "%llu.%0*llu", (unsigned long long)(next_random(&seed) % 1000000000), 1 + (int)(next_random(&seed) % 6),
                 (unsigned long long)(next_random(&seed) % 10));
        assert_true(tc_parse_number(&number, tc_text_of(text)));
        assert_true(number == strtod(text, NULL));
    }
}

/* --- days --- */

static void test_split_and_bonus(void **state)
{
    (void)state;
    char path[PATH_SIZE];
    tc_store *store = open_new(path);
    /* 5 for 1 on the 3rd: the close before, 1000, is printed as 200. A dividend on the 4th is not: 210 stays 210. */
    give(store, DAILY "AAA,EQ,,2024-07-01,980,1010,970,990,985,100\nAAA,EQ,,2024-07-02,990,1010,980,1000,990,200\n"
                      "AAA,EQ,,2024-07-03,201,215,200,210,200,1500\nAAA,EQ,,2024-07-04,205,206,200,204,210,1000\n");
    size_t count;
    const tc_daily_bar *bar = days_of(store, "AAA", "2024-07-05", &count);
    assert_int_equal(count, 4);
    near(bar[0].factor, 0.2);
    near(bar[1].factor, 0.2);
    near(bar[2].factor, 1);
    near(bar[3].factor, 1);
    tc_market market = market_at(store, "AAA", at("2024-07-05 09:30"));
    near(market.value[TC_M_ADV], (100 * 5 + 200 * 5 + 1500 + 1000) / 4.0);
    assert_true(market.flags & TC_MF_ADJUSTED);
    double r[] = {log(1000.0 / 990), log(210.0 / 200), log(204.0 / 210)}, mean = (r[0] + r[1] + r[2]) / 3;
    near(market.value[TC_M_VOLATILITY], sqrt((pow(r[0] - mean, 2) + pow(r[1] - mean, 2) + pow(r[2] - mean, 2)) / 2));
    assert_int_equal(market.volatility_days, 3);
    /* Before the split nobody knew of it. */
    market = market_at(store, "AAA", at("2024-07-03 09:30"));
    near(market.value[TC_M_ADV], 150);
    near(market.value[TC_M_PREVIOUS_CLOSE], 1000);
    assert_false(market.flags & TC_MF_ADJUSTED);
    tc_store_close(store);
    remove_store(path);
}

/* NSE prints the close before as it was, also on the day of a split: then only the prices tell. */
static void test_inferred_actions(void **state)
{
    (void)state;
    static const struct { const char *symbol; double previous, open, high, low, factor; } days[] = {
        {"HALF", 1000, 512, 520, 505, 0.5},           /* two for one, and 2.4 % up */
        {"TENTH", 1000, 96, 97, 95, 0.1},
        {"PARTED", 1000, 700, 710, 690, 0.7},         /* between 2/3 and 3/4: the jump itself */
        {"FALLEN", 1000, 850, 860, 700, 1},           /* it opened within the bands */
        {"LIMIT", 1000, 800, 800, 800, 1},            /* locked at the lower limit */
        {"UP", 1000, 1200, 1200, 1200, 1},
        {"TOGETHER", 1000, 10100, 10200, 10000, 10},  /* ten into one */
        {"RELISTED", 1000, 3700, 3900, 3500, 1},      /* found anew */
        {"XYZ-RE", 1000, 500, 500, 500, 1},           /* a right has no bands */
    };
    char path[PATH_SIZE];
    tc_store *store = open_new(path);
    for (size_t i = 0; i < COUNT(days); i++) {
        char file[400];
        size_t count;
        snprintf(file, sizeof file, DAILY "%s,EQ,,2024-07-01,1000,1000,1000,1000,1000,100\n%s,EQ,,2024-07-02,%g,%g,%g,%g,%g,100\n", days[i].symbol,
                 days[i].symbol, days[i].open, days[i].high, days[i].low, days[i].low, days[i].previous);
        assert_int_equal(give(store, file).added, 2);
        near(days_of(store, days[i].symbol, "2024-07-03", &count)->factor, days[i].factor);
    }
    /* A list knows better; and knows on the morning of the day what its prices will only show. */
    size_t count;
    give(store, "symbol,series,ex_date,factor\nPARTED,EQ,2024-07-02,0.75\nHALF,EQ,2024-07-03,0.2\n");
    near(days_of(store, "PARTED", "2024-07-03", &count)->factor, 0.75);
    near(market_at(store, "HALF", at("2024-07-02 16:00")).value[TC_M_ADV], 100);
    near(market_at(store, "HALF", at("2024-07-03 09:00")).value[TC_M_ADV], (200 + 100) / 2.0 * 5);
    near(market_at(store, "HALF", at("2024-07-03 09:00")).value[TC_M_PREVIOUS_CLOSE], 505 * 0.2);
    tc_store_close(store);
    remove_store(path);
}

/* Where the store lacks a day, all closes before differ: no share was split. One that was is seen among those that were not. */
static void test_missing_day_is_no_split(void **state)
{
    (void)state;
    char path[PATH_SIZE], file[4000] = DAILY;
    tc_store *store = open_new(path);
    for (int i = 0; i < 8; i++) {
        size_t size = strlen(file);
        snprintf(file + size, sizeof file - size, "S%d,EQ,,2024-07-01,%d,%d,%d,%d,%d,100\nS%d,EQ,,2024-07-03,%d,%d,%d,%d,%d,100\n", i, 100 + i, 110 + i,
                 90 + i, 100 + i, 100 + i, i, 100 + i, 120 + i, 90 + i, 104 + i, 103 + i + i % 3);
    }
    give(store, file);
    size_t count;
    for (int i = 0; i < 8; i++) {
        char symbol[8];
        snprintf(symbol, sizeof symbol, "S%d", i);
        near(days_of(store, symbol, "2024-07-10", &count)->factor, 1);
    }
    strcpy(file, DAILY);
    for (int i = 0; i < 8; i++) { /* the 4th is there, and S5 is split 2 for 1 */
        size_t size = strlen(file);
        double before = i == 5 ? (104 + i) / 2.0 : 104 + i;
        snprintf(file + size, sizeof file - size, "S%d,EQ,,2024-07-04,%g,%g,%g,%g,%g,100\n", i, before, before + 1, before - 1, before, before);
    }
    give(store, file);
    near(days_of(store, "S5", "2024-07-10", &count)[1].factor, 0.5);
    near(days_of(store, "S5", "2024-07-10", &count)[0].factor, 0.5);
    near(days_of(store, "S4", "2024-07-10", &count)[0].factor, 1);
    tc_store_close(store);
    remove_store(path);
}

static void test_renamed_and_moved(void **state)
{
    (void)state;
    char path[PATH_SIZE];
    size_t count;
    tc_store *store = open_new(path);
    /* OLD becomes NEW (one ISIN); NEW is moved to BE and back, with a block in BL that is no part of it; then its face value changes
     * (INE002A01018 to INE002A01026), and the ISIN with it. */
    give(store, DAILY "OLD,EQ,INE002A01018,2024-07-01,10,10,10,10,10,1\nNEW,EQ,INE002A01018,2024-07-02,11,11,11,11,10,2\n"
                      "NEW,BE,INE002A01018,2024-07-03,12,12,12,12,11,3\nNEW,BL,INE002A01018,2024-07-03,11,11,11,11,11,999\n"
                      "NEW,EQ,INE002A01018,2024-07-04,13,13,13,13,12,4\nNEW,EQ,INE002A01026,2024-07-05,6,7,6,7,6.5,10\n");
    const tc_daily_bar *bar = days_of(store, "NEW", "2024-07-06", &count);
    assert_int_equal(count, 5);
    const double volumes[] = {1, 2, 3, 4, 10}, factors[] = {.5, .5, .5, .5, 1};
    for (size_t i = 0; i < 5; i++) {
        near(bar[i].volume, volumes[i]);
        near(bar[i].factor, factors[i]);
    }
    days_of(store, "OLD", "2024-07-06", &count);
    assert_int_equal(count, 5);
    /* By its ISIN; and before it had its new name nobody knew that. */
    tc_security which = {.isin = tc_text_of("INE002A01018")};
    tc_error error;
    assert_int_equal(tc_store_days(store, &bar, &count, &error, &which, day_of("2024-07-06"), 10), TC_OK);
    assert_int_equal(count, 5);
    assert_int_equal(status_at(store, "NEW", at("2024-07-01 12:00")), TC_MARKET_MISSING);
    near(market_at(store, "OLD", at("2024-07-02 12:00")).value[TC_M_ADV], 1);
    tc_store_close(store);
    remove_store(path);
}

/* BSE's old sheets know a share by its number, the new ones by symbol and number. */
static void test_numbers_of_bse(void **state)
{
    (void)state;
    char path[PATH_SIZE];
    size_t count;
    tc_store *store = open_new(path);
    tc_import_report report;
    tc_error error;
    const tc_daily_bar *bar;
    const tc_parse_options dated = {.has_date = true, .date = day_of("2024-07-01")};
    assert_int_equal(give_with(store, &report, &error, "SC_CODE,SC_NAME,SC_GROUP,SC_TYPE,OPEN,HIGH,LOW,CLOSE,LAST,PREVCLOSE,NO_TRADES,NO_OF_SHRS,NET_TURNOV,"
                               "TDCLOINDI\n500325,RELIANCE,A ,Q,100,101,99,100,100,99,5,700,70000,\n", dated), TC_OK);
    give(store, "TradDt,Src,FinInstrmTp,FinInstrmId,ISIN,TckrSymb,SctySrs,OpnPric,HghPric,LwPric,ClsPric,LastPric,PrvsClsgPric,TtlTradgVol,TtlTrfVal,"
                "NewBrdLotQty\n2024-07-02,BSE,STK,500325,INE002A01018,RELIANCE,A,100,102,100,102,102,100,800,80800,1\n");
    static const char *const names[] = {"RELIANCE", "500325"};
    for (int i = 0; i < 2; i++) {
        tc_security which = {.exchange = tc_text_of("BSE"), .symbol = tc_text_of(names[i])};
        assert_int_equal(tc_store_days(store, &bar, &count, &error, &which, (tc_date){TC_DATE_MAX}, 10), TC_OK);
        assert_int_equal(count, 2);
        near(bar[0].volume, 700);
        near(bar[1].volume, 800);
    }
    tc_store_close(store);
    remove_store(path);
}

static void test_symbol_taken_over(void **state)
{
    (void)state;
    char path[PATH_SIZE];
    size_t count;
    tc_store *store = open_new(path);
    /* Another company lists under the symbol; at another price: its past is its own. */
    give(store, DAILY "XYZ,EQ,INE111A01011,2024-07-01,100,100,100,100,100,1\nXYZ,EQ,INE222B01012,2024-07-02,300,300,300,300,290,2\n");
    const tc_daily_bar *bar = days_of(store, "XYZ", "2024-07-06", &count);
    assert_int_equal(count, 1);
    near(bar->volume, 2);
    /* Here the price goes on: a scheme gave the same company another issuer's code. */
    give(store, DAILY "QQQ,EQ,INE333A01011,2024-07-01,100,100,100,100,100,1\nQQQ,EQ,INE444B01012,2024-07-02,101,101,101,101,100,2\n");
    days_of(store, "QQQ", "2024-07-06", &count);
    assert_int_equal(count, 2);
    tc_store_close(store);
    remove_store(path);
}

static void test_short_sessions(void **state)
{
    (void)state;
    char path[PATH_SIZE];
    tc_market market;
    tc_error error;
    tc_store *store = open_new(path);
    tc_security which = named("AAA");
    /* 2024-11-01 was a Muhurat session of an hour. */
    give(store, DAILY "AAA,EQ,,2024-10-30,10,10,10,10,10,1000\nAAA,EQ,,2024-10-31,11,11,11,11,10,2000\nAAA,EQ,,2024-11-01,12,12,12,12,11,30\n"
                      "AAA,EQ,,2024-11-04,11.5,11.5,11.5,11.5,12,3000\n");
    market = market_at(store, "AAA", at("2024-11-05 10:00"));
    near(market.value[TC_M_ADV], 2000);
    assert_int_equal(market.adv_days, 3);
    assert_int_equal(market.volatility_days, 2);
    assert_true(market.flags & TC_MF_SHORT_SESSIONS);
    double a = log(1.1), b = log(11.5 / 11), mean = (a + b) / 2;
    near(market.value[TC_M_VOLATILITY], sqrt(pow(a - mean, 2) + pow(b - mean, 2)));
    const tc_store_options all = {.with_short_sessions = true};
    assert_int_equal(tc_store_market(store, &market, &error, &which, at("2024-11-05 10:00"), &all), TC_OK);
    near(market.value[TC_M_ADV], 6030 / 4.0);
    assert_false(market.flags & TC_MF_SHORT_SESSIONS);
    size_t count;
    const tc_daily_bar *bar = days_of(store, "AAA", "2024-11-05", &count);
    assert_int_equal(bar[2].minutes, 60);
    assert_int_equal(bar[1].minutes, 0);
    tc_store_close(store);
    remove_store(path);
}

/* A session is known to be short by its bars, too, if these are dense: a share that seldom trades tells nothing. */
static void test_short_by_bars(void **state)
{
    (void)state;
    tc_bar bars[400];
    int64_t open = at("2024-07-01 09:15");
    for (int i = 0; i < 375; i++) bars[i] = (tc_bar){open + i * INT64_C(60000000), 60, 1, 1, 1, 1, 1};
    assert_int_equal(tc_covered_minutes(bars, 375), 375);
    assert_int_equal(tc_covered_minutes(bars, 100), 100);
    for (int i = 60; i < 315; i++) bars[i].time += 60 * INT64_C(60000000); /* a halt of an hour */
    assert_int_equal(tc_covered_minutes(bars, 315), 315);
    for (int i = 0; i < 100; i++) bars[i].time = open + i * 3 * INT64_C(60000000);
    assert_int_equal(tc_covered_minutes(bars, 100), 0);
    assert_int_equal(tc_covered_minutes(bars, 1), 0);
    assert_int_equal(tc_covered_minutes(bars, 0), 0);
    assert_int_equal(tc_session_minutes(tc_text_of("NSE"), day_of("2024-07-01"), 200), 200);
    assert_int_equal(tc_session_minutes(tc_text_of("NSE"), day_of("2024-07-01"), 370), 0);
    assert_int_equal(tc_session_minutes(tc_text_of("NSE"), day_of("2021-02-24"), 0), 220);
    assert_int_equal(tc_session_minutes(tc_text_of("BSE"), day_of("2021-02-24"), 0), 0);
    assert_int_equal(tc_session_minutes(tc_text_of("NSE"), day_of("2024-01-20"), 0), 0); /* a Saturday, in full */
    assert_int_equal(tc_session_at(tc_text_of("NSE"), at("2024-11-01 18:30")), TC_SESSION_CONTINUOUS);
    assert_int_equal(tc_session_at(tc_text_of("NSE"), at("2024-11-01 10:30")), TC_SESSION_CLOSED);
    assert_int_equal(tc_session_at(tc_text_of("NSE"), at("2024-07-01 09:05")), TC_SESSION_PRE_OPEN);
    assert_int_equal(tc_session_at(tc_text_of("NSE"), at("2024-07-01 09:15")), TC_SESSION_CONTINUOUS);
    assert_int_equal(tc_session_at(tc_text_of("NSE"), at("2024-07-01 15:30")), TC_SESSION_CLOSED);
    assert_int_equal(tc_session_at(tc_text_of("NSE"), at("2024-07-01 15:45")), TC_SESSION_CLOSING);
    assert_int_equal(tc_session_at(tc_text_of("NSE"), at("2024-07-06 10:00")), TC_SESSION_CLOSED);
    assert_int_equal(tc_session_at(tc_text_of("NSE"), at("2024-01-20 10:00")), TC_SESSION_CONTINUOUS);
}

static void test_windows_do_not_reach_over_gaps(void **state)
{
    (void)state;
    char path[PATH_SIZE];
    tc_store *store = open_new(path);
    give(store, DAILY "AAA,EQ,,2023-01-02,10,10,10,10,10,1000000\nAAA,EQ,,2024-07-01,10,11,9,11,10,100\nAAA,EQ,,2024-07-02,11,12,10,12,11,200\n");
    tc_market market = market_at(store, "AAA", at("2024-07-03 10:00"));
    near(market.value[TC_M_ADV], 150);
    assert_true(isnan(market.value[TC_M_VOLATILITY])); /* one return is no sample */
    assert_int_equal(status_at(store, "AAA", at("2024-12-03 10:00")), TC_MARKET_MISSING);
    tc_store_close(store);
    remove_store(path);
}

/* --- the day itself --- */

static void test_ticks_of_the_day(void **state)
{
    (void)state;
    char path[PATH_SIZE];
    tc_store *store = open_new(path);
    give(store, DAILY "AAA,EQ,,2024-06-28,100,101,99,100,100,1000\n");
    tc_import_report report = give(store, "symbol,time,bid,ask,bid_quantity,ask_quantity\nAAA,2024-07-01T09:20:00,99.9,100.1,50,60\n"
                                          "AAA,2024-07-01T09:30:00,100.4,100.6,70,80\nAAA,2024-07-01T09:25:00,100,100.2,10,20\n"
                                          "AAA,2024-07-01T09:26:00,101,100.2,10,20\nAAA,2024-07-01T09:27:00,100,100,10,20\n");
    assert_int_equal(report.added, 3);
    assert_string_equal(refusals, "5: bid is above ask\n6: bid and ask are one price\n");
    report = give(store, "symbol,time,price,quantity\nAAA,2024-07-01 09:20:10,100.05,5\nAAA,2024-07-01 09:20:10,100.05,5\nAAA,2024-07-01 09:28:00.5,100.3,7\n");
    assert_int_equal(report.added, 3); /* two equal trades of one time are two trades */
    report = give(store, "symbol,time,price,quantity\nAAA,2024-07-01 09:20:10,100.05,5\nAAA,2024-07-01 09:20:10,100.05,5\nAAA,2024-07-01 09:28:00.5,100.3,7\n");
    assert_int_equal(report.same, 3);
    tc_market market = market_at(store, "AAA", at("2024-07-01 09:25:30"));
    near(market.value[TC_M_BID], 100);
    near(market.value[TC_M_ASK_QUANTITY], 20);
    near(market.value[TC_M_LAST], 100.05);
    near(market.value[TC_M_VOLUME], 10);
    assert_int_equal(market.session, TC_SESSION_CONTINUOUS);
    assert_false(market.flags & TC_MF_STALE);
    market = market_at(store, "AAA", at("2024-07-01 09:19:59"));
    assert_true(isnan(market.value[TC_M_BID]));
    near(market.value[TC_M_LAST], 100); /* the last trade was yesterday's */
    assert_true(market.flags & TC_MF_STALE);
    market = market_at(store, "AAA", at("2024-07-01 10:00"));
    near(market.value[TC_M_BID], 100.4);
    near(market.value[TC_M_HIGH], 100.3);
    assert_true(market.flags & TC_MF_STALE);
    market = market_at(store, "AAA", TC_NOW);
    near(market.value[TC_M_BID], 100.4);
    assert_int_equal(market.time, at("2024-07-01 09:30"));
    const tc_quote_tick *quotes;
    size_t count;
    tc_error error;
    tc_security which = named("AAA");
    assert_int_equal(tc_store_quotes(store, &quotes, &count, &error, &which, at("2024-07-01 09:20"), at("2024-07-01 09:30")), TC_OK);
    assert_int_equal(count, 2); /* the end is not in it */
    assert_true(quotes[0].time < quotes[1].time);
    assert_int_equal(tc_store_quotes(store, &quotes, &count, &error, &which, at("2025-07-01 09:20"), at("2025-07-01 09:30")), TC_OK);
    assert_int_equal(count, 0);
    which = named("ZZZ");
    assert_int_equal(tc_store_quotes(store, &quotes, &count, &error, &which, 0, 1), TC_MARKET_MISSING);
    tc_store_close(store);
    remove_store(path);
}

/* Bars labelled by their ends and by their starts are the same bars; a bar is known when it has ended. */
static void test_bars(void **state)
{
    (void)state;
    char path[PATH_SIZE], starts[40000] = "symbol,date,time,open,high,low,close,volume\n", ends[40000];
    strcpy(ends, starts);
    for (int i = 0; i < 375; i++) {
        int minute = 555 + i;
        size_t s = strlen(starts), e = strlen(ends);
        snprintf(starts + s, sizeof starts - s, "AAA,2024-07-01,%02d:%02d,%d,%d,%d,%d,%d\n", minute / 60, minute % 60, 100, 101 + i, 99, 100 + i % 2, 10 + i);
        minute++;
        snprintf(ends + e, sizeof ends - e, "AAA,2024-07-01,%02d:%02d:00,%d,%d,%d,%d,%d\n", minute / 60, minute % 60, 100, 101 + i, 99, 100 + i % 2, 10 + i);
    }
    tc_store *store = open_new(path);
    tc_import_report report = give(store, starts);
    assert_int_equal(report.bar_time, TC_BAR_TIME_START);
    assert_int_equal(report.bar_seconds, 60);
    assert_int_equal(report.added, 375);
    report = give(store, ends);
    assert_int_equal(report.bar_time, TC_BAR_TIME_END);
    assert_int_equal(report.same, 375);
    tc_market market = market_at(store, "AAA", at("2024-07-01 09:17:59"));
    near(market.value[TC_M_VOLUME], 10 + 11);
    near(market.value[TC_M_HIGH], 102);
    assert_int_equal(status_at(store, "AAA", at("2024-07-01 09:15:59")), TC_MARKET_MISSING);
    const tc_bar *bars;
    size_t count;
    tc_error error;
    tc_security which = named("AAA");
    assert_int_equal(tc_store_bars(store, &bars, &count, &error, &which, at("2024-07-01 10:00"), at("2024-07-01 11:00")), TC_OK);
    assert_int_equal(count, 60);
    assert_true(bars[0].time == at("2024-07-01 10:00"));
    tc_store_close(store);
    remove_store(path);
}

static void test_curves(void **state)
{
    (void)state;
    char path[PATH_SIZE], *file = calloc(1, 1 << 20);
    strcpy(file, "symbol,date,time,open,high,low,close,volume\n");
    size_t size = strlen(file);
    for (int day = 1; day <= 10; day++) { /* half of the volume in the first of 75 five minutes; July 6 and 7 are a weekend, and do not matter here */
        double close = 100;
        for (int i = 0; i < 75; i++) {
            double before = close;
            close *= i % 2 ? 1.001 : 1 / 1.001;
            size += (size_t)sprintf(file + size, "AAA,2024-07-%02d,%02d:%02d,%.6f,%.6f,%.6f,%.6f,%d\n", day, (555 + 5 * i) / 60, (555 + 5 * i) % 60, before,
                                    fmax(before, close), fmin(before, close), close, i ? day : 74 * day);
        }
    }
    tc_store *store = open_new(path);
    tc_import_report report = give(store, file);
    assert_int_equal(report.added, 750);
    tc_market market = market_at(store, "AAA", at("2024-07-11 10:00"));
    assert_int_equal(market.volume_curve.count, 76);
    for (int i = 0; i <= 75; i++) {
        assert_true(fabs(market.volume_curve.point[i] - (i ? (74.0 + i - 1) / 148 : 0)) < 1e-12);
        assert_true(fabs(market.variance_curve.point[i] - i / 75.0) < 1e-5);
    }
    tc_error error;
    assert_int_equal(tc_market_check(&market, &error), TC_OK);
    /* Four sessions are too few. */
    assert_int_equal(market_at(store, "AAA", at("2024-07-05 10:00")).volume_curve.count, 0);
    assert_int_equal(market_at(store, "AAA", at("2024-07-06 10:00")).volume_curve.count, 76);
    tc_store_close(store);
    remove_store(path);
    free(file);
}

static void test_instruments(void **state)
{
    (void)state;
    char path[PATH_SIZE];
    tc_store *store = open_new(path);
    tc_import_report report;
    tc_error error;
    give(store, DAILY "INFY,EQ,,2024-07-01,1500,1510,1490,1500,1500,1000\n");
    tc_market market = market_at(store, "INFY", at("2024-07-02 10:00"));
    near(market.value[TC_M_TICK], 0.05); /* by NSE's bands */
    assert_true(isnan(market.value[TC_M_LOT]));
    const tc_parse_options dated = {.has_date = true, .date = day_of("2024-07-02")};
    assert_int_equal(give_with(store, &report, &error,
                               "instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange\n"
                               "408065,1594,INFY,INFOSYS,0,,0,0.1,1,EQ,NSE,NSE\n13,1,INFY24JULFUT,INFY,0,2024-07-25,0,0.05,400,FUT,NFO-FUT,NFO\n", dated), TC_OK);
    assert_string_equal(report.format, "kite-instruments");
    near(market_at(store, "INFY", at("2024-07-02 10:00")).value[TC_M_TICK], 0.1);
    near(market_at(store, "INFY", at("2024-07-02 10:00")).value[TC_M_LOT], 1);
    give(store, "exchange,symbol,series,date,freeze\nNSE,INFY,EQ,2024-07-03,50000\n");
    assert_true(isnan(market_at(store, "INFY", at("2024-07-02 10:00")).value[TC_M_FREEZE]));
    near(market_at(store, "INFY", at("2024-07-03 10:00")).value[TC_M_FREEZE], 50000);
    tc_store_close(store);
    remove_store(path);
}

/* --- never anything later --- */

/* A random past: days with splits, bars, quotes, trades, instruments, volatilities; each piece with the time from which it may be known. */
typedef struct {
    int64_t known;
    const char *header;
    char row[160];
} piece;

enum { PIECES_MAX = 1200, RANDOM_DAYS = 45, SHARES = 3 };

static size_t random_past(piece *to, uint64_t *seed)
{
    static const char bar_header[] = "symbol,date,time,open,high,low,close,volume\n", instrument_header[] = "exchange,symbol,series,date,tick,lot_size\n";
    static const char volatility_header[] = "Date,Symbol,Underlying Close Price (A),Underlying Previous Day Close Price (B),Underlying Log Returns (C) = "
        "LN(A/B),Previous Day Underlying Volatility (D),Current Day Underlying Daily Volatility (E) = Sqrt(0.995*D*D + 0.005*C*C),Underlying Annualised "
        "Volatility (F) = E*Sqrt(365)\n";
    size_t count = 0;
    double close[SHARES] = {100, 500, 2000};
    tc_date first = day_of("2024-10-01");
    for (int d = 0; d < RANDOM_DAYS; d++) {
        tc_date day = {first.day + d};
        int64_t midnight = day.day * DAY_MICROS - ZONE_MICROS;
        char date[TC_DATE_TEXT_SIZE];
        tc_date_format(date, day);
        for (int s = 0; s < SHARES; s++) {
            double before = round(close[s] * 20) / 20;
            if (next_random(seed) % 17 == 0) before = round(before * 10) / 20; /* a bonus of one for one */
            close[s] = before * (1 + ((double)(next_random(seed) % 400) - 200) / 10000);
            double now = round(close[s] * 20) / 20;
            bool moved = next_random(seed) % 5 == 0, skipped = next_random(seed) % 9 == 0;
            const char *symbol = s == 2 && d > 25 ? "NEWNAME" : s == 0 ? "AAA" : s == 1 ? "BBB" : "CCC";
            if (!skipped) {
                to[count] = (piece){midnight + DAY_MICROS, DAILY, ""};
                snprintf(to[count++].row, sizeof to->row, "%s,%s,INE00%dA01011,%s,%g,%g,%g,%g,%g,%d\n", symbol, moved ? "BE" : "EQ", s, date, fmin(before, now),
                         fmax(before, now), fmin(before, now), now, before, 1000 + (int)(next_random(seed) % 1000));
            }
            for (int k = 0; k < 4; k++) {
                int minute = 555 + 5 * (int)(next_random(seed) % 75);
                to[count] = (piece){midnight + (minute + 5) * INT64_C(60000000), bar_header, ""};
                snprintf(to[count++].row, sizeof to->row, "%s,%s,%02d:%02d,%g,%g,%g,%g,%d\n", symbol, date, minute / 60, minute % 60, before, before, before, before,
                         minute * 7 % 100); /* the same again where a minute is drawn twice */
            }
            if (next_random(seed) % 10 == 0) {
                to[count] = (piece){midnight, instrument_header, ""};
                snprintf(to[count++].row, sizeof to->row, "NSE,%s,EQ,%s,0.0%d,%d\n", symbol, date, 1 + (int)(next_random(seed) % 9), 1 + (int)(next_random(seed) % 50));
            }
            if (next_random(seed) % 4 == 0) {
                to[count] = (piece){midnight + DAY_MICROS, volatility_header, ""};
                snprintf(to[count++].row, sizeof to->row, "%s,%s,1,1,0,0.02,0.0%d,0.3\n", date, symbol, 1 + (int)(next_random(seed) % 9));
            }
        }
    }
    return count;
}

static void give_pieces(tc_store *store, const piece *all, size_t count, int64_t until, bool after, uint64_t *seed)
{
    static const char *headers[8];
    size_t kinds = 0;
    for (size_t i = 0; i < count; i++) {
        bool seen = false;
        for (size_t k = 0; k < kinds; k++) seen = seen || headers[k] == all[i].header;
        if (!seen) headers[kinds++] = all[i].header;
    }
    for (size_t k = 0; k < kinds; k++) {
        tc_buffer file = {0};
        tc_import_report report;
        tc_error error;
        tc_parse_options options = {.bar_time = TC_BAR_TIME_START, .bar_seconds = 300};
        tc_buffer_put(&file, headers[k], strlen(headers[k]));
        size_t offset = count ? next_random(seed) % count : 0, rows = 0; /* in another order, too */
        for (size_t i = 0; i < count; i++) {
            const piece *each = &all[(i + offset) % count];
            if (each->header != headers[k] || (each->known <= until) == after) continue;
            tc_buffer_put(&file, each->row, strlen(each->row));
            rows++;
        }
        tc_buffer_put_byte(&file, '\0');
        if (rows && give_with(store, &report, &error, file.data, options) != TC_OK) fail_msg("%s", error.message);
        tc_buffer_free(&file);
    }
}

typedef struct {
    tc_status status;
    tc_market market;
    double volume[100], variance[100], daily, annual;
} answer;

static answer ask(tc_store *store, const char *symbol, int64_t time)
{
    answer a;
    tc_error error;
    tc_date day;
    tc_security which = named(symbol);
    memset(&a, 0, sizeof a);
    a.status = tc_store_market(store, &a.market, &error, &which, time, NULL);
    if (a.status) return memset(&a.market, 0, sizeof a.market), a;
    if (a.market.volume_curve.count) memcpy(a.volume, a.market.volume_curve.point, a.market.volume_curve.count * sizeof(double));
    if (a.market.variance_curve.count) memcpy(a.variance, a.market.variance_curve.point, a.market.variance_curve.count * sizeof(double));
    a.market.volume_curve.point = a.market.variance_curve.point = NULL;
    assert_int_equal(tc_store_volatility(store, &day, &a.daily, &a.annual, &error, &which, time), TC_OK);
    return a;
}

static bool same_answer(const answer *a, const answer *b)
{
    for (int i = 0; i < TC_M_COUNT; i++)
        if (!(a->market.value[i] == b->market.value[i] || (isnan(a->market.value[i]) && isnan(b->market.value[i])))) return false;
    bool volatility = a->daily == b->daily || (isnan(a->daily) && isnan(b->daily));
    return a->status == b->status && volatility && a->market.flags == b->market.flags && a->market.adv_days == b->market.adv_days &&
           a->market.volatility_days == b->market.volatility_days && a->market.session == b->market.session &&
           a->market.volume_curve.count == b->market.volume_curve.count && !memcmp(a->volume, b->volume, sizeof a->volume) &&
           !memcmp(a->variance, b->variance, sizeof a->variance) && !strcmp(a->market.source, b->market.source);
}

static void test_never_looks_ahead(void **state)
{
    (void)state;
    static piece all[PIECES_MAX];
    static const char *const symbols[] = {"AAA", "BBB", "CCC", "NEWNAME"};
    uint64_t seed = 20241001;
    unsigned answered = 0;
    for (int round = 0; round < 25; round++) {
        char path[PATH_SIZE], whole_path[PATH_SIZE];
        size_t count = random_past(all, &seed);
        assert_true(count < PIECES_MAX);
        int64_t time = at("2024-10-01 00:00") + (int64_t)(next_random(&seed) % (RANDOM_DAYS * UINT64_C(86400))) * 1000000;
        tc_store *store = open_new(path), *whole = open_new(whole_path);
        give_pieces(store, all, count, time, false, &seed);
        give_pieces(whole, all, count, INT64_MAX, false, &seed);
        answer before[4], mixed;
        for (int s = 0; s < 4; s++) before[s] = ask(store, symbols[s], time);
        give_pieces(store, all, count, time, true, &seed); /* what is later comes later */
        for (int s = 0; s < 4; s++) {
            mixed = ask(store, symbols[s], time);
            if (!same_answer(&before[s], &mixed)) fail_msg("round %d: %s changed when later rows came", round, symbols[s]);
            mixed = ask(whole, symbols[s], time);
            if (!same_answer(&before[s], &mixed)) fail_msg("round %d: %s is another if later rows came first", round, symbols[s]);
            answered += before[s].status == TC_OK;
        }
        /* Corrections of what is later, and a second correction, change nothing either. */
        for (int k = 0; k < 2; k++) {
            for (size_t i = 0; i < count; i++)
                if (all[i].known > time && !strcmp(all[i].header, DAILY)) {
                    char *volume = strrchr(all[i].row, ',');
                    sprintf(volume, ",%d\n", 77 + k);
                }
            give_pieces(store, all, count, time, true, &seed);
            for (int s = 0; s < 4; s++) {
                mixed = ask(store, symbols[s], time);
                if (!same_answer(&before[s], &mixed)) fail_msg("round %d: %s changed with a later correction", round, symbols[s]);
            }
        }
        tc_store_close(store);
        tc_store_close(whole);
        remove_store(path);
        remove_store(whole_path);
    }
    assert_true(answered > 50); /* the test tests something */
}

/* --- failures --- */

static void write_bytes(const char *path, const char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    fclose(file);
}

static void test_not_a_store(void **state)
{
    (void)state;
    only_for_files();
    char path[PATH_SIZE];
    tc_store *store;
    tc_error error;
    snprintf(path, sizeof path, "%s", new_path());
    assert_int_equal(tc_store_open(&store, &error, path, true), TC_IO); /* not there */
    assert_int_equal(tc_store_open(&store, &error, "/nowhere/at/all.db", false), TC_IO);
    write_bytes(path, "symbol,date\nthis is a text of more than a hundred bytes, so that nobody takes it for an empty database......\n", 110);
    assert_int_equal(tc_store_open(&store, &error, path, false), TC_BAD_FORMAT);
    assert_int_equal(tc_store_open(&store, &error, path, true), TC_BAD_FORMAT);
    remove_store(path);
    sqlite3 *db; /* somebody else's */
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    assert_int_equal(tc_store_open(&store, &error, path, false), TC_BAD_FORMAT);
    remove_store(path);
    store = open_new(path); /* of a later version */
    tc_store_close(store);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "INSERT INTO tradecost_store VALUES (1000)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    assert_int_equal(tc_store_open(&store, &error, path, true), TC_BAD_FORMAT);
    remove_store(path);
    write_bytes(path, "", 0);
    assert_int_equal(tc_store_open(&store, &error, path, true), TC_BAD_FORMAT); /* empty, and must not be written */
    remove_store(path);
}

static void fill_rows(tc_buffer *file, int days, int shares)
{
    char row[120];
    file->size = 0;
    tc_buffer_put(file, DAILY, strlen(DAILY));
    for (int d = 0; d < days; d++)
        for (int s = 0; s < shares; s++) {
            char date[TC_DATE_TEXT_SIZE];
            tc_date_format(date, (tc_date){19000 + d});
            int size = snprintf(row, sizeof row, "S%d,EQ,,%s,%d.5,%d.5,%d.25,%d.5,%d.5,%d\n", s, date, s + 1, s + 2, s + 1, s + 1, s + 1, d * 1000 + s);
            tc_buffer_put(file, row, (size_t)size);
        }
    tc_buffer_put_byte(file, '\0');
    assert_false(file->failed);
}

static int64_t ask_sqlite(const char *path, const char *sql, char text[100])
{
    sqlite3 *db;
    sqlite3_stmt *statement;
    int64_t number = -1;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    if (sqlite3_step(statement) == SQLITE_ROW) {
        number = sqlite3_column_int64(statement, 0);
        if (text) snprintf(text, 100, "%s", (const char *)sqlite3_column_text(statement, 0));
    }
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return number;
}

static void check_intact(const char *path, int64_t rows)
{
    char text[100] = "";
    ask_sqlite(path, "PRAGMA integrity_check", text);
    assert_string_equal(text, "ok");
    assert_int_equal(ask_sqlite(path, "SELECT count(*) FROM daily", NULL), rows);
}

static void test_locked(void **state)
{
    (void)state;
    only_for_files();
    char path[PATH_SIZE];
    tc_import_report report;
    tc_error error;
    sqlite3 *other;
    tc_store *store = open_new(path), *reader;
    give(store, DAILY "AAA,EQ,,2024-07-01,10,11,9,10,9.5,1000\n");
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(give_with(store, &report, &error, DAILY "AAA,EQ,,2024-07-02,10,11,9,10,9.5,1000\n", (tc_parse_options){0}), TC_LOCKED);
    assert_int_equal(report.added, 0);
    assert_int_equal(tc_store_open(&reader, &error, path, true), TC_OK); /* who reads does not wait */
    near(market_at(reader, "AAA", TC_NOW).value[TC_M_ADV], 1000);
    tc_store_close(reader);
    sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL);
    sqlite3_close(other);
    assert_int_equal(give(store, DAILY "AAA,EQ,,2024-07-02,10,11,9,10,9.5,1000\n").added, 1);
    tc_store_close(store);
    check_intact(path, 2);
    remove_store(path);
}

/* A limit of file size stands for a full disk. */
static void test_disk_full(void **state)
{
    (void)state;
    only_for_files();
    char path[PATH_SIZE];
    tc_buffer file = {0};
    tc_store *store = open_new(path);
    give(store, DAILY "AAA,EQ,,2024-07-01,10,11,9,10,9.5,1000\n");
    tc_store_close(store);
    fill_rows(&file, 100, 400);
    pid_t child = fork();
    if (child == 0) {
        const struct rlimit small = {1 << 20, 1 << 20};
        tc_import_report report;
        tc_error error = {0};
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &small);
        if (tc_store_open(&store, &error, path, false) != TC_OK) _exit(2);
        if (give_with(store, &report, &error, file.data, (tc_parse_options){0}) != TC_IO) _exit(3);
        if (report.added || !*error.message) _exit(4);
        tc_import_report again; /* and it goes on */
        if (give_with(store, &again, &error, DAILY "AAA,EQ,,2024-07-02,10,11,9,10,9.5,1000\n", (tc_parse_options){0}) != TC_OK) _exit(5);
        tc_store_close(store);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    check_intact(path, 2);
    tc_buffer_free(&file);
    remove_store(path);
}

static void test_killed(void **state)
{
    (void)state;
    only_for_files();
    tc_buffer file = {0};
    fill_rows(&file, 200, 500);
    for (int k = 0; k < 6; k++) {
        char path[PATH_SIZE];
        tc_store *store = open_new(path);
        give(store, DAILY "AAA,EQ,,2024-07-01,10,11,9,10,9.5,1000\n");
        tc_store_close(store);
        pid_t child = fork();
        if (child == 0) {
            tc_import_report report;
            tc_error error;
            if (tc_store_open(&store, &error, path, false) == TC_OK) give_with(store, &report, &error, file.data, (tc_parse_options){0});
            _exit(0);
        }
        const struct timespec moment = {0, (20 + 60 * k) * 1000000L};
        nanosleep(&moment, NULL);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        char text[100];
        ask_sqlite(path, "PRAGMA integrity_check", text);
        assert_string_equal(text, "ok");
        int64_t rows = ask_sqlite(path, "SELECT count(*) FROM daily", NULL);
        if (rows != 1 && rows != 100001) fail_msg("%lld rows: half a file", (long long)rows);
        tc_error error; /* and it can be done again */
        assert_int_equal(tc_store_open(&store, &error, path, false), TC_OK);
        assert_int_equal(give(store, file.data).refused, 0);
        tc_store_close(store);
        check_intact(path, 100001);
        remove_store(path);
    }
    tc_buffer_free(&file);
}

static void test_cut_store(void **state)
{
    (void)state;
    only_for_files();
    char path[PATH_SIZE];
    tc_buffer file = {0};
    tc_store *store = open_new(path);
    tc_error error;
    fill_rows(&file, 50, 200);
    give(store, file.data);
    tc_store_close(store);
    struct stat facts;
    assert_int_equal(stat(path, &facts), 0);
    assert_int_equal(truncate(path, facts.st_size / 2), 0);
    tc_status status = tc_store_open(&store, &error, path, true);
    if (status == TC_OK) {
        tc_market market;
        tc_security which = named("S199");
        status = tc_store_market(store, &market, &error, &which, TC_NOW, NULL);
        tc_store_close(store);
    }
    assert_int_equal(status, TC_BAD_FORMAT);
    tc_buffer_free(&file);
    remove_store(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_file_changes_nothing), cmocka_unit_test(test_bad_rows_are_named), cmocka_unit_test(test_unknown_files),
        cmocka_unit_test(test_formats), cmocka_unit_test(test_numbers), cmocka_unit_test(test_split_and_bonus), cmocka_unit_test(test_inferred_actions),
        cmocka_unit_test(test_missing_day_is_no_split), cmocka_unit_test(test_renamed_and_moved), cmocka_unit_test(test_symbol_taken_over), cmocka_unit_test(test_numbers_of_bse),
        cmocka_unit_test(test_short_sessions), cmocka_unit_test(test_short_by_bars), cmocka_unit_test(test_windows_do_not_reach_over_gaps),
        cmocka_unit_test(test_ticks_of_the_day), cmocka_unit_test(test_bars), cmocka_unit_test(test_curves), cmocka_unit_test(test_instruments),
        cmocka_unit_test(test_never_looks_ahead), cmocka_unit_test(test_not_a_store), cmocka_unit_test(test_locked),
        cmocka_unit_test(test_disk_full), cmocka_unit_test(test_killed), cmocka_unit_test(test_cut_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
