#!/bin/sh
# run.sh [TRADECOST]: what the program makes of examples/tradebook.csv, two years of a small trader's trades, and of
# examples/market.csv, NSE's daily bars of seven shares.
set -eu
tradecost=$(realpath "${1:-build/run/tradecost}")
cd "$(dirname "$0")/.."
book=examples/tradebook.csv
bold='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$(printf '\033[1m') plain=$(printf '\033[0m'); fi

title() {
    printf '\n%s%s%s\n\n' "$bold" "$1" "$plain"
}

# columns NAMES ROWS TEXTS: those columns of a csv, its first rows, the first columns as text.
columns() {
    awk -F, -v names="$1" -v rows="$2" '
        NR == 1 { n = split(names, want, " "); for (i = 1; i <= NF; i++) at[$i] = i }
        NR <= rows + 1 {
            for (i = 1; i <= n; i++) printf((i > texts ? "%16s" : "%-14s"), $at[want[i]])
            print ""
        }' texts="$3" -
}

title "$(($(wc -l <$book) - 1)) fills of two clients, $(cut -d, -f3 $book | sed -n '2s/T.*//p') to $(tail -1 $book | cut -d, -f3 | sed 's/T.*//'): what the contract notes charge"
"$tradecost" note $book --by charge --format table

title 'The same by month'
"$tradecost" note $book --by month --format csv |
    columns 'month fills turnover brokerage transaction_tax note_total dp_charge total' 100 1

title "Shares and ETFs of 2026, had they been traded elsewhere (the first eight; tradecost compare has them all)"
awk -F, 'NR == 1 || /,[NB]SE,/ && $3 ~ /^2026/' $book | "$tradecost" compare - --level note --format csv |
    columns 'broker plan brokerage transaction_tax dp_charge total' 8 2

title 'One order, explained: sell 100 shares at Rs 2505.05 on 2026-04-02, intraday'
"$tradecost" explain --broker zerodha --exchange NSE --product intraday --side sell \
    --quantity 100 --price 2505.05 --date 2026-04-02 --state MH --format table

store=$(mktemp -d)/market.db
trap 'rm -r "$(dirname "$store")"' EXIT
title "Beyond the charges: $(($(wc -l <examples/market.csv) - 1)) daily bars of NSE go into a store of market data"
"$tradecost" market import examples/market.csv --store "$store" --format table

order='--broker zerodha --exchange NSE --symbol INFY --product delivery --side buy --quantity 20000 --state MH'
moment='--date 2025-06-06 --at 2025-06-06T11:00:00 --bid 1555.10 --ask 1555.30'
title 'One order before it is sent: buy 20,000 INFY within two hours on 2025-06-06, all in'
"$tradecost" estimate $order $moment --store "$store" --duration 2h --quiet --format table

title 'The same order slower or faster: expected cost against risk (rupees; charges apart)'
"$tradecost" schedule $order $moment --store "$store" --duration 2h --slices 8 --frontier 8 --quiet --format table

title 'The shares traded until then, afterwards: where the money went (rupees)'
awk -F, 'NR == 1 || /,NSE,/ && $3 < "2025-06-07" && $11 == ""' $book |
    "$tradecost" tca - --store "$store" --by symbol --quiet --format table

printf '\n%sNext:%s %s --help\n' "$bold" "$plain" "${tradecost#"$PWD"/}"
