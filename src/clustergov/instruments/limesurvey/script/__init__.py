"""LimeSurvey's ExpressionScript and the routing language, one translated into the other with the same meaning.

Reading begins in `relevance`: `grammar` makes a tree, `reading` (with `operands`, `comparison` and `numbers`) a `meaning`
of it, and `translation` says that in the routing language. Writing begins in `conditions`: `writing` joins what
`answer_tests` says of single answers, with `literals` and `brackets`.
"""
