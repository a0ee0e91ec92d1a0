#define _POSIX_C_SOURCE 200809L
#include "io_test.h"

#include "io/bill.h"
#include "io/instruments.h"
#include "io/reader.h"

/* What a row says, in words: number, the given fields, or the refusal. */
static size_t print_row(char *out, size_t size, const tc_row *row)
{
    static const char *const names[] = {
#define AS_NAME(name, column, meaning) column,
        TC_FIELDS(AS_NAME)
#undef AS_NAME
    };
    size_t used = (size_t)snprintf(out, size, "%u:", (unsigned)row->number);
    if (row->status != TC_OK) {
        assert_int_equal(row->error.status, row->status);
        assert_int_equal(row->error.row, row->number);
        return used + (size_t)snprintf(out + used, size - used, " %s (%s)\n", tc_status_code(row->status), row->error.field);
    }
    for (int i = 0; i < TC_FIELD_COUNT; i++) {
        tc_text text = row->request.field[i];
        if (i == TC_F_NAME || !text.size) continue;
        used += (size_t)snprintf(out + used, size - used, " %s=%.*s", names[i], (int)text.size, text.data);
    }
    static const char *const charges[] = {"brok", "stt", "exch", "clr", "sebi", "ipft", "stamp", "gst", "other", "dp"};
    for (int i = 0; i < TC_CHARGE_COUNT; i++)
        if (row->charge[i].size)
            used += (size_t)snprintf(out + used, size - used, " +%s=%.*s", charges[i], (int)row->charge[i].size, row->charge[i].data);
    return used + (size_t)snprintf(out + used, size - used, "%s%s\n", row->order_unknown ? " orders-unknown" : "",
                                   row->charges_only ? " charges-only" : "");
}

static void read_rows(char *out, size_t size, const char *path, const tc_reader_options *options)
{
    tc_reader *reader;
    tc_error error = {0};
    tc_status status = tc_reader_open_with(&reader, &error, path, options);
    if (status != TC_OK) {
        assert_int_equal(error.status, status);
        snprintf(out, size, "%s: %s", tc_status_code(status), error.message);
        return;
    }
    size_t columns, used = (size_t)snprintf(out, size, "%s\n", tc_reader_format(reader));
    (void)tc_reader_columns(reader, &columns);
    for (;;) {
        tc_row row;
        bool end;
        status = tc_reader_next(reader, &row, &end, &error);
        if (status != TC_OK) used += (size_t)snprintf(out + used, size - used, "%s\n", tc_status_code(status));
        if (status != TC_OK || end) break;
        assert_int_equal(row.cell_count, columns);
        used += print_row(out + used, size - used, &row);
    }
    if (tc_reader_skipped(reader)) snprintf(out + used, size - used, "skipped %u\n", (unsigned)tc_reader_skipped(reader));
    tc_reader_close(reader);
}

static const struct {
    const char *name, *text, *rows;
} files[] = {
    {"canonical",
     "date,exchange,symbol,side,quantity,price,note\n2026-04-01,NSE,SBIN,buy,10,800.5,\"x,y\"\n01-04-2026,BSE,M&M,S,5,3000,\n",
     "canonical\n1: date=2026-04-01 exchange=NSE symbol=SBIN side=buy quantity=10 price=800.5\n"
     "2: date=01-04-2026 exchange=BSE symbol=M&M side=S quantity=5 price=3000\n"},
    {"canonical, any order and case, spaces, blank lines",
     "\xEF\xBB\xBFPRICE, Symbol ,exchange,Order ID,side,quantity,time,\r\n 1 , SBIN ,NSE,77,buy,10,2026-04-01T09:15:00,\r\n\r\n2,ITC,NSE,,buy,1,2026-04-01T09:15:00\r\n",
     "canonical\n1: order_id=77 time=2026-04-01T09:15:00 exchange=NSE symbol=SBIN side=buy quantity=10 price=1\n"
     "2: time=2026-04-01T09:15:00 exchange=NSE symbol=ITC side=buy quantity=1 price=2\n"},
    {"canonical derivative by its symbol",
     "date,exchange,symbol,side,quantity,price\n2025-11-20,NFO,NIFTY25N2024000CE,buy,75,100\n2025-11-20,NSE,NIFTY25N2024000CE,buy,75,100\n",
     "canonical\n1: date=2025-11-20 exchange=NFO symbol=NIFTY25N2024000CE instrument=option underlying=NIFTY expiry=2025-11-20 strike=24000 option_type=CE side=buy quantity=75 price=100\n"
     "2: date=2025-11-20 exchange=NSE symbol=NIFTY25N2024000CE side=buy quantity=75 price=100\n"},
    {"canonical, misshapen rows",
     "date,exchange,symbol,side,quantity,price\n2026-04-01,NSE,SBIN,buy,10\n2026-04-01,NSE,SBIN,buy,10,800,5\n2026-04-01,NSE,SBIN,buy,10,800,,\n\"2026-04-01\"x,NSE\n2026-04-01,NSE,SB\1IN,buy,10,800\n",
     "canonical\n1: bad row ()\n2: bad row ()\n3: date=2026-04-01 exchange=NSE symbol=SBIN side=buy quantity=10 price=800\n4: bad row ()\n"
     "5: date=2026-04-01 exchange=NSE symbol=SB\1IN side=buy quantity=10 price=800\n"},
    {"a column twice", "date,exchange,symbol,side,quantity,price,Price\n", "bad format: the header has the column price twice"},
    {"columns missing", "date,exchange,symbol,side,quantity\n1,2,3,4,5\n", "bad format: required columns are missing: price"},
    {"no date", "exchange,symbol,side,quantity,price\n", "bad format: required columns are missing: date (or a time with a date)"},
    {"empty", "", "bad format: the file is empty"},
    {"HTML", "<html><table>", "bad format: HTML or XML: only CSV and XLSX can be read"},
    {"PDF", "%PDF-1.4", "bad format: a PDF: only tables can be read"},
    {"header only", "date,exchange,symbol,side,quantity,price", "canonical\n"},
    {"Zerodha equity",
     "symbol,isin,trade_date,exchange,segment,series,trade_type,auction,quantity,price,trade_id,order_id,order_execution_time\n"
     "SUZLON,INE040H01021,2025-06-09,NSE,EQ,EQ,buy,false,450.000000,67.500000,603052659,1300000021339012,2025-06-09T10:22:33\n"
     "SUZLON,INE040H01021,2025-06-09,NSE,EQ,EQ,sell,true,450.000000,67.500000,603052660,1300000021339013,2025-06-10T10:22:33\n"
     "SUZLON,INE040H01021,2025-06-09,NSE,EQ,EQ,sell,true,450.000000,67.500000,603052660,1300000021339013,\n",
     "zerodha-csv\n1: fill_id=603052659 order_id=1300000021339012 time=2025-06-09T10:22:33 date=2025-06-09 exchange=NSE segment=EQ symbol=SUZLON isin=INE040H01021 series=EQ side=buy quantity=450.000000 price=67.500000\n"
     "2: contradiction (time)\n"
     "3: fill_id=603052660 order_id=1300000021339013 date=2025-06-09 exchange=NSE segment=EQ symbol=SUZLON isin=INE040H01021 series=EQ side=sell quantity=450.000000 price=67.500000 event=auction\n"},
    {"Zerodha F&O",
     "symbol,isin,trade_date,exchange,segment,series,trade_type,auction,quantity,price,trade_id,order_id,order_execution_time,expiry_date\n"
     "NIFTY25N2024000CE,,2025-11-20,NSE,FO,,buy,false,75,100.00,1,11,2025-11-20T09:20:00,2025-11-20\n"
     "GOLDPETAL23JULFUT,,2023-07-03,MCX,COM,,sell,false,1,5900,3,13,2023-07-03T09:20:00,2023-07-31\n",
     "zerodha-csv\n1: fill_id=1 order_id=11 time=2025-11-20T09:20:00 date=2025-11-20 exchange=NSE segment=FO symbol=NIFTY25N2024000CE instrument=option underlying=NIFTY expiry=2025-11-20 strike=24000 option_type=CE side=buy quantity=75 price=100.00\n"
     "2: fill_id=3 order_id=13 time=2023-07-03T09:20:00 date=2023-07-03 exchange=MCX segment=COM symbol=GOLDPETAL23JULFUT instrument=future underlying=GOLDPETAL expiry=2023-07-31 side=sell quantity=1 price=5900\n"},
    {"ICICI",
     "\xEF\xBB\xBF" "Date,Stock,Action,Qty,Price,Trade Value,Order Ref.,Settlement,Segment,DP Id - Client DP Id,Exchange,STT,Transaction and SEBI Turnover charges,Stamp Duty,Brokerage + Service Tax,Brokerage incl. taxes,\n"
     "\"28-Jul-26\",\"ALPHA\",\"Buy\",\"2\",\"670.7\",\"1341.4\",\"20260728T700028773\",\"2026140\",\"Rolling T1\",\"IN\",\"NSE\",\"1\",\"0.04\",\"0\",\"4.6\",\"5.64\",\n"
     "\"28-Jul-26\",\"ALPHA\",\"Buy\",\"2\",\"670.7\",\"1341.5\",\"2\",\"2026140\",\"Rolling T1\",\"IN\",\"NSE\",\"1\",\"0.04\",\"0\",\"4.6\",\"5.64\",\n",
     "icici-csv\n1: order_id=20260728T700028773 date=2026-07-28 exchange=NSE segment=equity symbol=ALPHA side=Buy quantity=2 price=670.7 value=1341.4 +brok=4.6 +stt=1 +exch=0.04 +stamp=0\n"
     "2: contradiction (value)\n"},
    {"Angel",
     "Scrip/Contract,Buy/Sell,Buy Price,Sell Price,Quantity,Brokerage,GST,STT,Sebi Tax,Exchange Turnover Charges,Stamp Duty,Other Charges,IPFT Charges,Order Type,Segment,Exchange,Order ID,Trade ID,Date\n"
     "TEST EQUITY LTD,Sell,,221.2,5,0.33,0.07,0.03,0,0.03,0,0,0,Intraday,CAPITAL,NSE,1100000000000001,400000001,2026-08-25\n"
     "OPTIDX NIFTY Aug 25 2026 24150.00 PE (BT),Buy,17.65,,65,0,0.07,0,0,0.41,0.02,0,0,Delivery,FUTURES,NSE,1000000000000001,8000001,2026-08-25\n"
     "OPTIDX NIFTY Aug 25 2026 24150.00 PE (BT),Buy,0,,0,20,3.6,0,0,0,0,0,0,Intraday,FUTURES,NSE,1000000000000001,,2026-08-25\n"
     "OPTIDX NIFTY 2026-08-25,Buy,17.65,,65,0,0.07,0,0,0.41,0.02,0,0,Intraday,FUTURES,NSE,1000000000000001,8000001,2026-08-25\n"
     "TEST EQUITY LTD,Sell,,221.2,5,0.33,0.07,0.03,0,0.03,0,0,0,Intraday,CAPITAL,NSE,1100000000000001,400000001,8/25/26 0:00\n",
     "angel-csv\n1: fill_id=400000001 order_id=1100000000000001 date=2026-08-25 exchange=NSE segment=equity symbol=TEST EQUITY LTD product=Intraday side=Sell quantity=5 price=221.2 +brok=0.33 +stt=0.03 +exch=0.03 +sebi=0 +ipft=0 +stamp=0 +gst=0.07 +other=0\n"
     "2: fill_id=8000001 order_id=1000000000000001 date=2026-08-25 exchange=NSE segment=equity-derivative symbol=NIFTY 2026-08-25 24150 PE instrument=option class=index underlying=NIFTY expiry=2026-08-25 strike=24150.00 option_type=PE product=carryforward side=Buy quantity=65 price=17.65 +brok=0 +stt=0 +exch=0.41 +sebi=0 +ipft=0 +stamp=0.02 +gst=0.07 +other=0\n"
     "4: bad value (symbol)\n5: bad date (date)\nskipped 1\n"},
    {"Dhan",
     "Global transction report,From 01-04-2026 to 30-04-2026,,,,,,,,,,,,,,\nName,,,,,,,,,,,,,,,\n,,,,,,,,,,,,,,,\n"
     "Date,Scrip Name,Exchange,Bill No.,Buy Qty.,Buy Value,Sell Qty.,Sell Value,Brokerage,GST,STT,SEBI Fees,Stamp Duty,Txn. Charges,Oth. Charges,Gross Amount\n"
     "01-04-2026 00:00,OPT CRUDEOIL 16 Apr 2026 9000 PE,MCX,4894,200,127380,200,128340,80,33.69,64,0.26,3.82,106.89,0,671.34\n"
     "\"06 Jul 2026 00:00:00\",\"G Breweries\",\"NSE\",\"9281276\",\"650\",\"643353.30\",\"0\",\"0.00\",\"20.00\",\"7.27\",\"643.43\",\"0.64\",\"96.50\",\"19.75\",\"0.00\",\"-644140.89\"\n"
     "02-04-2026 00:00,FUT WIPRO 28 Apr 2026,NSE,15001,0,0,3000,720000,20,3.6,0,0.72,14.4,5.94,0,719955.99\n"
     ",,,,,,,,,,,,,,,\n\"Net P&L,-1.5\",x\nNet P&L,-1.5,Brokerage,1,Gross P&L,1,Total Charges,1,,,,,,,,\nNOTE : This sheet was downloaded at 4/30/2026 12:43 AM,,,,,,,,,,,,,,,\n",
     "dhan-gtr\n1: date=2026-04-01 exchange=MCX segment=commodity symbol=CRUDEOIL 2026-04-16 9000 PE instrument=option underlying=CRUDEOIL expiry=2026-04-16 strike=9000 option_type=PE side=buy quantity=200 price=636.9 value=127380 +brok=80 +stt=64 +exch=106.89 +sebi=0.26 +stamp=3.82 +gst=33.69 +other=0 orders-unknown\n"
     "1: date=2026-04-01 exchange=MCX segment=commodity symbol=CRUDEOIL 2026-04-16 9000 PE instrument=option underlying=CRUDEOIL expiry=2026-04-16 strike=9000 option_type=PE side=sell quantity=200 price=641.7 value=128340 orders-unknown\n"
     "2: date=2026-07-06 exchange=NSE segment=equity symbol=G BREWERIES side=buy quantity=650 price=989.774308 value=643353.30 +brok=20.00 +stt=643.43 +exch=19.75 +sebi=0.64 +stamp=96.50 +gst=7.27 +other=0.00 orders-unknown\n"
     "3: contradiction (net amount)\n"},
    {"Fyers",
     "Report Title,Tradebook report,,,,,,,,,\nDate Range,From 25/07/2026 to 25/08/2026,,,,,,,,,\n,,,,,,,,,,\n"
     "Symbol name,Symbol code,Date & time,Side,Product type,Qty,Traded price,Total value,Segment,Exchange order ID,OMS order ID\n"
     "CDSL26SEP1400CE,CDSL 1400 CE,\"25 Aug 2026, 03:20:21 PM\",SELL,Overnight,950,46.5,\"44,175.00\",Derivatives,2.2E+15,2.60825E+13\n"
     "CDSL26SEP1400CE,CDSL 1400 CE,\"25 Aug 2026, 12:00:00 AM\",BUY,-,950,46.5,\"44,175.00\",Derivatives,NDIR4247972,NDIR4247972\n"
     "SENSEX26AUG1500CE,X,\"10 Aug 2026, 02:22:03 PM\",SELL,Overnight,\"-1,450.00\",105,\"1,52,250.00\",Derivatives,2300000000000001,1\n"
     "SBIN-EQ,SBIN,\"10 Aug 2026, 02:22:03 PM\",BUY,CNC,\"-10\",105,\"1,050.00\",Equity,2300000000000002,1\n"
     "SBIN-EQ,SBIN,\"10 Aug 2026, 02:22:03 PM\",BUY,CNC,10,105,\"1,050.00\",Equity,2300000000000002,1\n",
     "fyers-csv\n1: time=2026-08-25T15:20:21 date=2026-08-25 exchange=NSE segment=Derivatives symbol=CDSL26SEP1400CE instrument=option underlying=CDSL strike=1400 option_type=CE product=Overnight side=SELL quantity=950 price=46.5 value=44175.00\n"
     "3: order_id=2300000000000001 time=2026-08-10T14:22:03 date=2026-08-10 exchange=BSE segment=Derivatives symbol=SENSEX26AUG1500CE instrument=option underlying=SENSEX strike=1500 option_type=CE product=Overnight side=SELL quantity=1450.00 price=105 value=152250.00\n"
     "4: contradiction (quantity)\n"
     "5: order_id=2300000000000002 time=2026-08-10T14:22:03 date=2026-08-10 exchange=NSE segment=Equity symbol=SBIN series=EQ product=CNC side=BUY quantity=10 price=105 value=1050.00\n"
     "skipped 1\n"},
    {"Paytm",
     "UCC,1\nDate,Script,ISIN,Exchange,Product Type,Type,Quantity,Price,Brokerage,ETT,GST,STT,SEBI,Stamp Duty,Order Number,Trade Number,Trade Time\n"
     "03-08-2026,544838,INE0AAA01011,NSE,EQ,Buy,10,100.5,2.5,0.03,0.46,1,0,0.15,1100000000000001,0,\n"
     "03-08-2026,ALPHA,INE0AAA01011,BSE,EQ,Sell,10,(100.5),2.5,0.03,0.46,x,0,0,1100000000000001,77,10:15:16\n"
     "03-08-2026,ALPHA,INE0AAA01011,BSE,EQ,Sell,10,100.5,2.5,0.03,0.46,1,0,0,1100000000000001,77,10:15:16\n",
     "paytm-csv\n1: order_id=1100000000000001 date=2026-08-03 exchange=NSE segment=EQ symbol=544838 isin=INE0AAA01011 side=Buy quantity=10 price=100.5 +brok=2.5 +stt=1 +exch=0.03 +sebi=0 +stamp=0.15 +gst=0.46\n"
     "2: bad number (STT)\n"
     "3: fill_id=77 order_id=1100000000000001 time=2026-08-03T10:15:16 date=2026-08-03 exchange=BSE segment=EQ symbol=ALPHA isin=INE0AAA01011 side=Sell quantity=10 price=100.5 +brok=2.5 +stt=1 +exch=0.03 +sebi=0 +stamp=0 +gst=0.46\n"},
};

static void compare(const char *name, const char *got, const char *wanted)
{
    if (strcmp(got, wanted) != 0) print_message("%s:\n%s\n--- instead of\n%s\n", name, got, wanted);
    assert_true(strcmp(got, wanted) == 0);
}

static void test_files(void **state)
{
    (void)state;
    const tc_reader_options options = {0};
    for (size_t i = 0; i < COUNT(files); i++) {
        char out[8192];
        const char *path = write_file(files[i].text, strlen(files[i].text));
        read_rows(out, sizeof out, path, &options);
        unlink(path);
        compare(files[i].name, out, files[i].rows);
    }
}

static const struct { const char *path, *rows; } workbooks[] = {
    {FIXTURE("zerodha-console.xlsx"),
     "zerodha-xlsx\n1: fill_id=410 order_id=1300000000000001 time=2026-04-01T11:14:28 date=2026-04-01 exchange=NSE segment=EQ symbol=ALPHA isin=INE0AAA01011 series=EQ side=buy quantity=12 price=573.75\n"
     "2: fill_id=401 order_id=1300000000000002 time=2026-04-01T09:15:00 date=2026-04-01 exchange=BSE segment=EQ symbol=BETA&CO isin=INE0BBB01012 series=A side=sell quantity=4 price=66.1\n"},
    {FIXTURE("angel.xlsx"),
     "angel-xlsx\n1: fill_id=400000001 order_id=1100000000000001 date=2026-08-25 exchange=NSE segment=equity symbol=GAMMA TRADERS LTD product=Intraday side=Sell quantity=5 price=221.2 +brok=0.33 +stt=0.03 +exch=0.03 +sebi=0 +ipft=0 +stamp=0 +gst=0.07 +other=0\n"
     "2: fill_id=8000001 order_id=1000000000000001 date=2026-08-25 exchange=NSE segment=equity-derivative symbol=NIFTY 2026-08-25 24150 PE instrument=option class=index underlying=NIFTY expiry=2026-08-25 strike=24150.00 option_type=PE product=carryforward side=Buy quantity=65 price=17.65 +brok=0 +stt=0 +exch=0.41 +sebi=0 +ipft=0 +stamp=0.02 +gst=0.07 +other=0\n"
     "4: fill_id=17000001 order_id=1787805984776337001 date=2026-08-27 exchange=BSE segment=equity-derivative symbol=SENSEX 2026-08-27 77600 CE instrument=option class=index underlying=SENSEX expiry=2026-08-27 strike=77600.00 option_type=CE product=Intraday side=Buy quantity=40 price=54.75 +brok=0 +stt=0 +exch=0.71 +sebi=0 +ipft=0 +stamp=0 +gst=0.13 +other=0\n"
     "skipped 1\n"},
    {FIXTURE("upstox.xlsx"),
     "upstox-xlsx\n1: fill_id=204257888 time=2026-08-28T11:52:13 date=2026-08-28 exchange=NSE segment=EQ symbol=DELTA CO side=Buy quantity=2 price=621.85 value=1243.7\n"
     "2: fill_id=1468483 time=2026-08-28T11:37:22 date=2026-08-28 exchange=NFO segment=FO symbol=NIFTY 2026-09-01 24000 PE instrument=option underlying=NIFTY expiry=2026-09-01 strike=24000 option_type=PE side=Buy quantity=65 price=38 value=2470\n"
     "3: fill_id=903090 time=2026-08-28T11:46:39 date=2026-08-28 exchange=BFO segment=FO symbol=SENSEX 2026-09-03 78300 CE instrument=option underlying=SENSEX expiry=2026-09-03 strike=78300 option_type=CE side=Sell quantity=20 price=90.05 value=1801\n"
     "4: contradiction (value)\n"},
    {FIXTURE("groww.xlsx"),
     "groww-xlsx\n1: order_id=1300000000000009 time=2025-04-11T10:43:00 date=2025-04-11 exchange=NSE segment=equity symbol=ALPHA isin=INE0AAA01011 side=BUY quantity=3 price=333.333333 value=1000\n"
     "2: time=2025-04-11T15:20:00 date=2025-04-11 exchange=NSE segment=equity symbol=ALPHA isin=INE0AAA01011 side=SELL quantity=3 price=336.833333 value=1010.5 orders-unknown\n"
     "skipped 1\n"},
    {FIXTURE("canonical.xlsx"),
     "canonical-xlsx\n1: time=2026-04-01T11:14:28 date=2026-04-01 exchange=NSE symbol=ALPHA side=buy quantity=10 price=2505.05\n"
     "2: date=2026-04-01 exchange=NSE symbol=ALPHA side=sell quantity=10 price=2600\n"},
    {FIXTURE("canonical-1904.xlsx"), "canonical-xlsx\n1: date=2026-04-01 exchange=NSE symbol=ALPHA side=buy quantity=1 price=1\n"},
    {FIXTURE("bomb.xlsx"), "limit exceeded: xl/worksheets/sheet1.xml is packed more than 200 times"},
    {FIXTURE("encrypted.xlsx"), "bad format: the workbook is encrypted: save it without a password"},
};

static void test_workbooks(void **state)
{
    (void)state;
    const tc_reader_options options = {0};
    for (size_t i = 0; i < COUNT(workbooks); i++) {
        char out[8192];
        read_rows(out, sizeof out, workbooks[i].path, &options);
        compare(workbooks[i].path, out, workbooks[i].rows);
    }
}

static void test_piped(void **state)
{
    (void)state;
    char out[8192], command[256], path[64] = "/tmp/tc-io-fifo-XXXXXX";
    const tc_reader_options options = {0};
    assert_non_null(mkdtemp(path));
    strcat(path, "/f");
    snprintf(command, sizeof command, "mkfifo %s && (cat %s > %s &)", path, workbooks[0].path, path);
    assert_int_equal(system(command), 0);
    read_rows(out, sizeof out, path, &options);
    compare("piped", out, workbooks[0].rows);
    unlink(path);
    *strrchr(path, '/') = '\0';
    rmdir(path);
}

static void test_given(void **state)
{
    (void)state;
    const char *text = "symbol,side,quantity,price\nSBIN,buy,1,800\n";
    tc_request given = {0};
    given.field[TC_F_EXCHANGE] = (tc_text){"NSE", 3};
    given.field[TC_F_DATE] = (tc_text){"2026-04-01", 10};
    const tc_reader_options options = {.given = &given};
    char out[1024];
    const char *path = write_file(text, strlen(text));
    read_rows(out, sizeof out, path, &options);
    compare("given", out, "canonical\n1: symbol=SBIN side=buy quantity=1 price=800\n");
    tc_reader *reader;
    assert_int_equal(tc_reader_open(&reader, NULL, path), TC_BAD_FORMAT);
    assert_int_equal(tc_reader_open_with(&reader, NULL, path, &options), TC_OK);
    assert_true(tc_reader_has(reader, TC_F_SYMBOL));
    assert_false(tc_reader_has(reader, TC_F_EXCHANGE));
    assert_string_equal(tc_reader_broker(reader), "");
    tc_reader_close(reader);
    unlink(path);
    tc_error error;
    assert_int_equal(tc_reader_open(&reader, &error, "/nonexistent/file"), TC_IO);
    assert_int_equal(tc_reader_open(&reader, &error, "/tmp"), TC_IO);
}

/* --- bills --- */

typedef struct { char *text; size_t used, size; } bill_text;

static tc_status add_line(void *context, const tc_bill_line *line)
{
    bill_text *out = context;
    char date[TC_DATE_TEXT_SIZE], amount[TC_DECIMAL_SIZE];
    tc_date_format(date, line->date);
    tc_decimal_format(amount, line->amount.nanos, 9, 2);
    out->used += (size_t)snprintf(out->text + out->used, out->size - out->used, "%s %x %s\n", date, line->covers, amount);
    return TC_OK;
}

enum { B = 1 << TC_BROKERAGE, S = 1 << TC_TRANSACTION_TAX };
static const struct { const char *name, *text, *lines; } bills[] = {
    {"list", "date,charge,amount\n2026-04-01,brokerage,20\n01-04-2026,STT,\"1,000.50\"\n2026-04-01,Total,99\n2026-04-01,CGST (9%),(1.80)\n2026-04-02,ipft,-\n",
     "2026-04-01 1 20.00\n2026-04-01 2 1000.50\n2026-04-01 80 1.80\n"},
    {"unknown charge", "date,charge,amount\n2026-04-01,tea,20\n", "unknown word charge 1"},
    {"bad amount", "date,charge,amount\n2026-04-01,stt,x\n", "bad number amount 1"},
    {"bad date", "date,charge,amount\n4/1/2026,stt,5\n", "bad date date 1"},
    {"our note",
     "date,client,broker,exchange,segment,fills,orders,turnover,brokerage,transaction_tax,exchange_charge,clearing_charge,sebi_fee,ipft,stamp_duty,gst,other,note_total,dp_charge,total,net_amount\n"
     "2026-04-01,,zerodha,NSE,equity,1,1,1000,0.123456789,1,,0,0,0,0,0,0,1,0,1,999\n",
     "2026-04-01 1 0.123456789\n2026-04-01 2 1.00\n2026-04-01 8 0.00\n2026-04-01 10 0.00\n2026-04-01 20 0.00\n"
     "2026-04-01 40 0.00\n2026-04-01 80 0.00\n2026-04-01 100 0.00\n2026-04-01 200 0.00\n"},
    {"Angel, with the brokerage lines",
     "Scrip/Contract,Buy/Sell,Buy Price,Sell Price,Quantity,Brokerage,Order Type,Segment,Exchange,Order ID,Trade ID,Date\n"
     "OPTIDX NIFTY Aug 25 2026 24150.00 PE (BT),Buy,17.65,,65,0,Intraday,FUTURES,NSE,1,8000001,2026-08-25\n"
     "OPTIDX NIFTY Aug 25 2026 24150.00 PE (BT),Buy,0,,0,20,Intraday,FUTURES,NSE,1,,2026-08-25\n",
     "2026-08-25 1 0.00\n2026-08-25 1 20.00\n"},
    {"XML note",
     "<?xml version=\"1.0\"?>\n<contract_note version=\"0.1\"><contracts><contract><id>C</id><timestamp>2023-06-30</timestamp>"
     "<trades><trade segment_id=\"NSE-EQ \"><timestamp>10:00:00</timestamp><value>-57600.00</value></trade></trades>"
     "<subtotals><charges><charge><name>Brokerage</name><value>9</value></charge></charges></subtotals>"
     "<grandtotals><grandtotal><name>Pay In / Pay Out Obligation</name><value>57600.00</value></grandtotal>"
     "<grandtotal><name>Brokerage</name><value>0.01</value></grandtotal>"
     "<grandtotal><name>Integrated GST</name><value>-0.36</value></grandtotal>"
     "<grandtotal><name>New Levy</name><value>1</value></grandtotal></grandtotals></contract></contracts></contract_note>",
     "2023-06-30 1 0.01\n2023-06-30 80 0.36\n2023-06-30 100 1.00\n"},
    {"XML with entities", "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "bad format  0"},
    {"XML cut short", "<contract_note><contracts>", "bad format  0"},
    {"XML without charges", "<contract_note/>", "bad format  0"},
    {"no charges", "date,exchange,symbol,side,quantity,price\n2026-04-01,NSE,A,buy,1,1\n", "bad format  0"},
};

static void test_bills(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bills); i++) {
        char text[4096] = "";
        bill_text out = {text, 0, sizeof text};
        tc_error error = {0};
        const char *path = write_file(bills[i].text, strlen(bills[i].text));
        tc_status status = tc_bill_read(path, add_line, &out, &error);
        if (status != TC_OK)
            snprintf(text, sizeof text, "%s %s %u", tc_status_code(status), error.field, (unsigned)error.row);
        unlink(path);
        compare(bills[i].name, text, bills[i].lines);
    }
}

/* --- instruments --- */

static void test_instruments(void **state)
{
    (void)state;
    const char *text =
        "instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange\n"
        "1,1,CENTRALBK-BE,CENTRAL BANK,0.0,,0.0,0.05,1,EQ,NSE,NSE\n"
        "2,2,BAJAJ-AUTO,BAJAJ AUTO,0.0,,0.0,0.5,1,EQ,NSE,NSE\n"
        "3,3,ABC-BE,ABC,0.0,,0.0,0.05,1,EQ,NSE,NSE\n4,4,ABC,ABC,0.0,,0.0,0.01,1,EQ,NSE,NSE\n"
        "5,5,NIFTY25NOV24000CE,NIFTY,0.0,2025-11-25,24000.0,0.05,75,CE,NFO-OPT,NFO\n"
        "6,6,SGBAUG28V-GB,GOLD BOND,0.0,,0.0,0.01,1,EQ,NSE,NSE\n";
    tc_instruments *list;
    const char *path = write_file(text, strlen(text));
    assert_int_equal(tc_instruments_open(&list, NULL, path), TC_OK);
    unlink(path);
    static const struct { const char *exchange, *symbol, *series, *tick, *instrument; } wanted[] = {
        {"NSE", "CENTRALBK", "BE", "0.05", ""}, {"nse", "centralbk-be", "BE", "0.05", ""}, {"NSE", "BAJAJ-AUTO", "EQ", "0.5", ""},
        {"NSE", "ABC", "EQ", "0.01", ""}, {"NFO", "NIFTY25NOV24000CE", "", "0.05", "option"},
        {"NSE", "NIFTY25NOV24000CE", "", "0.05", "option"}, {"NSE", "SGBAUG28V", "GB", "0.01", "sgb"},
    };
    for (size_t i = 0; i < COUNT(wanted); i++) {
        const tc_instrument *found = tc_instruments_find(list, (tc_text){wanted[i].exchange, strlen(wanted[i].exchange)},
                                                         (tc_text){wanted[i].symbol, strlen(wanted[i].symbol)});
        assert_non_null(found);
        assert_int_equal(found->series.size, strlen(wanted[i].series));
        assert_memory_equal(found->tick.data, wanted[i].tick, strlen(wanted[i].tick));
        assert_int_equal(found->instrument.size, strlen(wanted[i].instrument));
    }
    assert_null(tc_instruments_find(list, (tc_text){"BSE", 3}, (tc_text){"ABC", 3}));
    assert_null(tc_instruments_find(list, (tc_text){"NSE", 3}, (tc_text){NULL, 0}));
    tc_request request = {0};
    request.field[TC_F_EXCHANGE] = (tc_text){"NFO", 3};
    request.field[TC_F_SYMBOL] = (tc_text){"NIFTY25NOV24000CE", 17};
    request.field[TC_F_LOT_SIZE] = (tc_text){"50", 2};
    assert_non_null(tc_instruments_fill(list, &request));
    assert_memory_equal(request.field[TC_F_EXPIRY].data, "2025-11-25", 10);
    assert_memory_equal(request.field[TC_F_LOT_SIZE].data, "50", 2);
    assert_memory_equal(request.field[TC_F_UNDERLYING].data, "NIFTY", 5);
    tc_instruments_close(list);
}

static void test_instruments_many(void **state)
{
    (void)state;
    FILE *file = tmpfile();
    char path[64], symbol[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fileno(file));
    fputs("symbol,exchange,instrument,class,lot_size,tick,isin,series\n", file);
    for (int i = 0; i < 20000; i++) fprintf(file, "S%d,NSE,etf,gold,1,0.01,INF%d,EQ\n", i, i);
    fflush(file);
    tc_instruments *list;
    assert_int_equal(tc_instruments_open(&list, NULL, path), TC_OK);
    assert_int_equal(tc_instruments_count(list), 20000);
    for (int i = 0; i < 20000; i++) {
        int size = snprintf(symbol, sizeof symbol, "S%d", i);
        assert_non_null(tc_instruments_find(list, (tc_text){"NSE", 3}, (tc_text){symbol, (size_t)size}));
    }
    tc_instruments_close(list);
    fclose(file);
    static const struct { const char *text; tc_status status; } bad[] = {
        {"", TC_BAD_FORMAT}, {"a,b\n1,2\n", TC_BAD_FORMAT}, {"symbol,exchange\n,NSE\n", TC_BAD_ROW}, {"symbol,exchange\n\"x\n", TC_BAD_ROW},
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        tc_error error;
        const char *name = write_file(bad[i].text, strlen(bad[i].text));
        assert_int_equal(tc_instruments_open(&list, &error, name), bad[i].status);
        unlink(name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files), cmocka_unit_test(test_workbooks),   cmocka_unit_test(test_piped),
        cmocka_unit_test(test_given), cmocka_unit_test(test_bills),       cmocka_unit_test(test_instruments),
        cmocka_unit_test(test_instruments_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
