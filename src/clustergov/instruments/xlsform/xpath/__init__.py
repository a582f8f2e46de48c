"""XLSForm expressions and the routing language, one translated into the other with the same meaning.

Reading: `syntax` makes a tree and evaluates it, `reading` makes a condition of it (with `answers`, what the rows of the
form hold; `values`, parts about one answer; `divisors`). Writing stands in `writing` and needs none of these.
"""
