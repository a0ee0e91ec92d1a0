import csv
import sys
from collections import defaultdict
from decimal import Decimal

amounts, differences = defaultdict(Decimal), {}
for row in csv.DictReader(open(sys.argv[1], newline='')):
    amounts[row['date'], row['charge']] += Decimal(row['amount'])
    differences[row['date'], row['charge']] = Decimal(row['difference'])
print(amounts == differences, len(amounts))
