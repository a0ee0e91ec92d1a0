/* The commands: a row each is dispatch, --help, manual page and completion. */
#include "mode.h"


#define COMMON (OPTION_BIT(OPT_OUTPUT) | OPTION_BIT(OPT_QUIET) | OPTION_BIT(OPT_HELP))
#define ROWS (COMMON | OPTION_BIT(OPT_FORMAT) | OPTION_BIT(OPT_TARIFFS))
#define PRICING (ROWS | OPTION_BIT(OPT_DP) | OPTION_BIT(OPT_BROKERAGE) | OPTION_BIT(OPT_INSTRUMENTS))
#define LEVELS (OPTION_BIT(OPT_LEVEL) | OPTION_BIT(OPT_NOTE))
#define ANY_NUMBER 10000

#define ORDER_EXAMPLE \
    "--broker zerodha --exchange NSE --product intraday --side sell \\\n" \
    "      --quantity 100 --price 2505.05 --date 2026-04-02"

const command commands[] = {
    {.name = "quote", .operands = "", .fields = ORDER_FIELDS, .options = PRICING | LEVELS,
     .levels = "exact api note",
     .summary = "what one order costs",
     .about = "Prices one order, line by line, by the tariff of its own day. As csv it is one row of\n"
              "amounts; as json it has every line with its rule and source too.",
     .examples = "  tradecost quote " ORDER_EXAMPLE " --format csv\n"
                 "      broker,plan,date,exchange,...,turnover,brokerage,transaction_tax,...,total,flags\n"
                 "      zerodha,standard,2026-04-02,NSE,...,250505,20,62.62625,...,95.59664003,assumed-state\n"
                 "  tradecost quote --broker upstox --exchange NFO --option-type CE --underlying NIFTY \\\n"
                 "      --side buy --quantity 75 --price 102.5 --date 2026-04-02 --note --format json\n"
                 "      {\"request\": {...}, \"resolved\": {...}, \"charges\": {\"turnover\": \"7687.50\", ...},\n"
                 "       \"lines\": [{\"charge\": \"brokerage\", ...}, ...], \"flags\": [...], \"book\": {...}}\n",
     .run = run_quote},
    {.name = "price", .operands = "FILE...", .operands_min = 1, .operands_max = ANY_NUMBER,
     .fields = ORDER_FIELDS,
     .options = PRICING | LEVELS | OPTION_BIT(OPT_ORDERS) | OPTION_BIT(OPT_DELIVERY_QUANTITY),
     .levels = "exact note",
     .summary = "what every fill of a tradebook costs",
     .about = "Reads tradebooks (canonical csv or a broker's export; - is standard input) and writes every\n"
              "row back with its amounts: N rows in, N rows out, in the order of the input. What belongs to\n"
              "a whole day (order caps, STT, DP) is worked out over the day, then spread over its fills.\n"
              "Options such as --broker or --product stand in for columns that the file does not have.",
     .examples = "  tradecost price trades.csv --broker zerodha --level note\n"
                 "      symbol,side,quantity,price,...,date,exchange,segment,instrument,product,plan,\n"
                 "      turnover,brokerage,...,note_total,dp_charge,total,flags,error\n"
                 "  zcat 2026.csv.gz | tradecost price - --broker groww --format ndjson\n",
     .run = run_price},
    {.name = "note", .operands = "FILE...", .operands_min = 1, .operands_max = ANY_NUMBER,
     .fields = ORDER_FIELDS, .options = PRICING | OPTION_BIT(OPT_ORDERS) | OPTION_BIT(OPT_BY),
     .summary = "contract notes of a tradebook, or its costs by another key",
     .about = "Prices tradebooks as the broker's contract notes do, rounding included, and adds the fills\n"
              "up: a row a day, client, broker, exchange and segment, or by the key that --by names.\n"
              "net_amount is what the client receives: sells - buys - note_total.",
     .examples = "  tradecost note trades.csv --broker zerodha\n"
                 "      date,client,broker,exchange,segment,fills,orders,turnover,brokerage,...,total,net_amount\n"
                 "  tradecost note trades.csv --broker zerodha --by charge\n"
                 "      charge,amount\n      brokerage,1240.00\n      transaction_tax,3318.00\n      ...\n",
     .run = run_note},
    {.name = "explain", .operands = "", .fields = ORDER_FIELDS, .options = PRICING | LEVELS,
     .levels = "exact api note",
     .summary = "where each line of a quote comes from",
     .about = "Takes the options of quote. For each line: the formula of its rule, what went in, how it was\n"
              "rounded, since when the rule holds and which circular or page says so.",
     .examples = "  tradecost explain " ORDER_EXAMPLE "\n"
                 "      transaction_tax 62.62625\n        0.025% of turnover\n        250505 x 0.00025\n"
                 "        rule  law/stt/... since 2004-10-01\n        ...\n"
                 "  tradecost explain " ORDER_EXAMPLE " --format csv\n",
     .run = run_explain},
    {.name = "compare", .operands = "[FILE...]", .operands_max = ANY_NUMBER, .fields = ORDER_FIELDS,
     .options = PRICING | LEVELS | OPTION_BIT(OPT_ORDERS) | OPTION_BIT(OPT_ALL_PLANS),
     .levels = "exact api note",
     .summary = "the same trades at every broker and plan",
     .about = "Prices one order (the options of quote), or all fills of tradebooks, at every plan that takes\n"
              "new clients that day. By total, then broker and plan; plans without a tariff for such trades\n"
              "come last, with the reason. fixed_fee is what the plan costs anyway; it is not in the total.",
     .examples = "  tradecost compare --exchange NSE --product delivery --side buy --quantity 10 --price 1500\n"
                 "      broker,plan,turnover,brokerage,...,total,fixed_fee,flags,error\n"
                 "      dhan,standard,15000,0,...,17.8132,,disputed assumed-state,\n"
                 "  tradecost compare trades.csv --level note --format csv\n",
     .run = run_compare},
    {.name = "breakeven", .operands = "", .fields = ORDER_FIELDS,
     .options = PRICING | LEVELS | OPTION_BIT(OPT_TICK) | OPTION_BIT(OPT_TARGET), .levels = "note exact api",
     .summary = "the price at which a position pays for its own costs",
     .about = "The options of quote describe the entry. Answers the lowest tick at which, after all charges\n"
              "of entry and exit, --target is left there and at every higher tick up to twice that price\n"
              "(charges rounded to the rupee make the way there uneven); for a sale, the mirror image.",
     .examples = "  tradecost breakeven " ORDER_EXAMPLE " --format csv\n"
                 "      broker,...,quantity,entry,breakeven,tick,ticks,target,charges,net,flags\n"
                 "      zerodha,...,100,2505.05,2503.6,0.1,15,0,136.94,8.06,assumed-state\n"
                 "  tradecost breakeven --broker groww --exchange NSE --product delivery --side buy \\\n"
                 "      --quantity 10 --price 1500 --target 100\n",
     .run = run_breakeven},
    {.name = "reconcile", .operands = "FILE BILL", .operands_min = 2, .operands_max = 2,
     .fields = ORDER_FIELDS, .options = PRICING | OPTION_BIT(OPT_ORDERS),
     .summary = "our note against the broker's bill, every difference named",
     .about = "FILE is a tradebook; BILL what was charged for it: our own note csv, an export with charges,\n"
              "Zerodha's XML note, Dhan's transaction report, or date,charge,amount. difference is theirs -\n"
              "ours, and the amounts of its classes (rate base rounding plan product missing unexplained)\n"
              "add up to it. Exit status 1 if anything stays unexplained.",
     .examples = "  tradecost reconcile trades.csv bill.csv --broker zerodha\n"
                 "      date,charge,ours,theirs,difference,class,amount,explanation\n"
                 "  tradecost reconcile tradebook.csv note.xml --broker zerodha --state MH\n",
     .run = run_reconcile},
    {.name = "tariff list", .operands = "", .fields = FIELD_BIT(TC_F_DATE) | FIELD_BIT(TC_F_BROKER),
     .options = ROWS,
     .summary = "every rule of the book",
     .about = "One row a rule: what it charges, for whom, from when, by which source. --date keeps what is in\n"
              "force that day, --broker what that broker's clients see.",
     .examples = "  tradecost tariff list --format csv\n  tradecost tariff list --broker zerodha --date 2026-04-02\n",
     .run = run_tariff_list},
    {.name = "tariff show", .operands = "CHARGE|BROKER", .operands_min = 1, .operands_max = 1,
     .fields = FIELD_BIT(TC_F_DATE) | FIELD_BIT(TC_F_BROKER), .options = ROWS,
     .summary = "the rules of a charge or a broker on a day",
     .about = "The rules in force on --date (today, if not given), with formula and source.",
     .examples = "  tradecost tariff show transaction_tax --date 2024-09-30\n  tradecost tariff show zerodha\n",
     .run = run_tariff_show},
    {.name = "tariff check", .operands = "[DIR]", .operands_max = 1, .options = ROWS,
     .summary = "whether tariff files can be used",
     .about = "Reads every tariff file under DIR (else --tariffs, else TRADECOST_TARIFFS) on top of the book\n"
              "built in, and reports each problem as file:line:column. Exit status 3 if there is any.",
     .examples = "  tradecost tariff check my-tariffs\n      my-tariffs/desk.yaml:12:7: unknown key \"amout\"\n",
     .run = run_tariff_check},
    {.name = "tariff diff", .operands = "D1 D2", .operands_min = 2, .operands_max = 2,
     .fields = FIELD_BIT(TC_F_BROKER), .options = ROWS,
     .summary = "what changed between two days",
     .about = "The rules in force on D1 and not on D2, and the other way round; a rule whose next step took\n"
              "over stands in one row with both formulas.",
     .examples = "  tradecost tariff diff 2024-09-30 2024-10-01\n"
                 "  tradecost tariff diff 2025-01-01 2026-01-01 --broker zerodha --format csv\n",
     .run = run_tariff_diff},
    {.name = "tariff impact", .operands = "FILE...", .operands_min = 1, .operands_max = ANY_NUMBER,
     .fields = ORDER_FIELDS,
     .options = PRICING | LEVELS | OPTION_BIT(OPT_ORDERS) | OPTION_BIT(OPT_FROM) | OPTION_BIT(OPT_TO),
     .levels = "exact note",
     .summary = "what a change of tariff does to your own trades",
     .about = "Prices the same trades as if all were done on --from, and again as on --to, and sets the sums of\n"
              "each charge side by side.",
     .examples = "  tradecost tariff impact trades.csv --broker zerodha --from 2024-09-30 --to 2024-10-01\n"
                 "      charge,before,after,difference\n",
     .run = run_tariff_impact},
    {.name = "brokers", .operands = "", .fields = FIELD_BIT(TC_F_DATE) | FIELD_BIT(TC_F_BROKER),
     .options = ROWS,
     .summary = "brokers, their plans, and what the book knows of them",
     .about = "One row a plan: its dates, whether new clients get it on --date (today, if not given), the segments\n"
              "it has a tariff for that day, the charges that are unknown there, and its fixed fees.",
     .examples = "  tradecost brokers --broker upstox --format csv\n"
                 "      broker,name,plan,default,open,from,until,coverage,unknown,fixed_fee,aliases\n"
                 "  tradecost brokers --date 2020-01-01 --format csv\n",
     .run = run_brokers},
    {.name = "model list", .operands = "", .options = ROWS,
     .summary = "the models of implicit costs",
     .about = "One row a model: what it estimates, its version, what it needs, which other costs its answer holds already,\n"
              "where it comes from.",
     .examples = "  tradecost model list --format csv\n      model,kind,version,inputs,contains,summary,source\n",
     .run = run_model_list},
    {.name = "model show", .operands = "NAME", .operands_min = 1, .operands_max = 1, .options = ROWS,
     .summary = "the inputs and steps of a model",
     .about = "One row an input: its key, unit, what it stands for, the value it has if none is given, and the\n"
              "domain outside of which the model refuses; then its intermediate results.",
     .examples = "  tradecost model show square-root\n      part,key,unit,role,standard,standard_error,domain,words,meaning\n",
     .run = run_model_show},
    {.name = "model eval", .operands = "NAME KEY=VALUE...", .operands_min = 1, .operands_max = 1 + TC_INPUTS_MAX,
     .options = ROWS,
     .summary = "one model on given inputs",
     .about = "Takes the keys of model show; a time is hh:mm, a word one of those listed there. Prints every input with\n"
              "its unit, each intermediate, and the cost: in rupees a share, in basis points of the price and in rupees\n"
              "of the order. se is the error of the expected cost, from the parameters; sd the dispersion of the\n"
              "outcome; empty: not known. calibration says how far the parameters are known to hold: uncalibrated\n"
              "until they are fitted, with published errors where the model's source prints them.",
     .examples = "  tradecost model eval square-root q=50000 v=1000000 sigma=0.02 y=1 delta=0.5 price=100\n"
                 "      part,name,value,unit\n"
                 "  tradecost model eval square-root q=50000 v=1e6 sigma=0.02 --format json\n"
                 "      {\"model\": ..., \"version\": 1, \"inputs\": {...}, \"steps\": {...}, \"result\": {...}, \"se\": null, \"sd\": null,\n"
                 "       \"calibration\": \"uncalibrated\"}\n",
     .run = run_model_eval},
    {.name = "market import", .operands = "FILE...", .operands_min = 1, .operands_max = ANY_NUMBER,
     .fields = FIELD_BIT(TC_F_EXCHANGE) | FIELD_BIT(TC_F_SYMBOL) | FIELD_BIT(TC_F_SERIES) | FIELD_BIT(TC_F_DATE),
     .options = ROWS | OPTION_BIT(OPT_STORE) | OPTION_BIT(OPT_BAR_TIME),
     .summary = "market data into the store",
     .about = "Reads files of exchanges and vendors, packed by gzip or ZIP or not; what a file is, its header tells:\n"
              "bhavcopy of NSE and BSE (UDiFF, sec_bhavdata_full, legacy), deliveries (MTO), CMVOLT, bars of minutes,\n"
              "quotes, trades, Kite's instruments, and plain daily bars. --exchange (else NSE), --symbol, --series and\n"
              "--date stand in for what a file does not say. A file is taken as a whole or not at all; what is in the\n"
              "store already changes nothing. Refused rows are named, the rest is kept, and the exit status is 1.",
     .examples = "  tradecost market import BhavCopy_NSE_CM_0_0_0_20240701_F_0000.csv.zip\n"
                 "      file,format,first,last,rows,new,changed,same,refused,bars,remark\n"
                 "  tradecost market import minutes.csv --bar-time end --store desk.db\n",
     .run = run_market_import},
    {.name = "market show", .operands = "[SYMBOL]", .operands_max = 1,
     .fields = FIELD_BIT(TC_F_EXCHANGE) | FIELD_BIT(TC_F_SERIES) | FIELD_BIT(TC_F_ISIN),
     .options = ROWS | MODE_OPTIONS | OPTION_BIT(OPT_SHORT_SESSIONS),
     .summary = "the conditions of a market at a moment",
     .about = "Everything the store knew of a security at --at (else the end of what there is), and nothing later:\n"
              "one row a field, with its unit and the window it is taken over. Empty: not known. Average volume and\n"
              "volatility are of the 20 full sessions before the day; --short-sessions counts the short ones too.\n"
              "--mode and --provider ask somebody else than the store, as tradecost market providers lists them.",
     .examples = "  tradecost market show INFY --at 2024-08-01T10:30 --store desk.db\n      field,value,unit,window,meaning\n"
                 "  tradecost market show INFY --exchange NSE --mode simulation --seed 7 --at 2026-04-02T10:30\n"
                 "  tradecost market show INFY --exchange NSE --provider kite\n",
     .run = run_market_show},
    {.name = "market list", .operands = "[SYMBOL...]", .operands_max = ANY_NUMBER, .options = ROWS | OPTION_BIT(OPT_STORE),
     .summary = "what is in the store",
     .about = "One row a name: how many days, bars, quotes and trades, and from when to when.",
     .examples = "  tradecost market list --store desk.db --format csv\n"
                 "      exchange,symbol,series,days,bars,quotes,trades,first,last\n",
     .run = run_market_list},
    {.name = "market providers", .operands = "", .options = ROWS,
     .summary = "who can tell the market's conditions",
     .about = "One row a provider: what WHERE means in --provider NAME=WHERE, with what it is if left out, and\n"
              "the variables of the environment that it takes secrets from. Those that need a library of their\n"
              "own are modules, tradecost-NAME.so, and listed if they are installed.",
     .examples = "  tradecost market providers\n      provider,summary,where,secrets\n",
     .run = run_market_providers},
    {.name = "estimate", .operands = "[FILE...]", .operands_max = ANY_NUMBER, .fields = ORDER_FIELDS, .market = true,
     .options = PRICING | LEVELS | MODE_OPTIONS | OPTION_BIT(OPT_BIDS) | OPTION_BIT(OPT_ASKS) | OPTION_BIT(OPT_DURATION) |
                OPTION_BIT(OPT_POV) | OPTION_BIT(OPT_DELAY) | OPTION_BIT(OPT_SPREAD_MODEL) | OPTION_BIT(OPT_SLIPPAGE_MODEL) |
                OPTION_BIT(OPT_IMPACT_MODEL) | OPTION_BIT(OPT_TIMING_MODEL) | OPTION_BIT(OPT_SET) | OPTION_BIT(OPT_PARAMETERS) |
                OPTION_BIT(OPT_CHARGES_AT) | OPTION_BIT(OPT_CORRELATION),
     .levels = "exact api note",
     .summary = "what an order will cost all in, with error bars",
     .about = "Before the trade: explicit charges, spread, slippage, impact and delay of one order, or of each row of\n"
              "baskets, and how sure that is. se is the error of the expected cost, from the parameters' covariance; sd\n"
              "the dispersion of the outcome; both in basis points of the value at arrival. The market comes from options\n"
              "such as --bid, from the store (--store, --at), from a provider or a simulation; options stand before those.\n"
              "Without --price the arrival price is the mid. Without --duration or --pov the order is sent at once.\n"
              "A relative spread that nobody quotes or gives is estimated only where --spread-model names\n"
              "quoted-or-edge or estimated-spread: EDGE over the 60 full sessions before the day, of the store.",
     .examples = "  tradecost estimate --broker zerodha --exchange NSE --product delivery --side buy --quantity 1000 \\\n"
                 "      --date 2026-04-02 --bid 99.95 --ask 100.05 --adv 1e6 --volatility 0.02 --duration 0.5d\n"
                 "  tradecost estimate basket.csv --broker zerodha --store market.db --pov 0.1 --format json\n"
                 "      {\"orders\": [{\"request\": ..., \"components\": {...}, \"expected\": {...}, \"se\": null, \"sd\": 81.6}, ...],\n"
                 "       \"total\": {...}}\n",
     .run = run_estimate},
    {.name = "spread", .operands = "[FILE]", .operands_max = 1, .fields = FIELD_BIT(TC_F_SYMBOL),
     .options = COMMON | OPTION_BIT(OPT_FORMAT) | OPTION_BIT(OPT_ESTIMATOR) | OPTION_BIT(OPT_WINDOW) | OPTION_BIT(OPT_SIGNED) |
                OPTION_BIT(OPT_QUOTES) | OPTION_BIT(OPT_TRADES) | OPTION_BIT(OPT_LAG) | OPTION_BIT(OPT_REALISED_AFTER),
     .summary = "the bid-ask spread, from bars or from quotes and trades",
     .about = "Reads the columns open, high, low and close of FILE (any case, other columns are left alone; gz too; - is\n"
              "standard input) and prints a fraction, 0.01 = 1 %: one row for the file, or with --window one row for each\n"
              "bar, of the window that ends with it, empty where it has no spread. Cells that are empty, NA or NaN are\n"
              "missing. Rows that cannot be are named, counted and taken for missing.\n"
              "With --quotes and --trades instead: the means over all trades of quoted, effective and realised spread and\n"
              "price impact, in rupees and as fractions of the mid, each trade's side told by the rule of Lee and Ready.\n"
              "matched: trades that met a quote; followed: those whose later mid is known, too.",
     .examples = "  tradecost spread bars.csv --estimator edge\n      estimator,bars,spread\n"
                 "  tradecost spread bars.csv --estimator roll --window 21 --signed\n      row,date,spread\n"
                 "  tradecost spread --quotes quotes.csv --trades trades.csv --lag 0s --realised-after 5m\n"
                 "      trades,matched,followed,lag_seconds,realised_after_seconds,midpoint,direction,quoted_spread,...\n",
     .run = run_spread},
    {.name = "tca", .operands = "FILLS...", .operands_min = 1, .operands_max = ANY_NUMBER, .fields = ORDER_FIELDS, .formats = "html",
     .options = PRICING | OPTION_BIT(OPT_TCA_ORDERS) | OPTION_BIT(OPT_TCA_BY) | OPTION_BIT(OPT_BARS) | OPTION_BIT(OPT_QUOTES) |
                OPTION_BIT(OPT_TRADES) | OPTION_BIT(OPT_STORE) | OPTION_BIT(OPT_BAR_TIME) | OPTION_BIT(OPT_EXCLUDE_OWN) | OPTION_BIT(OPT_LAGS) |
                OPTION_BIT(OPT_PWP) | OPTION_BIT(OPT_IMPACT) | OPTION_BIT(OPT_IMPACT_LAG) | OPTION_BIT(OPT_QUOTE_LAG) |
                OPTION_BIT(OPT_IMPACT_MODEL) | OPTION_BIT(OPT_PARAMETERS),
     .summary = "what orders did cost, against the market around them",
     .about = "Reads tradebooks and, with --orders, what was decided: order_id,time,decision_time,decision_price,side,\n"
              "symbol,exchange,quantity,end_time. For each order: its average against benchmarks, the shortfall in\n"
              "parts (delay, spread, impact, timing, opportunity) that add up with every charge of the note to the\n"
              "total, mark-outs, and what a model expected. Costs above 0 hurt. The market comes from --bars, --quotes,\n"
              "--trades or --store; what it does not tell is empty, and said in the column missing.",
     .examples = "  tradecost tca fills.csv --orders orders.csv --quotes quotes.csv --trades trades.csv --broker zerodha\n"
                 "      order_id,date,...,delay,spread,impact,timing,unsplit,opportunity,brokerage,...,total,...,error\n"
                 "  tradecost tca fills.csv --broker zerodha --bars bhavcopy.csv --by symbol,side\n"
                 "  tradecost tca fills.csv --broker zerodha --store market.db --format html --output report.html\n",
     .run = run_tca},
    {.name = "schedule", .operands = "", .fields = ORDER_FIELDS, .market = true, .formats = "html svg",
     .options = PRICING | MODE_OPTIONS | OPTION_BIT(OPT_BIDS) | OPTION_BIT(OPT_ASKS) | OPTION_BIT(OPT_DURATION) | OPTION_BIT(OPT_POV) |
                OPTION_BIT(OPT_STRATEGY) | OPTION_BIT(OPT_SLICES) | OPTION_BIT(OPT_LAMBDA) | OPTION_BIT(OPT_SIGMA) |
                OPTION_BIT(OPT_GAMMA) | OPTION_BIT(OPT_ETA) | OPTION_BIT(OPT_EPSILON) | OPTION_BIT(OPT_ALPHA) |
                OPTION_BIT(OPT_EXPONENT) | OPTION_BIT(OPT_KAPPA) | OPTION_BIT(OPT_RHO) | OPTION_BIT(OPT_DECAY) |
                OPTION_BIT(OPT_FRONTIER) | OPTION_BIT(OPT_STEP) | OPTION_BIT(OPT_CURVE) | OPTION_BIT(OPT_BASKET) | OPTION_BIT(OPT_COVARIANCE),
     .summary = "how an order is best spread over time, and what that costs",
     .about = "Splits an order into slices and says what each is expected to cost, charges included, and how far the price may\n"
              "wander meanwhile. almgren-chriss, obizhaeva-wang and propagator weigh cost against risk by --lambda; exact weighs\n"
              "the charges of every slice too (Rs 20 an order, lots, orders above the freeze quantity) and tries every schedule;\n"
              "twap, vwap and pov follow the clock or the market's volume, --pov being the most of it. --frontier prints cost and\n"
              "risk of the best schedule at many risk aversions. Units are rupees, shares and trading days. sd is Almgren and\n"
              "Chriss's, which depends on the number of slices; sd_even lets each go evenly over its time. Without --broker the\n"
              "charges stay empty.",
     .examples = "  tradecost schedule --broker zerodha --exchange NSE --product intraday --side sell --quantity 6000 --price 500 \\\n"
                 "      --date 2026-04-02 --volatility 0.02 --bid 499.95 --ask 500.05 --adv 1e6 --duration 2h --slices 12\n"
                 "      slice,start,end,quantity,holding,price,limit,expected_cost,orders,turnover,brokerage,...,total,flags\n"
                 "  tradecost schedule --side sell --quantity 1000000 --price 50 --duration 5d --slices 5 --sigma 0.95 --gamma 2.5e-7 \\\n"
                 "      --eta 2.5e-6 --epsilon 0.0625 --frontier 20\n"
                 "      lambda,kappa,expected_cost,sd,var95,sd_even,slices,charges,total\n",
     .run = run_schedule},
    {.name = "calibrate", .operands = "FILE", .operands_min = 1, .operands_max = 1, .formats = "html",
     .fields = FIELD_BIT(TC_F_SYMBOL), .options = ROWS | OPTION_BIT(OPT_MODEL) | OPTION_BIT(OPT_LOSS) | OPTION_BIT(OPT_FIX) | OPTION_BIT(OPT_START) |
                OPTION_BIT(OPT_BOOTSTRAP) | OPTION_BIT(OPT_BUCKETS) | OPTION_BIT(OPT_SEED) | OPTION_BIT(OPT_STORE) |
                OPTION_BIT(OPT_QUOTES) | OPTION_BIT(OPT_LAG) | OPTION_BIT(OPT_KERNEL_LAGS),
     .summary = "a model of impact fitted to executed orders",
     .about = "Reads orders, or fills that it adds up by order_id, with the conditions they met (columns adv, volatility,\n"
              "arrival_price, spread, or from --store), and fits the model's parameters: robustly, weighted by what\n"
              "chance does to each order, with errors by bootstrap of days and securities. What the data cannot tell is\n"
              "fixed, with the reason. Then it checks the fit: forecasts of later days against a constant and against\n"
              "the spread, shuffled sides, simulated costs. With --output the parameter file goes there (or the page, with\n"
              "--format html) and the report to standard output. The same file, options and seed: the same bytes.\n"
              "With --model propagator FILE has the market's trades and --quotes the quotes around them: what comes out is\n"
              "how trades move the mid, by lag, and how that fades (lag,sign_covariance,response,kernel).",
     .examples = "  tradecost calibrate orders.csv --model square-root --output fitted.json\n"
                 "  tradecost calibrate fills.csv --model almgren2005 --fix alpha=1,beta=0.6,delta=0.25 --store market.db\n"
                 "      parameter,unit,value,se,low,high,bias,note\n"
                 "  tradecost calibrate orders.csv --model square-root --buckets 4 --format html --output fit.html\n"
                 "  tradecost calibrate trades.csv --quotes quotes.csv --model propagator --lags 200 --output kernel.json\n",
     .run = run_calibrate},
    {.name = "version", .operands = "", .options = COMMON,
     .summary = "the version of the program and of its book",
     .about = "The program's version, and the digest of the book in force: the same book gives the same\n"
              "answers for ever.",
     .examples = "  tradecost version\n      tradecost " TRADECOST_VERSION "\n"
                 "      book 5dbe4b1c..., from 2004-01-01, 990 rules\n",
     .run = run_version},
    {.name = "help", .operands = "[COMMAND]", .operands_max = 2, .options = COMMON,
     .summary = "help on a command",
     .about = "The same as tradecost COMMAND --help.", .examples = "  tradecost help tariff diff\n",
     .run = run_help},
};

const size_t command_count = sizeof commands / sizeof *commands;
