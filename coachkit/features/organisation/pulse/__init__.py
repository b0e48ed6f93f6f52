"""The pulse of the business: eight sentences without names, before and after."""
