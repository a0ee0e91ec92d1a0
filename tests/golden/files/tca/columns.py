"""columns.py NAME...: those columns of the csv on standard input, a row a line of name=value."""
import csv
import sys

for row in csv.DictReader(sys.stdin):
    print(row['order_id'] if 'order_id' in row else '-', *(f'{name}={row[name]}' for name in sys.argv[1:]))
