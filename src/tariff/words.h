/* words.h - the closed word lists behind the selectors. */
#ifndef TC_TARIFF_WORDS_H
#define TC_TARIFF_WORDS_H

#include <stdbool.h>

#include "tradecost/trade.h"

bool tc_text_is(tc_text text, const char *word);  /* equal, any case */
bool tc_text_in(tc_text text, const char *words); /* one of lower-case, space-separated words */
uint8_t tc_word_count(tc_selector selector);      /* 0 included; 0 where the book has the words */

/* A kind is a (segment, instrument, class) that can exist; 0: none. */
uint8_t tc_kind_count(void);
uint8_t tc_kind_of(uint8_t segment, uint8_t instrument, uint8_t class_);
uint8_t tc_kind_word(uint8_t kind, tc_selector selector);

#endif
